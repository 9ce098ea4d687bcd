import assert from 'node:assert/strict';
import type { RegistryAnswer } from '@tracecal/core/contracts';
import { everyTransaction } from '../../support/everyTransaction.js';
import { FIXED_DATES, readSigned, twoCountries } from '../../support/hierarchy.js';
import type { Hierarchy, Item } from '../../support/hierarchy.js';
import type { MemoryLedger } from '../../support/memoryLedger.js';
import { ask, callerOf, emptyRegistryOf, refuses, registryOf, submit } from '../../support/registry.js';

/** A consortium that tries out what it will do, with the keys and the channel name of the real one. */
describe('Another registry of the same channel name and the same keys', () => {
  let real: Hierarchy;
  let rehearsal: Hierarchy;
  let ledger: MemoryLedger;

  beforeEach(async () => {
    real = await twoCountries();
    rehearsal = await twoCountries('calibration', { ...FIXED_DATES, founded: '2020-01-02T00:00:00Z' });
    ledger = await registryOf(real);
  });

  it('differs in its founding, which its statements name', async () => {
    assert.notEqual(rehearsal.foundingDigest, real.foundingDigest);
    const { registry } = await ask<RegistryAnswer>(ledger, 'getRegistry');
    assert.equal(registry, `calibration:${real.foundingDigest}`);
    assert.equal(real.registry, registry);
  });

  it('lends this one no statement, whatever it says', async () => {
    const there = await registryOf(rehearsal);
    for (const { name, argument, isSigned } of everyTransaction(rehearsal, (item) => Promise.resolve(item))) {
      if (isSigned) {
        const items = await argument();
        await refuses(ledger.submit(callerOf('nmi-north'), name, items), 'WRONG_REGISTRY', /was signed for registry/);
        // All but seals and heartbeats, which are about the present, are sound where they belong.
        await (['seal', 'heartbeat'].includes(name) ? undefined : there.submit(callerOf('nmi-north'), name, items));
      }
    }
  });

  it('lends this one no acceptance beside a report, and no word of a founder beside a founding', async () => {
    const report = real.addReport({ id: 'next', device: 'sensor-a', technician: 't-oem-a', parents: ['working-a-r1'] });
    const own = report.acceptance ?? assert.fail();
    const acceptance = real.changed(own, { registry: rehearsal.registry });
    await refuses(submit(ledger, { ...report, acceptance }), 'WRONG_REGISTRY', /the acceptance was signed for/);

    const [founding, there] = [real, rehearsal].map(({ steps }) => steps[0]?.item ?? assert.fail());
    const mixed = { ...founding, memberships: there?.memberships } as Item;
    await refuses(submit(emptyRegistryOf(real), mixed), 'WRONG_REGISTRY', /the organisation was signed for/);
  });

  it('is not meant by a statement that names only the channel', async () => {
    const item = real.setInterval('sensor-a', 100);
    const statement = real.changed(item.statement, { registry: 'calibration' });
    assert.equal(readSigned(statement).registry, 'calibration');
    await refuses(submit(ledger, { statement }), 'WRONG_REGISTRY', /registry "calibration", not for "calibration:/);
  });

  it('proves nothing to a trace: where records name another founding, nobody has said anything', async () => {
    assert.equal((await real.trace('sensor-a')).status, 'TRACEABLE');
    real.changeRegistry(() => rehearsal.registryRecord ?? assert.fail());
    const { status, registry } = await real.trace('sensor-a');
    assert.deepEqual([status, registry], ['FAILED', rehearsal.registry]);
  });

  it('lends a record no statement that a trace would hear', async () => {
    const reject = rehearsal.reject('sensor-a-r1');
    const entry = { jws: reject.statement, registered: real.stamp(FIXED_DATES.objected) };
    real.changeDevice('sensor-a', (record) => ({ ...record, ownership: [...record.ownership, entry] }));
    assert.equal((await real.trace('sensor-a')).status, 'TRACEABLE');

    const own = { ...entry, jws: real.changed(reject.statement, { registry: real.registry }) };
    real.changeDevice('sensor-a', (record) => ({ ...record, ownership: [...record.ownership, own] }));
    assert.equal((await real.trace('sensor-a')).status, 'FAILED');
  });
});
