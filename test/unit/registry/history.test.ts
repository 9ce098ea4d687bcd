import assert from 'node:assert/strict';
import type { Change, HistoryEntry, Page } from '@tracecal/core/contracts';
import { massResult, temperatureResult, twoCountries } from '../../support/hierarchy.js';
import type { Hierarchy } from '../../support/hierarchy.js';
import type { MemoryLedger } from '../../support/memoryLedger.js';
import { ask, registryOf, replay, submit } from '../../support/registry.js';

describe('The history', () => {
  let hierarchy: Hierarchy;
  let ledger: MemoryLedger;

  beforeEach(async () => {
    hierarchy = await twoCountries();
    ledger = await registryOf(hierarchy);
  });

  const bench = {
    device: 'working-a',
    technician: 't-lab-alpha',
    parents: ['reference-a-r1'],
    performed: '2025-12-20',
  };

  const changes = async (kind: string, id: string): Promise<readonly Change[]> => {
    const question = { kind, id, pageSize: 50, bookmark: '' };
    return (await ask<Page<HistoryEntry>>(ledger, 'history', question)).items.flatMap((entry) => entry.changes);
  };

  it('of a device tells which calibration its owner accepted, and that it was found out of its limits', async () => {
    const fail = {
      ...temperatureResult(0.02),
      name: 'As found',
      asFound: true,
      conformity: { of: 'error', overall: 'fail' },
    } as const;
    const found = {
      ...bench,
      id: 'found',
      results: [temperatureResult(0.02), fail],
      stated: { adjusted: true },
    } as const;
    await submit(ledger, hierarchy.addReport(found));
    const calibration = {
      performed: '2025-12-20',
      quantities: ['temperature'],
      foundOutOfLimits: ['temperature'],
      adjusted: true,
    };
    assert.deepEqual((await changes('device', 'oem-a/working-a')).at(-1)?.calibration, calibration);
    const device = 'oem-a/working-a';
    assert.deepEqual((await changes('report', 'lab-alpha/found'))[0]?.calibration, { device, ...calibration });
  });

  it('of a device tells which report a standing consent accepted', async () => {
    await submit(ledger, hierarchy.consent('oem-a', { laboratory: 'lab-alpha' }));
    await submit(ledger, hierarchy.addReport({ ...bench, id: 'next', accepted: 'consent' }));
    const last = (await changes('device', 'oem-a/working-a')).at(-1);
    assert.deepEqual(
      [last?.what, last?.report, last?.calibration?.performed],
      ['consent', 'lab-alpha/next', '2025-12-20'],
    );
  });

  it('names renewals by what they brought, and the new owner of a device', async () => {
    await submit(ledger, await hierarchy.renewDevice('sensor-a'));
    await submit(ledger, await hierarchy.renewKey('lab-alpha'));
    await submit(ledger, hierarchy.transfer('sensor-a', 'lab-alpha'));
    const [imprint, ...later] = await changes('device', 'oem-a/sensor-a');
    assert.deepEqual([imprint?.what, imprint?.renewed], ['device', undefined]);
    assert.deepEqual(
      later.flatMap(({ renewed = null, owner = null }) => ((renewed ?? owner) === null ? [] : [renewed ?? owner])),
      ['key', 'lab-alpha'],
    );
    const members = (await changes('organisation', 'lab-alpha')).filter(({ what }) => what === 'organisation');
    assert.deepEqual(
      members.map(({ renewed }) => renewed),
      [undefined, 'key'],
    );
  });

  it('comes in pages that stay small, however much each transaction said', async function () {
    this.timeout(120_000);
    const results = Array.from({ length: 64 }, (_, place) => ({
      ...massResult(0.02),
      quantity: `gizmo-abcdefghijklmnopqrstuvwxyz-abcdefghijklmnopqrst-${String(place).padStart(2, '0')}`,
      unit: '\\one',
    }));
    const { length } = hierarchy.steps;
    const quantities = results.map(({ quantity }) => quantity);
    await hierarchy.addTechnician({ id: 't-wide', organisation: 'lab-alpha', quantities });
    await replay(hierarchy, ledger, length);
    for (let count = 0; count < 80; count += 1) {
      await submit(ledger, hierarchy.addReport({ ...bench, technician: 't-wide', id: `wide-${count}`, results }));
    }
    const about = { kind: 'device', id: 'oem-a/working-a', pageSize: 200 };
    const sizes: number[] = [];
    const told: string[] = [];
    for (let bookmark: string | undefined = ''; bookmark !== undefined;) {
      const page: Page<HistoryEntry> = await ask<Page<HistoryEntry>>(ledger, 'history', { ...about, bookmark });
      sizes.push(JSON.stringify(page.items).length);
      told.push(...page.items.flatMap(({ changes: all }) => all.flatMap(({ report = [] }) => report)));
      bookmark = page.bookmark === '' ? undefined : page.bookmark;
    }
    assert.ok(sizes.length > 1 && Math.max(...sizes) <= 270_000, sizes.join(', '));
    const wide = told.filter((report) => report.startsWith('lab-alpha/wide-'));
    assert.deepEqual(
      wide,
      Array.from({ length: 80 }, (_, place) => `lab-alpha/wide-${place}`),
    );
  });

  it('of an amended report and of its amendment tells what changed', async () => {
    const results = [temperatureResult(0.02)];
    await submit(ledger, hierarchy.addReport({ ...bench, id: 'first', results }));
    const more = [...results, massResult(0.02)];
    await submit(ledger, hierarchy.addReport({ ...bench, id: 'second', supersedes: 'first', results }));
    await submit(
      ledger,
      hierarchy.addReport({ ...bench, id: 'third', supersedes: 'second', results: more, begun: '2025-12-19' }),
    );
    assert.deepEqual((await changes('report', 'lab-alpha/first')).at(-1)?.amended, []);
    const amended = ['results of mass', 'days of the work'];
    assert.deepEqual((await changes('report', 'lab-alpha/second')).at(-1)?.amended, amended);
    const [own] = await changes('report', 'lab-alpha/third');
    assert.deepEqual([own?.amended, own?.calibration?.supersedes], [amended, 'lab-alpha/second']);
  });
});
