import assert from 'node:assert/strict';
import type { HistoryEntry, Page, ReportAnswer } from '@tracecal/core/contracts';
import type { Verdict } from '@tracecal/core/trace';
import { factsOf } from '../../golden/exported.js';
import { temperatureResult, twoCountries } from '../../support/hierarchy.js';
import type { Hierarchy } from '../../support/hierarchy.js';
import type { MemoryLedger } from '../../support/memoryLedger.js';
import { ask, refuses, registryOf, submit } from '../../support/registry.js';

describe('Reviews after an amendment', () => {
  let hierarchy: Hierarchy;
  let ledger: MemoryLedger;

  beforeEach(async () => {
    hierarchy = await twoCountries();
    ledger = await registryOf(hierarchy);
    const errors = (error: number) => {
      const result = temperatureResult(0.02);
      return [{ ...result, rows: result.rows.map((row) => ({ ...row, error })) }];
    };
    const bench = {
      device: 'working-a',
      technician: 't-lab-alpha',
      parents: ['reference-a-r1'],
      performed: '2025-12-20',
    };
    await submit(ledger, hierarchy.addReport({ ...bench, id: 'bench-r1', results: errors(0.01) }));
    const child = { device: 'sensor-a', technician: 't-oem-a', parents: ['bench-r1'], performed: '2025-12-21' };
    await submit(ledger, hierarchy.addReport({ ...child, id: 'next', results: [temperatureResult(0.1)] }));
    await submit(
      ledger,
      hierarchy.addReport({ ...bench, id: 'bench-r2', supersedes: 'bench-r1', results: errors(0.1) }),
    );
  });

  const status = async () => (await ask<Verdict>(ledger, 'traceCal', 'oem-a/sensor-a', {})).status;

  it('make a trace whole again', async () => {
    assert.equal(await status(), 'INCOMPLETE');
    await submit(ledger, hierarchy.review('oem-a', 'bench-r2', ['next']));
    assert.equal(await status(), 'TRACEABLE');
    assert.equal((await ask<readonly unknown[]>(ledger, 'getReviews', 'lab-alpha/bench-r2', 'oem-a')).length, 1);
  });

  it('are a laboratory’s word about its own reports only', async () => {
    await refuses(
      submit(ledger, hierarchy.review('lab-alpha', 'bench-r2', ['next'])),
      'NOT_AUTHORISED',
      /only its own/,
    );
  });

  it('are about amendments, and calibrations that found a standard out of its limits', async () => {
    await refuses(submit(ledger, hierarchy.review('oem-a', 'bench-r1', ['next'])), 'INPUT_INVALID', /amends no other/);
    const fail = {
      ...temperatureResult(0.02),
      name: 'As found',
      asFound: true,
      conformity: { of: 'error', overall: 'fail' },
    } as const;
    const again = { device: 'working-a', technician: 't-lab-alpha', parents: ['reference-a-r1'] };
    await submit(
      ledger,
      hierarchy.addReport({ ...again, id: 'found', performed: '2025-12-23', results: [temperatureResult(0.02), fail] }),
    );
    await submit(ledger, hierarchy.review('oem-a', 'found', ['next']));
  });

  it('show in the history of both reports, and in the report, with their reason', async () => {
    await submit(ledger, hierarchy.review('oem-a', 'bench-r2', ['next'], { reason: 'used at 0 °C only' }));
    for (const id of ['lab-alpha/bench-r2', 'oem-a/next']) {
      const { items } = await ask<Page<HistoryEntry>>(ledger, 'history', {
        kind: 'report',
        id,
        pageSize: 50,
        bookmark: '',
      });
      const told = items.flatMap(({ changes }) => changes).filter(({ what }) => what === 'review');
      assert.deepEqual(told, [
        {
          kind: 'report',
          id: 'lab-alpha/bench-r2',
          what: 'review',
          by: 'oem-a',
          number: 1,
          reviewed: ['oem-a/next'],
          reason: 'used at 0 °C only',
        },
      ]);
    }
    const report = await ask<ReportAnswer>(ledger, 'getReport', 'oem-a/next');
    assert.ok(!('reviews' in report), 'there may be many: they are read in pages');
    const { reviews } = await factsOf(ledger, 'oem-a/next');
    assert.deepEqual(
      reviews.map(({ cause }) => cause),
      ['lab-alpha/bench-r2'],
    );
  });

  it('count once each', async () => {
    const item = hierarchy.review('oem-a', 'bench-r2', ['next']);
    await submit(ledger, item);
    await refuses(submit(ledger, item), 'ALREADY_EXISTS', /is not a new one/);
  });
});
