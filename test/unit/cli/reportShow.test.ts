import assert from 'node:assert/strict';
import { PLAIN, reportSheet, sheetPage, sheetText } from '@tracecal/cli';
import { SHOWN_RESULTS, shownReport } from '../../support/shownReport.js';
import { WIDE } from '../../support/wide.js';

const terminal = (more: Parameters<typeof shownReport>[0] = {}) => sheetText(reportSheet(shownReport(more)), WIDE);
const page = (more: Parameters<typeof shownReport>[0] = {}) => sheetPage(reportSheet(shownReport(more)), 'From here.');

describe('A report on a terminal', () => {
  it('says everything that a certificate says about itself', () => {
    const text = terminal();
    for (const line of [
      'Calibration report ALPHA-T-2026-0412',
      'Alpha Calibration Laboratory, DE',
      '  serial number   0815',
      '  owner           Sensor Works A, DE (oem-a)',
      '  performed       2026-03-01 to 2026-03-02',
      '  recalibration   by 2027-03-02, as the certificate says',
      '  place           on site, outside the laboratory',
      '  technician      lab-alpha/t-17',
      '  methods         DKD-R 5-1',
      '  accreditation   claimed: DAkkS, D-K-15070-01-00',
      '  amends          lab-alpha/ALPHA-T-2026-0400',
      '  accepted by     oem-a, 2026-03-06T08:00:00Z',
      '  standard        lab-alpha/pt25',
    ]) {
      assert.ok(text.split('\n').includes(line), line);
    }
    assert.match(text, /adjusted or repaired/);
    assert.match(text, /not kept in this data directory/);
  });

  it('says of confidential results which of them it shows: all, some, or none', () => {
    const sealed = ['force', 'mass', 'pressure'].map((quantity) => ({
      ...{ quantity, sha256: 'a'.repeat(64), rows: 8, sealed: true as const },
    }));
    const body = { ...shownReport().body, results: sealed };
    const disclosed = [
      { quantity: 'force', shown: 2, atMost: 8, isComplete: true },
      { quantity: 'mass', shown: 1, atMost: 8, isComplete: false },
    ];
    const field =
      /confidential +force: all results were disclosed; mass: 1 of at most 8 results were disclosed; pressure: only whom/;
    assert.match(terminal({ body, disclosed }), field);
    assert.match(
      terminal({ body }),
      /confidential +force, mass, pressure: only whom the laboratory gives a disclosure/,
    );
  });

  it('shows values at their arguments, with numbers on their decimal points', () => {
    const lines = terminal().split('\n');
    const at = lines.indexOf('  AC voltage (ac-voltage)');
    assert.deepEqual(lines.slice(at + 1, at + 4), [
      '  frequency (Hz)  range  value (V)  U (V)  k',
      '     10           low      1.5      0.001  2',
      '  20000           high   101.25     -      -',
    ]);
  });

  it('shows errors, uncertainties and limits of °C in K, with conformity beside', () => {
    const lines = terminal().split('\n');
    const at = lines.indexOf('  Temperature (temperature)');
    assert.deepEqual(
      lines.slice(at + 1, at + 4).map((line) => line.trim().split(/ {2,}/)),
      [
        ['value (°C)', 'error (K)', 'U (K)', 'k', 'p', 'limits (K)', 'conformity'],
        ['20.01', '-0.03', '0.02', '2', '95 %', '-0.1 to 0.1', 'pass'],
        ['-', '0.2', '0.02', '2', '95 %', '-0.1 to 0.1', 'conditional fail'],
      ],
    );
    const notes = lines.slice(at + 4).join('\n');
    assert.match(notes, /Limits are tolerances of the error\./);
    assert.match(notes, /Decision rule: guarded acceptance, guard band 0\.02 K\./);
    assert.match(notes, /Formula: W = R\/R0/);
    assert.match(notes, /Inputs without a certificate: resolution \(25 % of u²\)\./);
    assert.match(notes, /g = 9\.81 m\/s² \(local survey\)\./);
    assert.match(notes, /not made under its accreditation/);
    assert.match(notes, /row 2 contradicts itself/);
  });

  it('shows a kind that is a difference in K, too', () => {
    const results = [
      {
        name: 'Difference',
        quantity: 'temperature-difference',
        unit: '\\degreecelsius',
        rows: [{ value: 1, uncertainty: null }],
      },
    ];
    assert.match(terminal({ results }), /^ {2}value \(K\)$/m);
  });

  it('names the standards with their roles, and what paper certifies', () => {
    const text = terminal();
    assert.match(text, /^ {2}Pt Makers Pt25, serial number S-1 +nmi-north\/N-1 +nmi-north +reference$/m);
    assert.match(text, /^ {2}barometer +P-7 \(on paper\) +Old Laboratory +influence, reference$/m);
    assert.match(text, /P-7: temperature from 10 to 30 °C, U = 0\.02 K \(95 %, k = 2\)\./);
  });

  it('shows U at 95 % beside what a certificate states for another probability', () => {
    const uncertainty = { expanded: 0.1, coverageFactor: 1, coverageProbability: null };
    const [first] = SHOWN_RESULTS;
    assert.ok(first);
    const results = [{ ...first, arguments: [], rows: [{ value: 1.5, uncertainty }] }];
    assert.match(
      terminal({ results }),
      /^ {2}value \(V\) +U \(V\) +k +U at 95 % \(V\) +k at 95 %\n {2}1\.5 +0\.1 +1 +0\.2 +2$/m,
    );
    assert.doesNotMatch(terminal(), /U at 95 %/);
  });

  it('keeps what was found before an adjustment apart', () => {
    const text = terminal();
    assert.ok(text.indexOf('Temperature before') > text.indexOf('as found, before an adjustment'));
    assert.ok(text.indexOf('as found, before an adjustment') > text.indexOf('Temperature (temperature)'));
  });

  it('warns first of an amendment, a revocation and a rejection', () => {
    const impediment = {
      state: 'revoked',
      reason: 'fraud',
      effective: '2026-04-01T00:00:00Z',
      until: null,
      by: 'nmi-north',
    } as const;
    const text = terminal({
      supersededBy: 'lab-alpha/R-2',
      impediments: [{ ...impediment, registered: undefined!, tenure: null, reach: null }],
      decisions: [{ what: 'rejected', by: 'oem-a', date: '2026-03-06T08:00:00Z', consent: false }],
    });
    const head = text.slice(0, text.indexOf('Identification'));
    assert.match(head, /withdrawn: report lab-alpha\/R-2 amends it/);
    assert.match(head, /revoked by nmi-north from 2026-04-01T00:00:00Z \(fraud\)/);
    assert.match(head, /oem-a has rejected this report/);
  });

  it('stays within 80 columns, but for digests', () => {
    for (const line of sheetText(reportSheet(shownReport()), PLAIN).split('\n')) {
      assert.ok(line.length <= 80 || /[0-9a-f]{64}$/.test(line), line);
    }
  });

  it('shows the first rows of a long result, and says how many more there are', () => {
    const rows = Array.from({ length: 100 }, (_, value) => ({ value, uncertainty: null }));
    const results = [{ name: 'Long', quantity: 'mass', unit: '\\kilogram', rows }];
    assert.match(terminal({ results }), /40 more rows: see --html or --json/);
    assert.match(page({ results }), /<td class="number">99<\/td>/);
  });
});

