import assert from 'node:assert/strict';
import type { DeviceAnswer, ReportAnswer } from '@tracecal/core/contracts';
import type { Requirements } from '@tracecal/core/model';
import { dueOf, intervalSaid } from '@tracecal/core/trace';
import { dueTable, parse } from '@tracecal/cli';
import { dueDates } from '@tracecal/gateway-client/application';
import { twoCountries } from '../../support/hierarchy.js';
import type { Hierarchy } from '../../support/hierarchy.js';
import type { MemoryLedger } from '../../support/memoryLedger.js';
import { ask, registryOf, submit } from '../../support/registry.js';
import { WIDE } from '../../support/wide.js';

const performed = { begin: '2026-01-05', end: '2026-01-06' };
const question = { asOf: '2026-03-01', soonDays: 30 };

describe('The day on which a calibration is due', () => {
  const said = (ownDays: number | null, required?: Requirements, kind = 'temperature') =>
    dueOf({ performed }, intervalSaid({ ownDays, required }, kind), question);

  it("is the last day of the work plus the device's own interval, which takes precedence over its owner's", () => {
    assert.deepEqual(said(365, { intervalDays: 10 }), { date: '2027-01-06', by: 'device', state: 'valid' });
  });

  it("is by its owner's interval of the kind, or else of all kinds", () => {
    const required = { intervals: [{ quantity: 'temperature', days: 40 }], intervalDays: 90, graceDays: 20 };
    assert.deepEqual(said(null, required), {
      date: '2026-02-15',
      by: 'owner',
      state: 'overdue',
      graceUntil: '2026-03-07',
    });
    assert.equal(said(null, required, 'mass').date, '2026-04-06');
  });

  it("is decided by the owner, not by the certificate's date", () => {
    const interval = intervalSaid({ ownDays: 365, required: undefined });
    assert.equal(dueOf({ performed, recalibrateBy: '2026-02-01' }, interval, question).date, '2027-01-06');
  });

  it('is that of the certificate where the owner sets no interval', () => {
    assert.deepEqual(dueOf({ performed, recalibrateBy: '2026-02-28' }, undefined, question), {
      date: '2026-02-28',
      by: 'certificate',
      state: 'overdue',
    });
  });

  it('is not known where nobody says', () => {
    assert.deepEqual(said(null, { intervals: [{ quantity: 'mass', days: 1 }] }), { date: null, by: null, state: null });
  });

  for (const [due, state] of [
    ['2026-02-28', 'overdue'],
    ['2026-03-01', 'due-soon'],
    ['2026-03-31', 'due-soon'],
    ['2026-04-01', 'valid'],
  ] as const) {
    it(`counts as ${state} on 1 March with 30 days ahead if it is ${due}: the day itself is not late`, () => {
      assert.equal(dueOf({ performed, recalibrateBy: due }, undefined, question).state, state);
    });
  }
});

describe('A list of what is due', () => {
  const devices = [
    device('oem/a', 365, { 'lab/A-1': ['temperature'] }),
    device('oem/b', 30, { 'lab/B-1': ['temperature'], 'lab/B-2': ['mass', 'voltage'] }),
    device('oem/c', null, {}),
    device('oem/d', null, { 'lab/D-1': ['mass'] }),
    device('oem/gone', 30, { 'lab/G-1': ['mass'] }, 'revoked'),
    device('oem/lent', 30, { 'lab/L-1': ['mass'] }, 'suspended'),
  ];
  const ends: Readonly<Record<string, string>> = {
    'lab/A-1': '2026-01-01',
    'lab/B-1': '2026-02-20',
    'lab/B-2': '2026-01-10',
    'lab/D-1': '2026-01-10',
    'lab/G-1': '2026-01-10',
    'lab/L-1': '2026-01-11',
  };
  const reader = {
    getDevice: (id: string) => Promise.resolve(devices.find((each) => each.id === id)!),
    getReport: (id: string) =>
      Promise.resolve({
        body: { performed: { begin: ends[id], end: ends[id] } },
        record: { impediments: [], supersededBy: null },
      } as unknown as ReportAnswer),
  };
  const found = () =>
    dueDates(
      reader,
      devices.map(({ id }) => id),
      { asOf: '2026-03-01', withinDays: null },
    );

  it('has a line for every calibration that a device relies on, the earliest due first', async () => {
    assert.deepEqual(
      (await found()).map(({ device: id, report, due, state }) => [id, report, due, state]),
      [
        ['oem/b', 'lab/B-2', '2026-02-09', 'overdue'],
        ['oem/lent', 'lab/L-1', '2026-02-10', 'overdue'],
        ['oem/b', 'lab/B-1', '2026-03-22', 'due-soon'],
        ['oem/a', 'lab/A-1', '2027-01-01', 'valid'],
        ['oem/c', null, null, 'not-calibrated'],
        ['oem/d', 'lab/D-1', null, 'no-interval'],
      ],
      'a revoked device is not calibrated again',
    );
  });

  it('has a line for each day on which kinds of one calibration are due, by what the owner requires', async () => {
    const required = {
      intervals: [
        { quantity: 'mass', days: 20 },
        { quantity: 'torque', days: 20 },
      ],
      intervalDays: 45,
      graceDays: 20,
      dueSoonDays: 1,
    };
    const several = device('oem/e', null, { 'lab/B-2': ['force', 'mass', 'torque'] });
    const one = { ...reader, getDevice: () => Promise.resolve({ ...several, requirements: required }) };
    const lines = await dueDates(one, ['oem/e'], { asOf: '2026-02-20', withinDays: null });
    assert.deepEqual(
      lines.map(({ quantities, due, state, intervalDays }) => [quantities, due, state, intervalDays]),
      [
        [['mass', 'torque'], '2026-01-30', 'overdue', 20],
        [['force'], '2026-02-24', 'valid', 45],
      ],
    );
    assert.match(dueTable(lines, WIDE), /overdue, grace until 2026-02-19 .* 20 days, as its owner requires/);
  });

  it('shows kinds, dates and whose interval it is', async () => {
    const [titles, first] = dueTable(await found(), WIDE).split('\n');
    assert.match(titles ?? '', /^due +state +device +kinds +report +performed +interval$/);
    assert.match(first ?? '', /^2026-02-09 {2}overdue +oem\/b +mass, voltage {2}lab\/B-2 {2}2026-01-10 {2}30 days$/);
  });
});

