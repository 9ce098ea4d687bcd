import assert from 'node:assert/strict';
import type { AffectedDevice, DeviceAnswer, Page } from '@tracecal/core/contracts';
import type { Verdict } from '@tracecal/core/trace';
import { twoCountries } from '../../support/hierarchy.js';
import type { Hierarchy } from '../../support/hierarchy.js';
import type { MemoryLedger } from '../../support/memoryLedger.js';
import { ask, refuses, registryOf, submit } from '../../support/registry.js';

/** `working-a` is a standard of oem-a, with which `sensor-a` was calibrated. */
describe('A further key of a device', () => {
  let hierarchy: Hierarchy;
  let ledger: MemoryLedger;

  beforeEach(async () => {
    hierarchy = await twoCountries();
    ledger = await registryOf(hierarchy);
  });

  const trace = (device: string, options: object = {}) => ask<Verdict>(ledger, 'traceCal', device, options);
  const next = { device: 'sensor-a', technician: 't-oem-a', parents: ['working-a-r1'], performed: '2025-12-20' };

  it('signs from then on; what the old one signed stays good, and it signs nothing new', async () => {
    const old = hierarchy.draft({ ...next, id: 'with-the-old-key' });
    const { event } = await submit(ledger, await hierarchy.renewDevice('working-a'));
    assert.equal(event?.name, 'DeviceRegistered');
    assert.equal((await trace('oem-a/sensor-a')).status, 'TRACEABLE');
    await refuses(submit(ledger, old), 'SIGNATURE_INVALID', /the key of device:oem-a\/working-a was replaced/);
    await submit(ledger, hierarchy.addReport({ ...next, id: 'with-the-new-key' }));
    const { status, edges } = await trace('oem-a/sensor-a');
    assert.deepEqual([status, edges[0]?.report], ['TRACEABLE', 'oem-a/with-the-new-key']);
  });

  it('can be the same key with a new certificate, before the old one ends', async () => {
    const device = { id: 'short', technician: 't-oem-a', kind: 'field', valid: ['2020-01-01', '2026-01-31'] } as const;
    await submit(ledger, await hierarchy.addDevice(device));
    await submit(ledger, hierarchy.addReport({ ...next, id: 'short-r1', device: 'short' }));
    const later = { asOf: '2026-03-01T12:00:00Z' };
    assert.match((await trace('oem-a/short', later)).reason, /oem-a\/short was not valid on 2026-03-01/);

    const renewal = await hierarchy.renewDevice('short', { sameKeyAs: 'device:short', registered: ledger.now });
    await submit(ledger, renewal);
    assert.equal((await trace('oem-a/short', later)).status, 'TRACEABLE');
    assert.equal((await trace('oem-a/short')).status, 'TRACEABLE');
    const { record, certificateSha256 } = await ask<DeviceAnswer>(ledger, 'getDevice', 'oem-a/short');
    assert.deepEqual(
      [record.imprints.length, record.imprints[1]?.certificate, certificateSha256],
      [2, renewal.certificate, hierarchy.holder('device', 'short').certificateSha256],
    );
  });

  it('is in the change log, because it ends the one before', async () => {
    const renewal = await submit(ledger, await hierarchy.renewDevice('working-a'));
    const first = await submit(ledger, await hierarchy.addDevice({ id: 'pt-1', technician: 't-oem-a' }));
    const lines = ({ writes }: typeof first) => [...writes.keys()].filter((key) => key.includes('log'));
    assert.deepEqual([lines(renewal).length, lines(first).length], [1, 0]);
  });

  it('needs the technician, the new key and whoever owns the device by then', async () => {
    const all = ['technician:t-oem-a', 'device:working-a', 'officer:oem-a/officer'];
    for (const absent of all) {
      const item = await hierarchy.renewDevice('working-a', { signers: all.filter((signer) => signer !== absent) });
      await refuses(submit(ledger, item), 'SIGNATURE_INVALID', /not (validly signed by|signed once by)/);
    }
    const stranger = await hierarchy.renewDevice('working-a', { body: { owner: 'lab-beta' } });
    await refuses(submit(ledger, stranger), 'NOT_AUTHORISED', /is owned by oem-a, not by lab-beta/);
    await submit(ledger, hierarchy.transfer('working-a', 'lab-beta'));
    const former = await hierarchy.renewDevice('working-a', { body: { owner: 'oem-a' } });
    await refuses(submit(ledger, former), 'NOT_AUTHORISED', /is owned by lab-beta, not by oem-a/);
    await submit(ledger, await hierarchy.renewDevice('working-a'));
  });

  it('is one of the same instrument, certified by a technician of the organisation that imprinted it', async () => {
    for (const body of [{ serial: 'another' }, { kind: 'field' }, { intervalDays: 7 }] as const) {
      const item = await hierarchy.renewDevice('working-a', { body });
      await refuses(submit(ledger, item), 'INPUT_INVALID', /leaves its kind, serial number, model/);
    }
    const foreign = await hierarchy.renewDevice('working-a', { technician: 't-oem-b' });
    await refuses(submit(ledger, foreign), 'NOT_AUTHORISED', /t-oem-b is not one of oem-a/);
    const item = await hierarchy.renewDevice('working-a');
    await submit(ledger, item);
    await refuses(submit(ledger, item), 'ALREADY_EXISTS', /is not a new one about device oem-a\/working-a/);
  });

  it('falls with the technician who certified it, and what it signed; what the old one signed does not', async () => {
    await submit(ledger, await hierarchy.addDevice({ id: 'other', technician: 't-oem-a', kind: 'field' }));
    await submit(ledger, hierarchy.addReport({ ...next, id: 'other-r1', device: 'other' }));
    await submit(ledger, await hierarchy.addTechnician({ id: 't-second', organisation: 'oem-a' }));
    await submit(ledger, await hierarchy.renewDevice('working-a', { technician: 't-second' }));
    await submit(ledger, hierarchy.addReport({ ...next, id: 'new' }));
    assert.equal((await trace('oem-a/sensor-a')).status, 'TRACEABLE');

    await submit(ledger, hierarchy.addStatement('revocation', ['person', 't-second'], { reason: 'fraud' }));
    assert.match((await trace('oem-a/sensor-a')).reason, /Technician oem-a\/t-second is revoked/);
    assert.equal((await trace('oem-a/other')).status, 'TRACEABLE');
    const { items } = await ask<Page<AffectedDevice>>(ledger, 'affectedDevices', {
      kind: 'person',
      id: 'oem-a/t-second',
    });
    assert.deepEqual(items.map(({ device }) => device).sort(), ['oem-a/other', 'oem-a/sensor-a', 'oem-a/working-a']);
  });

  it('of its technician does not take away what the old one signed in the same second', async () => {
    const registered = '2025-11-30T12:00:00Z';
    await hierarchy.addDevice({ id: 'other', technician: 't-oem-a', kind: 'field', registered });
    await hierarchy.addTechnician({ id: 't-oem-a', organisation: 'oem-a', registered });
    hierarchy.addReport({ ...next, id: 'other-r1', device: 'other' });
    assert.equal((await hierarchy.trace('other')).status, 'TRACEABLE');
  });

  describe('that no registry would have taken', () => {
    const sensor = async () => hierarchy.trace('sensor-a');

    it('takes no device away from its owner: one that another has signed for counts for nothing', async () => {
      await hierarchy.renewDevice('working-a', { body: { owner: 'lab-beta' } });
      assert.equal((await sensor()).status, 'TRACEABLE');
      hierarchy.addReport({ ...next, id: 'forged' });
      const { status, reason } = await sensor();
      assert.equal(status, 'FAILED');
      assert.match(reason, /signature of standard oem-a\/working-a on report oem-a\/forged is not valid/);
    });

    it('counts for nothing if it is one of another instrument', async () => {
      await hierarchy.renewDevice('working-a', { body: { serial: 'another' } });
      assert.equal((await sensor()).status, 'TRACEABLE');
      hierarchy.addReport({ ...next, id: 'forged' });
      assert.equal((await sensor()).status, 'FAILED');
    });

    it('counts for nothing if it is filed again behind a newer one', async () => {
      await hierarchy.renewDevice('working-a');
      await hierarchy.renewDevice('working-a');
      hierarchy.changeDevice('working-a', (record) => {
        const [, stolen] = record.imprints;
        const [last] = record.imprints.slice(-1);
        assert.ok(stolen && last);
        return { ...record, imprints: [...record.imprints, { ...stolen, registered: last.registered }] };
      });
      hierarchy.addReport({ ...next, id: 'with-the-newest' });
      assert.equal((await sensor()).status, 'TRACEABLE');
    });
  });
});
