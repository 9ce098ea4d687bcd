import { QuotaCounts, SlicedData, Store } from '@tracecal/monitor';
import type { Asker, Slice } from '@tracecal/monitor';
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { findingOf, instrumentOf, MemoryData, NOW, sliceOf } from '../../../support/monitor/site.js';
import { removeTemporaryFolders, temporaryFolder } from '../../../support/temporaryFolder.js';

const T1 = 'oem/T1';
const DAY = 86_400_000;

describe('Data of a monitor, as a user gets them', () => {
  let folder: string;
  let store: Store;
  let quotas: QuotaCounts;
  let data: SlicedData;
  let whole: MemoryData;
  let now: number;

  beforeEach(async () => {
    now = NOW;
    folder = join(temporaryFolder(), 'store');
    whole = new MemoryData([
      instrumentOf(T1, { checkStandard: 'rival-b/secret-standard' }),
      instrumentOf('oem/T2', { department: 'lab' }),
      instrumentOf('oem/T3', { operator: 'operator-b', site: 'site-b' }),
      instrumentOf('oem/T4'),
      instrumentOf('rival-b/secret-standard', { operator: 'operator-b' }),
    ]);
    await open();
  });

  async function open(): Promise<void> {
    store = await Store.open(folder);
    quotas = new QuotaCounts(store);
    data = new SlicedData(whole, quotas, () => now);
  }

  afterEach(() => store.close());
  after(removeTemporaryFolders);

  const asker = (given: Partial<Slice> = {}, above: readonly Slice[] = []): Asker => {
    const slice = sliceOf(given);
    const accounts = [...above, slice].map((each, n) => ({ id: `account-${n}`, ...each }));
    return { slice, accounts };
  };
  const devicesOf = async (given: Partial<Slice>) =>
    (await data.instruments(asker(given), { limit: 10 })).items.map(({ device }) => device);
  const quota = { probesPerDay: 2, bytesPerDay: 100, devices: 2 };

  it('are those of the slice, without the name of a standard outside of it', async () => {
    assert.deepEqual(await devicesOf({}), [T1, 'oem/T2', 'oem/T4']);
    assert.deepEqual(await devicesOf({ departments: ['lab'] }), ['oem/T2']);
    assert.equal((await data.instrument(asker(), T1)).checkStandard, undefined);
    const { items } = await data.measurements(asker(), T1, { limit: 2 });
    assert.doesNotMatch(JSON.stringify(items), /secret/);
  });

  it('come in pages whose ends only say where the slice goes on', async () => {
    const first = await data.instruments(asker({ departments: ['kiln'] }), { limit: 1 });
    assert.deepEqual([first.items.length, first.next], [1, T1]);
    const second = await data.instruments(asker({ departments: ['kiln'] }), { limit: 1, after: T1 });
    assert.deepEqual(second, { items: [instrumentOf('oem/T4')] });
    const third = await data.measurements(asker(), T1, { limit: 2, after: '1' });
    assert.deepEqual([third.items.map(({ value }) => value), third.next], [[2, 3], '3']);
  });

  it('say the same about a device outside and one that does not exist', async () => {
    for (const device of ['oem/T3', 'oem/T9']) {
      for (const ask of [
        data.instrument(asker(), device),
        data.health(asker(), device),
        data.probe(asker(), device),
        data.measurements(asker(), device, { limit: 1 }),
        data.findings(asker(), { limit: 1 }, device),
      ]) {
        await assert.rejects(ask, { code: 'NOT_FOUND', message: 'The slice has no such thing.' });
      }
    }
    assert.deepEqual(whole.probed, []);
    assert.deepEqual(await quotas.usedBy('account-0', now), { probesPerDay: 0, bytesPerDay: 0, devices: 0 });
  });

  it('have findings from the data of the own operator alone, and devices of the slice in what they propose', async () => {
    whole.hold(findingOf(T1), 'operator-a');
    whole.hold(findingOf(T1, { name: 'together' }));
    whole.hold(findingOf('oem/T3'), 'operator-b');
    whole.hold(findingOf('oem/T2'), 'operator-a');
    whole.hold(
      findingOf('firmware=2', {
        subject: { kind: 'cohort', id: 'firmware=2' },
        says: 'oem/T1, oem/T2 and rival-b/secret-standard are stuck.',
        proposes: { action: 'quarantine', devices: [T1, 'oem/T2', 'oem/T3'] },
      }),
      'operator-a',
    );
    whole.hold(findingOf('site-a', { subject: { kind: 'site', id: 'site-a' }, says: 'A site.' }), 'operator-a');
    const { items } = await data.findings(asker({ departments: ['kiln'] }), { limit: 10 });
    assert.deepEqual(
      items.map(({ says, proposes }) => [says, proposes?.devices]),
      [
        ['oem/T1 drifts by 0.1 a year.', undefined],
        ['drift was found: see the devices of the proposal.', [T1]],
      ],
    );
    const all = await data.findings(asker(), { limit: 10 });
    assert.deepEqual([all.items.length, all.items[2]?.proposes?.devices], [4, [T1, 'oem/T2']]);
  });

  it('have proposals for devices of the slice that follow from a device outside, without a word about that one', async () => {
    const proposes = { action: 'recalibrate', devices: [T1, 'oem/T2', 'oem/T3'] } as const;
    whole.hold(findingOf('oem/T2', { proposes }), 'operator-a');
    const kiln = asker({ departments: ['kiln'] });
    const expected = [
      findingOf(T1, {
        says: 'drift was found outside of the slice: see the devices of the proposal.',
        evidence: [],
        proposes: { action: 'recalibrate', devices: [T1] },
      }),
    ];
    assert.deepEqual((await data.findings(kiln, { limit: 10 })).items, expected);
    assert.deepEqual((await data.findings(kiln, { limit: 10 }, T1)).items, expected);
    assert.deepEqual((await data.findings(kiln, { limit: 10 }, 'oem/T4')).items, []);
    assert.deepEqual((await data.findings(asker({ departments: ['office'] }), { limit: 10 })).items, []);
  });

  it('end where the quota of the day ends, also after a restart, until the next UTC day', async () => {
    const limited = asker({ quotas: quota });
    await data.probe(limited, T1);
    await data.probe(limited, 'oem/T2');
    await assert.rejects(data.instrument(limited, 'oem/T4'), {
      code: 'QUOTA_SPENT',
      message: /devices of this UTC day/,
    });
    await data.instrument(limited, T1);
    await store.close();
    await open();
    await assert.rejects(data.probe(limited, T1), { code: 'QUOTA_SPENT', message: /probes of this UTC day/ });
    now += DAY;
    await data.probe(limited, 'oem/T4');
    await quotas.forgetBefore(now);
    assert.deepEqual(await quotas.usedBy('account-0', now - DAY), { probesPerDay: 0, bytesPerDay: 0, devices: 0 });
    assert.equal((await quotas.usedBy('account-0', now)).probesPerDay, 1);
  });

  it('charge everybody above in the chain, and nobody where one of them has nothing left', async () => {
    const below = asker({}, [sliceOf({ quotas: quota })]);
    await quotas.take(below.accounts, { bytes: 100 }, now);
    await assert.rejects(quotas.take(below.accounts, { bytes: 1 }, now), { code: 'QUOTA_SPENT' });
    assert.equal((await quotas.usedBy('account-1', now)).bytesPerDay, 100);
  });

  it('count right when many ask at once', async () => {
    const limited = asker({ quotas: { ...quota, probesPerDay: 5 } });
    const asked = await Promise.allSettled(Array.from({ length: 20 }, () => data.probe(limited, T1)));
    assert.equal(asked.filter(({ status }) => status === 'fulfilled').length, 5);
    assert.equal(whole.probed.length, 5);
  });

  it('are probed at most as often, and as far, as the slice and those above it allow', async () => {
    const limited = asker({}, [sliceOf({ probeLimits: { leastSecondsBetween: 60, largestOutput: 10 } })]);
    await assert.rejects(data.probe(limited, T1, -11), { code: 'OUTPUT_TOO_LARGE' });
    await data.probe(limited, T1, -10);
    now += 59_999;
    await assert.rejects(data.probe(limited, T1), { code: 'PROBE_TOO_SOON' });
    await data.probe(limited, 'oem/T2');
    now += 1;
    await data.probe(limited, T1);
  });
});
