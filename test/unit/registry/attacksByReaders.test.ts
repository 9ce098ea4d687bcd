import assert from 'node:assert/strict';
import { AS_OF, temperatureResult, twoCountries } from '../../support/hierarchy.js';
import type { Hierarchy, Item } from '../../support/hierarchy.js';
import type { MemoryLedger } from '../../support/memoryLedger.js';
import { refuses, registryOf, submit } from '../../support/registry.js';

describe('The registry under attack by members who may only read, and have transactions simulated', () => {
  let hierarchy: Hierarchy;
  let ledger: MemoryLedger;
  let parents: readonly string[];

  beforeEach(async () => {
    hierarchy = await twoCountries();
    parents = await standards();
    ledger = await registryOf(hierarchy);
  });

  /** As many parents, with as many results each, as a report may have. */
  const standards = async (): Promise<readonly string[]> => {
    const ids = Array.from({ length: 16 }, (_, place) => `wide-${place}`);
    for (const id of ids) {
      await hierarchy.addDevice({ id, technician: 't-oem-a' });
      const report = { id: `${id}-r`, device: id, technician: 't-oem-a', parents: ['working-a-r1'] };
      const results = Array.from({ length: 64 }, () => temperatureResult(0.9, [20]));
      hierarchy.addReport({ ...report, results, performed: '2025-12-10', registered: AS_OF });
    }
    return ids.map((id) => `${id}-r`);
  };

  const report = (id: string, rows: number): Item => {
    const results = [temperatureResult(1, new Array<number>(rows).fill(20))];
    const spec = { id, device: 'sensor-a', technician: 't-oem-a', parents, performed: '2025-12-20', results };
    return hierarchy.draft({ ...spec, accepted: false });
  };
  const create = (...items: readonly Item[]) => submit(ledger, ...items);
  const send = (json: string) => ledger.simulate({ mspId: 'OemAMSP' }, 'createReport', json);

  it('reports compare together no more than one of them may', async () => {
    const items = [report('one', 300), report('two', 300)];
    await refuses(create(...items), 'INPUT_INVALID', /than one transaction compares: split it into several/);
    for (const item of items) {
      await create(item);
    }
  });

  it('a report that compares too much by itself is refused by its name, also among others', async () => {
    const items = [report('one', 20), report('two', 600)];
    await refuses(create(...items), 'INPUT_INVALID', /Report oem-a\/two .* more results than one trace compares/);
  });

  it('what is not signed is refused before anything is compared', async () => {
    const { statement, ...beside } = report('forged', 600);
    const [first, ...others] = statement.signatures;
    const forged = { ...statement, signatures: [{ ...first!, signature: others[0]!.signature }, ...others] };
    await refuses(create({ ...beside, statement: forged }), 'SIGNATURE_INVALID', /technician oem-a\/t-oem-a/);
  });

  it('a submission has a bounded length, and bounded numbers of values and members', async () => {
    await refuses(send(`{"items":[${' '.repeat(2_097_152)}]}`), 'JSON_TOO_LARGE', /at most 2097152/);
    await refuses(send(`{"items":[${'{},'.repeat(2000)}{}]}`), 'JSON_TOO_LARGE', /more than 1024 members.*split it/);
    const row = `[${'0,'.repeat(1000)}0]`;
    await refuses(send(`{"items":[${`${row},`.repeat(300)}0]}`), 'JSON_TOO_LARGE', /more than 200000 values/);
  });

  it('a hundred reports of some pages each are registered at once', async () => {
    const results = [
      temperatureResult(
        1,
        Array.from({ length: 100 }, (_, place) => place),
      ),
    ];
    const items = Array.from({ length: 100 }, (_, place) =>
      hierarchy.draft({
        id: `page-${place}`,
        device: 'sensor-a',
        technician: 't-oem-a',
        parents: ['working-a-r1'],
        performed: '2025-12-20',
        results,
        accepted: false,
      }),
    );
    const { event } = await create(...items);
    assert.equal((event?.payload as { readonly items: readonly unknown[] }).items.length, 100);
  });
});
