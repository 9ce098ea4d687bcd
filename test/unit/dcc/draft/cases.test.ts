import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CertificateDraft } from '@tracecal/gateway-client/dcc';
import { draftOf, resultsOf, rowsAsText } from '../../../support/drafts.js';
import { requireSharedData } from '../../../support/sharedData.js';

/** What a draft has to say about a file; what is left out here has to be empty. */
interface Expected {
  /** By serial number: kind and unit, then the rows. */
  readonly items: Readonly<Record<string, readonly (readonly [kind: string, ...rows: string[]])[]>>;
  readonly parents?: readonly string[];
  readonly arguments?: readonly string[];
  readonly questions?: readonly string[];
  readonly notes?: readonly string[];
  readonly refused?: string;
  readonly further?: (draft: CertificateDraft) => void;
}

const T1 = ['MET-T1 of REF-1: reference'];
const T0 = ['MET-T0 of SPRT-1: reference'];
const paper = (number: string, serial: string) => [`${number} of ${serial}: reference, on paper`];
const CELSIUS = 'temperature \\degreecelsius';
const thermometer = (serial: string, U = '0.05', k = '2'): Expected => ({
  items: { [serial]: [[CELSIUS, `20 0.05 ± ${U} / ${k}`, `80 0.03 ± ${U} / ${k}`]] },
  parents: T1,
});
const sensitivity = (serial: string, ...rows: string[]): Expected => ({
  items: { [serial]: [['charge-sensitivity \\pico\\coulomb\\metre\\tothe{-1}\\second\\tothe{2}', ...rows]] },
  arguments: ['Frequency physical frequency \\hertz'],
});
const SENSITIVITY_ROWS = [
  '0.1301 - @ 10 ± 0.00013 / 2',
  '0.1302 - @ 100 ± 0.00013 / 2',
  '0.1303 - @ 1000 ± 0.00013 / 2',
  '0.1497 - @ 10000 ± 0.004 / 2',
];
const humidity = (serial: string): Expected => ({
  items: {
    [serial]: [['relative-humidity \\one', '0.2 0.01 ± 0.01 / 2', '0.5 0.01 ± 0.01 / 2', '0.8 0.01 ± 0.01 / 2']],
  },
});
const deviation = (serial: string, U: string): Expected => ({
  items: { [serial]: [['temperature-difference \\kelvin', `- 0.05 ± ${U} / 2`, `- -0.02 ± ${U} / 2`]] },
  parents: T1,
  questions: ['argument'],
});

