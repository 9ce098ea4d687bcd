import assert from 'node:assert/strict';
import { KINDS } from '@tracecal/core/model';
import type { Result } from '@tracecal/core/model';
import { certificateOf, differencesIn } from '@tracecal/gateway-client/application';
import type { ReportFacts } from '@tracecal/gateway-client/application';
import { draftCertificate, readCertificate, writeCertificate } from '@tracecal/gateway-client/dcc';
import { requireSharedData } from '../../support/sharedData.js';
import { SHOWN_RESULTS, shownReport } from '../../support/shownReport.js';
import { validate } from '../../support/validation.js';

const U = { expanded: 0.02, coverageFactor: 2, coverageProbability: 0.95 };

/** Results that a certificate can say without loss. */
const PLAIN_RESULTS: readonly Result[] = [
  {
    name: 'AC voltage',
    quantity: 'ac-voltage',
    unit: '\\volt',
    arguments: [
      { name: 'frequency', role: 'physical', quantity: 'frequency', unit: '\\hertz' },
      { name: 'applied voltage', role: 'physical', quantity: 'ac-voltage', unit: '\\volt' },
      { name: 'range', role: 'setting' },
    ],
    rows: [
      { value: 1.5, at: [10, 1.5, 'low'], uncertainty: U },
      { value: 1e-7, at: [20_000, 1e-7, 'high'], uncertainty: null },
      { value: 3, at: [20_000, 3, 'high'], uncertainty: { ...U, coverageFactor: 1.65, distribution: 'rectangular' } },
      { value: null, at: [30_000, 2, 'high'], uncertainty: { ...U, coverageProbability: null } },
    ],
  },
  {
    name: 'Temperature',
    quantity: 'temperature',
    unit: '\\degreecelsius',
    rows: [
      { value: 20.01, error: -0.03, uncertainty: U },
      { value: -5, error: 0.2, uncertainty: { expanded: 0.03, coverageFactor: 2.13, coverageProbability: 0.9545 } },
    ],
    conformity: {
      of: 'error',
      limits: { kind: 'tolerance', lower: [-0.1, -0.1], upper: [0.1, 0.1] },
      stated: ['pass', 'conditionalFail'],
    },
  },
  {
    name: 'Relative humidity',
    quantity: 'relative-humidity',
    unit: '\\percent',
    arguments: [{ name: 'temperature', role: 'physical', quantity: 'temperature', unit: '\\degreecelsius' }],
    rows: [{ value: 45, error: 1.5, at: [23], uncertainty: { ...U, expanded: 1 } }],
  },
  {
    name: 'Mass',
    quantity: 'mass',
    unit: '\\kilogram',
    rows: [{ value: 1.0000012, uncertainty: { ...U, expanded: 5e-8 } }],
    conformity: { of: 'value', limits: { kind: 'acceptance', lower: [null], upper: [1.1] } },
  },
];

const written = (more: Partial<ReportFacts> = {}) => writeCertificate(certificateOf(shownReport(more)));

describe('An exported report', () => {
  for (const result of PLAIN_RESULTS) {
    it(`reads back equal: ${result.name}`, () => {
      assert.deepEqual(differencesIn(written({ results: [result] }), { results: [result] }), []);
    });
  }

  it('reads back equal as it was found before an adjustment, where it states errors', () => {
    const results = PLAIN_RESULTS.map((result) =>
      result.quantity === 'temperature' ? { ...result, asFound: true as const } : result,
    );
    assert.deepEqual(differencesIn(written({ results }), { results }), []);
  });

  it('reads back equal for every published kind of quantity, with and without an error', () => {
    const published = KINDS.filter((kind) => kind.published && kind.units.length > 0);
    assert.ok(published.length > 100);
    for (const { name: quantity, units } of published) {
      const unit = units[0] ?? '';
      for (const found of [{ value: 1 }, { value: 1, error: 0.1 }]) {
        const at: Result['arguments'] = [{ name: 'at', role: 'physical', quantity, unit }];
        const results = [{ name: 'R', quantity, unit, arguments: at, rows: [{ ...found, at: [1], uncertainty: U }] }];
        assert.deepEqual(differencesIn(written({ results }), { results }), [], quantity);
      }
    }
  });

  it('reads back with its device, dates, place, laboratory and parents', () => {
    const draft = draftCertificate(readCertificate(written({ results: PLAIN_RESULTS })));
    assert.equal(draft.uniqueIdentifier, 'ALPHA-T-2026-0412');
    assert.deepEqual(draft.performed, { begin: '2026-03-01', end: '2026-03-02' });
    assert.deepEqual([draft.issued, draft.place, draft.recalibration], ['2026-03-04', 'customer', '2027-03-02']);
    assert.deepEqual(draft.replaces?.certificate, 'ALPHA-T-2026-0400');
    assert.deepEqual(draft.laboratory, {
      name: 'Alpha Calibration Laboratory',
      country: 'DE',
      code: 'D-K-15070-01-00',
    });
    const [item] = draft.items;
    assert.deepEqual([item?.item.serial, item?.item.model, item?.item.manufacturer], ['0815', 'RP 4', 'Probe Works']);
    assert.equal(draft.parents.length, 2);
  });

  it('lists what the format cannot contain', () => {
    const differences = differencesIn(written(), { results: SHOWN_RESULTS });
    for (const part of [
      'Temperature: decision rule',
      'Temperature: conformity of all rows together',
      'Temperature: how it follows from its sources',
      'Temperature: that it is not covered',
      'Temperature before, as found: not found',
    ]) {
      assert.ok(differences.includes(part), `${part} in ${differences.join(' | ')}`);
    }
  });

  it('tells what a reader would take for something else', () => {
    const strange: Result = {
      name: 'Voltage',
      quantity: 'dc-voltage',
      unit: '\\volt',
      arguments: [{ name: 'range', role: 'setting' }],
      rows: [
        { value: 1, at: ['10 V'], uncertainty: U },
        { value: 2, at: ['100 V'], uncertainty: U },
      ],
    };
    const differences = differencesIn(written({ results: [strange] }), { results: [strange] });
    assert.ok(differences.includes('Voltage: rows'), differences.join(' | '));
  });

  it('is the same file whenever it is written', () => {
    assert.deepEqual(written(), written());
  });

  it("is valid under PTB's schemas", async function () {
    const schemas = requireSharedData(this, 'dcc', 'xsd');
    this.timeout(60_000);
    for (const results of [PLAIN_RESULTS, SHOWN_RESULTS]) {
      const { state, findings, error } = await validate(written({ results }), { schemas });
      assert.deepEqual([state, findings], ['valid', []], error?.message);
    }
  });
});