describe('A report as a page', () => {
  it('is complete HTML with headers on its columns, every element closed', () => {
    const html = page();
    assert.match(html, /^<!doctype html>\n<html lang="en">/);
    assert.match(html, /<th scope="col" class="number">error \(K\)<\/th>/);
    assert.match(html, /<caption>Temperature \(temperature\)<\/caption>/);
    assert.match(html, /<dt>serial number<\/dt><dd>0815<\/dd>/);
    const open: string[] = [];
    for (const [, slash, name = '', own] of html
      .replace(/<style>.*<\/style>/s, '')
      .matchAll(/<(\/?)([a-z][a-z0-9]*)[^>]*?(\/?)>/g)) {
      if (slash === '/') {
        assert.equal(open.pop(), name);
      } else if (own !== '/') {
        open.push(name);
      }
    }
    assert.deepEqual(open, []);
  });

  it('loads nothing and runs nothing, prints, and follows light and dark', () => {
    const html = page();
    assert.match(html, /Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"/);
    assert.doesNotMatch(html, /<script|<link|<img|<iframe|\bsrc=|\bhref=|url\(|@import|https?:/);
    for (const rule of ['@media print', '@page', 'prefers-color-scheme: dark', 'table-header-group']) {
      assert.ok(html.includes(rule), rule);
    }
  });

  it('holds no markup from any text of a report', () => {
    const evil = `"><script>alert('1')</script>&amp;\u202e`;
    const text = page({
      device: { id: evil, kind: 'field', manufacturer: evil, model: evil, serial: evil },
      owner: { id: evil, name: evil, country: evil },
      laboratory: { id: evil, name: evil, country: evil },
      signers: [null, `technician:${evil}`],
      results: [
        {
          name: evil,
          quantity: evil,
          unit: evil,
          arguments: [{ name: evil, role: 'setting' }],
          rows: [{ value: 1, at: [evil], uncertainty: null }],
          methods: [evil],
        },
      ],
    });
    assert.doesNotMatch(text, /<script|<\/script|\u202e/);
    assert.ok(text.includes('&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;amp;'));
  });
});