const CASES: Readonly<Record<string, Expected>> = {
  'c01-mass-on-thermometer': { items: { 'W-1': [['mass \\kilogram', '1.0000012 - ± 5e-7 / 2']] }, parents: T1 },
  'c03-difference-in-kelvin': deviation('LG-1', '0.05'),
  'c04-difference-in-celsius': deviation('LG-2', '0.0201'),
  'c05-two-columns-with-U': thermometer('PB-1'),
  'c06-refType-suffix': thermometer('PB-2'),
  'c07-relative-error': {
    items: { 'HV-1': [['voltage \\volt', '1000 0.1 ± 0.5 / 2', '5000 1 ± 2.5 / 2', '10000 3 ± 5 / 2']] },
    parents: paper('PAPER-1', 'REF-V'),
    questions: ['kind'],
  },
  'c09-gaugeblock-set': {
    items: {
      'GB-60': [['length \\metre', '0.06000014 -1.4e-7 ± 1.36e-7 / 2']],
      'GB-70': [['length \\metre', '0.07000012 -1.2e-7 ± 1.36e-7 / 2']],
    },
    parents: paper('PAPER-3', 'GBS-1'),
    further: ({ set }) => {
      assert.notEqual(set, null);
    },
  },
  'c10-k265': {
    items: {
      'TV-1': [['ac-dc-difference \\micro\\volt\\volt\\tothe{-1}', '38 - ± 51 / 2.65', '68 - ± 53 / 2.65']],
    },
    parents: paper('PAPER-4', 'PM-1'),
    further: (draft) => {
      assert.equal(resultsOf(draft)[0]?.result.rows[0]?.uncertainty?.coverageProbability, 0.9545);
    },
  },
  'c12-sensitivity-vs-frequency-parent': sensitivity('ACC-1', ...SENSITIVITY_ROWS),
  'c13-sensitivity-child': {
    ...sensitivity('ACC-2', '0.1302 - @ 10000 ± 0.0005 / 2'),
    parents: ['MET-C12 of ACC-1: reference'],
  },
  'c14-conformity-contradicts': {
    items: { 'PB-3': [[CELSIUS, '20 0.05 ± 0.05 / 2', '80 9.9 ± 0.05 / 2']] },
    parents: T1,
    further: (draft) => {
      const conformity = resultsOf(draft)[0]?.conformity;
      assert.deepEqual(
        [conformity?.stated, conformity?.certificate, conformity?.contradicted],
        [['pass', 'fail'], 'pass', true],
      );
    },
  },
  'c15-false-pass': {
    items: { 'PB-4': [[CELSIUS, '20 0.05 ± 0.05 / 2', '80 9.9 ± 0.05 / 2']] },
    parents: T1,
    further: (draft) => {
      const conformity = resultsOf(draft)[0]?.conformity;
      assert.deepEqual(conformity?.stated, ['pass', 'pass']);
      assert.deepEqual(conformity.limits, [
        { kind: 'acceptance', side: 'lower', of: 'error', values: [-0.1, -0.1] },
        { kind: 'acceptance', side: 'upper', of: 'error', values: [0.1, 0.1] },
      ]);
    },
  },
  'c16-sha512-mismatch': {
    ...thermometer('PB-5'),
    further: ({ parents }) => {
      const digest = parents[0]?.certificate?.digest;
      assert.deepEqual([digest?.algorithm, digest?.of, digest?.value], ['SHA-512', null, '0'.repeat(128)]);
    },
  },
  'c18-equipment-no-cert': { ...thermometer('PT-1'), parents: ['no certificate of REF-1: reference'] },
  'c19-amended': {
    items: { 'REF-1': [[CELSIUS, '0 0.11 ± 0.02 / 2', '50 0.11 ± 0.02 / 2', '100 0.11 ± 0.02 / 2']] },
    parents: T0,
    further: ({ replaces }) => {
      assert.deepEqual(replaces, { change: 'amended', certificate: 'MET-T1', digest: null });
    },
  },
  'c20-zero-uncertainty': { items: { 'SPRT-0': [] }, refused: 'It states the uncertainty 0 (row 1)' },
  'c21-rh': { ...humidity('HY-1'), parents: paper('PAPER-5', 'RT-1') },
  'c22-decibel': {
    items: { 'SC-1': [['sound-pressure-level \\decibel', '94.02 - ± 0.08 / 2', '114.01 - ± 0.08 / 2']] },
    parents: paper('PAPER-6', 'MIC-1'),
  },
  'c23-relative-uncertainty': {
    items: { 'FM-1': [['volume-flow \\metre\\tothe{3}\\per\\hour', '1 -', '2 -', '3 -']] },
    parents: paper('PAPER-7', 'RM-1'),
    questions: ['coverage'],
    notes: ['1, 2, 3: its uncertainty is stated without a coverage factor'],
    further: ({ questions, reason }) => {
      assert.match(questions[0]?.text ?? '', /0\.002, 0\.004, 0\.006/);
      assert.match(reason ?? '', /No result states an uncertainty that can be used/);
    },
  },
  'c25-traceable-false': {
    ...thermometer('PB-8'),
    further: (draft) => {
      assert.equal(resultsOf(draft)[0]?.claims.denied, 'not traceable');
    },
  },
  'c27-customer-site': {
    ...thermometer('PB-9'),
    further: ({ place }) => {
      assert.equal(place, 'customer');
    },
  },
  'c28-same-number-other-content': {
    items: { 'PB-9': [[CELSIUS, '20 0.01 ± 0.03 / 2', '80 0.01 ± 0.03 / 2']] },
    parents: T1,
    further: ({ uniqueIdentifier }) => {
      assert.equal(uniqueIdentifier, 'MET-C27');
    },
  },
  'c29-angular-velocity': {
    items: {
      'RTB-1': [['angular-velocity \\radian\\per\\second', '1 - ± 0.01 / 2', '10 - ± 0.01 / 2', '100 - ± 0.01 / 2']],
    },
    parents: paper('PAPER-8', 'CT-1'),
  },
  'c30-parent-after-child': thermometer('PB-10'),
  'c31-better-than-parent': thermometer('PB-11', '0.01'),
  'c32-k4': thermometer('PB-12', '0.03', '4'),
  'd01-sens-parent': sensitivity('ACC-10', ...SENSITIVITY_ROWS),
  'd02-sens-child': {
    ...sensitivity('ACC-11', '0.1302 - @ 10000 ± 0.001 / 2'),
    parents: ['MET-D01 of ACC-10: reference'],
  },
  'd04-sens-other': {
    ...sensitivity('ACC-13', '0.98 - @ 10 ± 1e-7 / 2'),
    parents: ['MET-D01 of ACC-10: reference'],
  },
  'd05-weight-set': {
    items: {
      'WS-1': [['mass \\kilogram', '1.0000012 - ± 5e-7 / 2']],
      'WS-2': [['mass \\kilogram', '2.0000031 - ± 0.000001 / 2']],
    },
    parents: paper('PAPER-9', 'E1-1'),
  },
  'd06-field-then-standard': thermometer('FS-1', '0.001'),
  'd07-field-then-standard-ok': thermometer('FS-1', '0.03'),
  'd08-logger-T': thermometer('LOG-1'),
  'd09-logger-RH': { ...humidity('LOG-1'), parents: paper('PAPER-10', 'H-1') },
  'd10-nan-uncertainty': {
    items: { 'REF-2': [[CELSIUS, '0 0.01 ± 0.02 / 2', '50 0.01 ± 0.02 / 2', '100 0.01']] },
    parents: T0,
    notes: ['3: its uncertainty is not a number'],
  },
  'd13-W': {
    items: {
      'SPRT-W': [
        [
          'resistance-ratio \\one',
          '1 - @ 0.01 ± 0.000002 / 2',
          '1.609766 - @ 156.5985 ± 0.000002 / 2',
          '1.892569 - @ 231.928 ± 0.000002 / 2',
        ],
      ],
    },
    arguments: ['Temperature physical temperature \\degreecelsius'],
  },
  'e01-two-standards-one-without-certificate': {
    ...thermometer('PE-1'),
    parents: ['MET-T1 of REF-1: reference', 'no certificate of REF-X: reference'],
  },
  'e03-other-model-same-serial': {
    ...thermometer('PE-3'),
    further: ({ parents }) => {
      assert.deepEqual([parents[0]?.manufacturer, parents[0]?.model], ['OtherMaker', 'PB-7000']);
    },
  },
  'e05-newest': thermometer('LOG-9'),
  'e06-older-humidity': { ...humidity('LOG-9'), parents: ['UNKNOWN-1 of H-1: reference'] },
  'e09-hybrid-inconsistent': {
    items: { 'BA-2': [['absolute-pressure \\pascal', '94998.4 10 ± 5 / 2', '- 20 ± 5 / 2']] },
    parents: paper('PAPER-1', 'RP-1'),
    notes: ['2: its forms disagree: 104935.8 Pa and 9999.9 |mbar'],
  },
  'f01-ratio-nmi': {
    items: { 'IVD-1': [['voltage-ratio \\one', '0.1 - ± 1e-7 / 2', '0.5 - ± 1e-7 / 2', '0.9 - ± 1e-7 / 2']] },
  },
  'f02-humidity-on-voltage-ratio': { ...humidity('HY-9'), parents: ['MET-F01 of IVD-1: reference'] },
  'f05-parent': {
    items: { 'REF-5': [[CELSIUS, '0 0.01 ± 0.02 / 2', '50 0.01 ± 0.02 / 2', '100 0.01 ± 0.02 / 2']] },
    parents: T0,
  },
  'f06-child-first': { ...thermometer('PF-6'), parents: ['MET-T5 of REF-5: reference'] },
  't0-nmi': {
    items: { 'SPRT-1': [[CELSIUS, '0 0.001 ± 0.004 / 2', '50 0.001 ± 0.004 / 2', '100 0.001 ± 0.004 / 2']] },
  },
  't1-lab': {
    items: { 'REF-1': [[CELSIUS, '0 0.01 ± 0.02 / 2', '50 0.01 ± 0.02 / 2', '100 0.01 ± 0.02 / 2']] },
    parents: T0,
  },
};