describe('A calibration that counts no more', () => {
  let hierarchy: Hierarchy;
  let ledger: MemoryLedger;

  beforeEach(async () => {
    hierarchy = await twoCountries();
    ledger = await registryOf(hierarchy);
    await submit(ledger, hierarchy.setInterval('working-a', 3000, now()));
  });

  const now = () => ({ registered: ledger.now });
  const against = (type: 'revocation' | 'suspension' | 'reinstatement') =>
    submit(ledger, hierarchy.addStatement(type, ['report', 'working-a-r1'], { effective: ledger.now, ...now() }));
  const stateOf = async () => {
    const reader = {
      getDevice: (id: string) => ask<DeviceAnswer>(ledger, 'getDevice', id),
      getReport: (id: string) => ask<ReportAnswer>(ledger, 'getReport', id),
    };
    const found = await dueDates(reader, ['oem-a/working-a'], { asOf: '2026-03-01', withinDays: null });
    return found.map(({ state, report }) => `${state} ${report}`);
  };

  it('is not listed as valid after its report was revoked', async () => {
    assert.deepEqual(await stateOf(), ['valid lab-alpha/working-a-r1']);
    await against('revocation');
    assert.deepEqual(await stateOf(), ['not-calibrated null']);
  });

  it('is not while its report is suspended', async () => {
    await against('suspension');
    assert.deepEqual(await stateOf(), ['not-calibrated null']);
    ledger.now = '2026-01-02T12:00:00Z';
    await against('reinstatement');
    assert.deepEqual(await stateOf(), ['valid lab-alpha/working-a-r1']);
  });

  it('is not after it was amended, until the owner has accepted the amendment', async () => {
    const work = {
      device: 'working-a',
      technician: 't-lab-alpha',
      parents: ['reference-a-r1'],
      performed: '2025-01-12',
    };
    const amendment = { id: 'amended', supersedes: 'working-a-r1', results: hierarchy.resultsOf('working-a-r1') };
    await submit(ledger, hierarchy.addReport({ ...work, ...amendment, accepted: false, ...now() }));
    assert.deepEqual(await stateOf(), ['not-calibrated null']);
    await submit(ledger, hierarchy.accept('amended', now()));
    assert.deepEqual(await stateOf(), ['valid lab-alpha/amended']);
  });
});

describe('Days ahead', () => {
  it('are written with or without their unit', () => {
    assert.equal(parse.daysAhead('30d'), 30);
    assert.equal(parse.daysAhead('7'), 7);
    for (const text of ['0d', '-1d', '30h', 'soon', '1.5d', '', 'dd']) {
      assert.throws(() => parse.daysAhead(text), /a number of days/);
    }
  });
});

function device(
  id: string,
  intervalDays: number | null,
  reports: Readonly<Record<string, readonly string[]>>,
  state?: 'revoked' | 'suspended',
): DeviceAnswer {
  const current = Object.entries(reports).map(([report, quantities]) => ({ report, quantities }));
  const impediments = state === undefined ? [] : [{ state }];
  const record = { ownership: [] };
  return {
    id,
    owner: 'oem',
    intervalDays,
    requirements: null,
    current,
    impediments,
    record,
  } as unknown as DeviceAnswer;
}