describe('the draft of a metrology case', () => {
  const fileOf = (test: Mocha.Context, name: string) =>
    readFileSync(join(requireSharedData(test, 'cases'), `${name}.xml`));

  it('is expected of every file', function () {
    const files = readdirSync(requireSharedData(this, 'cases')).filter((name) => name.endsWith('.xml'));
    assert.deepEqual(Object.keys(CASES).sort(), files.map((name) => name.replace('.xml', '')).sort());
  });

  for (const [name, expected] of Object.entries(CASES)) {
    it(`${name} says what the certificate says`, function () {
      const draft = draftOf(fileOf(this, name));
      const items = draft.items.map(({ item, results }) => [
        item.serial,
        results.map((result) => [`${result.result.quantity} ${result.result.unit}`, ...rowsAsText(result)]),
      ]);
      assert.deepEqual(Object.fromEntries(items), expected.items);
      assert.deepEqual(usesOf(draft), expected.parents ?? []);
      assert.deepEqual(argumentsOf(draft), expected.arguments ?? []);
      assert.deepEqual(
        draft.questions.map(({ asks }) => asks),
        expected.questions ?? [],
      );
      assert.deepEqual(notesOf(draft), expected.notes ?? []);
      assert.equal(draft.refused[0]?.reason.startsWith(expected.refused ?? ''), expected.refused && true);
      expected.further?.(draft);
    });
  }

  for (const [name, unit] of [
    ['c03-difference-in-kelvin', '\\degreecelsius'],
    ['c04-difference-in-celsius', '\\kelvin'],
  ] as const) {
    it(`${name} is a result over temperatures once a mapping file tells them`, function () {
      for (const role of ['reference', 'physical']) {
        const told = { name: 'Temperature', role, unit, values: [20, 80] };
        const draft = draftOf(fileOf(this, name), { arguments: [{ result: 'Deviation', ...told }] });
        assert.deepEqual(draft.questions, []);
        assert.deepEqual(draft.unused, []);
        const [result] = resultsOf(draft);
        assert.equal(result?.result.unit, unit);
        assert.deepEqual(result.result.arguments, []);
        assert.deepEqual(
          result.result.rows.map(({ value, error }) => [value, error]),
          [
            [20, 0.05],
            [80, -0.02],
          ],
        );
        assert.ok(result.decisions.some(({ about, from }) => about === 'Temperature' && from === 'mapping'));
      }
    });
  }

  it('c23 has uncertainties once a mapping file tells the coverage factor', function () {
    const draft = draftOf(fileOf(this, 'c23-relative-uncertainty'), { coverage: [{ k: 2, p: 0.95 }] });
    assert.deepEqual(resultsOf(draft).map(rowsAsText), [['1 - ± 0.002 / 2', '2 - ± 0.004 / 2', '3 - ± 0.006 / 2']]);
    assert.deepEqual([draft.questions, draft.reason], [[], null]);
  });

  it('c07 has the facts of its paper parent once a mapping file describes it', function () {
    const facts = { number: 'PAPER-1', laboratory: 'PTB', date: '2024-05-02', kind: 'voltage', U: 0.2, k: 2 };
    const { parents } = draftOf(fileOf(this, 'c07-relative-error'), { parents: [facts] });
    assert.deepEqual(
      parents.map(({ paper }) => paper),
      [facts],
    );
  });
});

function usesOf(draft: CertificateDraft): readonly string[] {
  const [result] = resultsOf(draft);
  return (result?.uses ?? []).map(({ source, role }) => {
    const parent = draft.parents[source];
    const { certificate, serial } = parent ?? {};
    const on = certificate?.analogue ? ', on paper' : '';
    return `${certificate?.number ?? 'no certificate'} of ${serial ?? 'nothing'}: ${role ?? 'not told'}${on}`;
  });
}

function argumentsOf(draft: CertificateDraft): readonly string[] {
  return resultsOf(draft).flatMap(({ result }) =>
    result.arguments.map(({ name, role, quantity, unit }) => `${name} ${role} ${quantity ?? ''} ${unit ?? ''}`),
  );
}

function notesOf(draft: CertificateDraft): readonly string[] {
  const notes = resultsOf(draft).flatMap((result) => result.notes);
  return [...new Set(notes.map(({ note }) => note))].map(
    (text) =>
      `${notes
        .filter(({ note }) => note === text)
        .map(({ row }) => row)
        .join(', ')}: ${text}`,
  );
}
