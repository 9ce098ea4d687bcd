import assert from 'node:assert/strict';
import type { DeviceAnswer, DeviceSummary, Page, PersonAnswer } from '@tracecal/core/contracts';
import type { Verdict } from '@tracecal/core/trace';
import { twoCountries } from '../../support/hierarchy.js';
import type { Hierarchy } from '../../support/hierarchy.js';
import type { MemoryLedger } from '../../support/memoryLedger.js';
import { ask, refuses, registryOf, submit } from '../../support/registry.js';

describe('Technicians of the registry', () => {
  let hierarchy: Hierarchy;
  let ledger: MemoryLedger;

  beforeEach(async () => {
    hierarchy = await twoCountries();
    ledger = await registryOf(hierarchy);
  });

  it('are registered by their organisation and themselves, in a record of their own', async () => {
    const item = await hierarchy.addTechnician({ id: 't-new', organisation: 'lab-alpha', quantities: ['mass'] });
    const { event } = await submit(ledger, item);
    assert.equal(event?.name, 'TechnicianCreated');
    const person = await ask<PersonAnswer>(ledger, 'getTechnician', 'lab-alpha/t-new');
    assert.deepEqual(
      [person.organisation, person.role, person.quantities, person.impediments],
      ['lab-alpha', 'technician', ['mass'], []],
    );
    assert.equal(person.record.authorisations[0]?.certificate, item.certificate);
    assert.equal(await ledger.evaluate('getTechnicianOrganisation', 'lab-alpha/t-new'), 'lab-alpha');
  });

  it('are refused without the word of their organisation or their own signature', async () => {
    const spec = { id: 't-new', organisation: 'lab-alpha' };
    for (const [signers, words] of [
      [['technician:lab-alpha/t-new'], /not signed once by lab-alpha/],
      [['officer:lab-alpha/officer'], /not validly signed by technician:lab-alpha\/t-new/],
      [['technician:lab-alpha/t-new', 'officer:lab-beta/officer'], /not signed once by lab-alpha/],
      [['technician:lab-alpha/t-new', 'officer:nmi-north/officer'], /not signed once by lab-alpha/],
      [
        ['technician:lab-alpha/t-new', 'officer:lab-alpha/officer', 'organisation:lab-alpha'],
        /not signed once by lab-alpha/,
      ],
      [
        ['technician:lab-alpha/t-new', 'officer:lab-alpha/officer', 'technician:t-lab-alpha'],
        /signature of technician:lab-alpha\/t-lab-alpha, which has no part in it/,
      ],
    ] as const) {
      const item = await hierarchy.addTechnician({ ...spec, signers });
      await refuses(submit(ledger, item), 'SIGNATURE_INVALID', words);
    }
    await submit(ledger, await hierarchy.addTechnician(spec));
  });

  it('cannot be registered for more kinds of quantity than a statement names', async () => {
    const quantities = Array.from({ length: 65 }, (_, place) => `kind-${place}`);
    const many = await hierarchy.addTechnician({ id: 't-many', organisation: 'lab-alpha', quantities });
    await refuses(submit(ledger, many), 'INPUT_INVALID', /body\.quantities: must name at most 64 kinds of quantity/);
  });

  it('cannot be registered again with the same statement, but with a new key or for other quantities', async () => {
    const item = await hierarchy.addTechnician({ id: 't-new', organisation: 'lab-alpha' });
    await submit(ledger, item);
    await refuses(submit(ledger, item), 'ALREADY_EXISTS', /is not a new one about person lab-alpha\/t-new/);
    const renewal = await hierarchy.addTechnician({ id: 't-new', organisation: 'lab-alpha', quantities: ['mass'] });
    await submit(ledger, renewal);
    const { record, quantities } = await ask<PersonAnswer>(ledger, 'getTechnician', 'lab-alpha/t-new');
    assert.deepEqual([record.authorisations.length, quantities], [2, ['mass']]);
  });

  it('keep what they signed with an old key good, and sign with the new one from then on', async () => {
    const report = { device: 'sensor-a', technician: 't-oem-a', parents: ['working-a-r1'] };
    await submit(ledger, await hierarchy.addTechnician({ id: 't-oem-a', organisation: 'oem-a' }));
    const status = async () => (await ask<Verdict>(ledger, 'traceCal', 'oem-a/sensor-a', '{}')).status;
    assert.equal(await status(), 'TRACEABLE');
    await submit(ledger, hierarchy.addReport({ ...report, id: 'next', performed: '2025-12-20' }));
    assert.equal(await status(), 'TRACEABLE');
  });

  it('keep what they signed good when they are authorised for less, which holds from the next epoch on', async () => {
    const report = { device: 'sensor-a', technician: 't-oem-a', parents: ['working-a-r1'], performed: '2025-12-20' };
    await submit(ledger, hierarchy.addReport({ ...report, id: 'next' }));
    const less = await hierarchy.addTechnician({ id: 't-oem-a', organisation: 'oem-a', quantities: ['mass'] });
    await submit(ledger, less);
    const verdict = await ask<Verdict>(ledger, 'traceCal', 'oem-a/sensor-a', '{}');
    assert.deepEqual([verdict.status, verdict.edges[0]?.report], ['TRACEABLE', 'oem-a/next']);
    await submit(ledger, hierarchy.seal(ledger.now));
    const after = hierarchy.draft({ ...report, id: 'after' });
    await refuses(submit(ledger, after), 'NOT_AUTHORISED', /t-oem-a may not sign for temperature/);
  });

  it('are refused with a certificate of another organisation, of another profile, or that has run out', async () => {
    const lab = { organisation: 'lab-alpha' };
    const foreign = await hierarchy.addTechnician({ ...lab, id: 't-foreign', certifiedBy: 'lab-beta' });
    await refuses(submit(ledger, foreign), 'CERTIFICATE_INVALID', /was not issued by lab-alpha/);
    const item = await hierarchy.addTechnician({ ...lab, id: 't-new' });
    const { certificate } = hierarchy.holder('technician', 't-lab-beta');
    await refuses(submit(ledger, { ...item, certificate }), 'CERTIFICATE_INVALID', /not the one that the statement/);
    const { certificate: device, certificateSha256 } = hierarchy.holder('device', 'sensor-a');
    const statement = hierarchy.changed(item.statement, { body: { certificateSha256 } });
    await refuses(submit(ledger, { statement, certificate: device }), 'CERTIFICATE_INVALID', /technician certificate/);
    await refuses(submit(ledger, { ...item, certificate: 'AAAA' }), 'CERTIFICATE_INVALID', /cannot be read/);
    const old = await hierarchy.addTechnician({ ...lab, id: 't-old', valid: ['2020-01-01', '2025-12-31'] });
    await refuses(submit(ledger, old), 'CERTIFICATE_INVALID', /valid from 2020-01-01 to 2025-12-31, not on 2026-01-01/);
  });

  it('are refused to an organisation that is suspended, itself or through one above it', async () => {
    await submit(ledger, hierarchy.addStatement('suspension', ['organisation', 'lab-alpha']));
    const now = { registered: '2025-12-02T00:00:00Z' };
    const item = await hierarchy.addTechnician({ id: 't-new', organisation: 'oem-a', ...now });
    await refuses(submit(ledger, item), 'NOT_AUTHORISED', /lab-alpha is suspended/);
    const effective = '2025-12-01T01:00:00Z';
    await submit(ledger, hierarchy.addStatement('reinstatement', ['organisation', 'lab-alpha'], { effective }));
    const { now: registered } = ledger;
    await submit(ledger, await hierarchy.addTechnician({ id: 't-later', organisation: 'oem-a', registered }));
  });
});

describe('Officers of the registry', () => {
  let hierarchy: Hierarchy;
  let ledger: MemoryLedger;

  beforeEach(async () => {
    hierarchy = await twoCountries();
    ledger = await registryOf(hierarchy);
  });

  it("are authorised by their organisation's own key, not by one another", async () => {
    const spec = { id: 'second', organisation: 'lab-alpha' };
    const byOfficer = ['officer:lab-alpha/second', 'officer:lab-alpha/officer'];
    const item = await hierarchy.addOfficer({ ...spec, signers: byOfficer });
    await refuses(submit(ledger, item), 'SIGNATURE_INVALID', /authorisation about lab-alpha\/second is not/);
    await submit(ledger, await hierarchy.addOfficer(spec));
    const { role } = await ask<PersonAnswer>(ledger, 'getTechnician', 'lab-alpha/second');
    assert.equal(role, 'officer');
  });

  it('speak for their organisation until they are revoked', async () => {
    await submit(ledger, hierarchy.setInterval('sensor-a', 400));
    const reason = { reason: 'cessation', registered: ledger.now, signers: ['organisation:oem-a'] } as const;
    await submit(ledger, hierarchy.addStatement('revocation', ['person', 'oem-a/officer'], reason));
    const late = hierarchy.setInterval('sensor-a', 500, { date: ledger.now });
    await refuses(submit(ledger, late), 'NOT_AUTHORISED', /officer oem-a\/officer is revoked/);
    await submit(ledger, hierarchy.setInterval('sensor-a', 500, { signers: ['organisation:oem-a'] }));
  });
});

describe('Devices of the registry', () => {
  let hierarchy: Hierarchy;
  let ledger: MemoryLedger;

  beforeEach(async () => {
    hierarchy = await twoCountries();
    ledger = await registryOf(hierarchy);
  });

  const device = (id = 'oem-a/sensor-a') => ask<DeviceAnswer>(ledger, 'getDevice', id);

  it('are registered by the technician who imprinted them, their own key and their owner', async () => {
    const { event } = await submit(
      ledger,
      await hierarchy.addDevice({ id: 'pt-1', technician: 't-lab-alpha', owner: 'oem-a', intervalDays: 365 }),
    );
    assert.equal(event?.name, 'DeviceRegistered');
    const { organisation, owner, intervalDays, current, impediments } = await device('lab-alpha/pt-1');
    assert.deepEqual([organisation, owner, intervalDays, current, impediments], ['lab-alpha', 'oem-a', 365, [], []]);
  });

  it('are refused without each of these signatures', async () => {
    const spec = { id: 'pt-1', technician: 't-lab-alpha', owner: 'oem-a' };
    const all = ['technician:t-lab-alpha', 'device:lab-alpha/pt-1', 'officer:oem-a/officer'];
    for (const absent of all) {
      const item = await hierarchy.addDevice({ ...spec, signers: all.filter((signer) => signer !== absent) });
      await refuses(submit(ledger, item), 'SIGNATURE_INVALID', /not (validly signed by|signed once by)/);
    }
    const others = [...all, 'officer:lab-alpha/officer'];
    const item = await hierarchy.addDevice({ ...spec, signers: others });
    await refuses(submit(ledger, item), 'SIGNATURE_INVALID', /officer:lab-alpha\/officer, which has no part in it/);
  });

  it('are refused for an unknown owner or technician, and a second time', async () => {
    const item = await hierarchy.addDevice({ id: 'pt-1', technician: 't-lab-alpha' });
    const changed = (body: object) => ({
      ...item,
      statement: hierarchy.changed(item.statement, { body }, ['technician:t-lab-alpha', 'device:lab-alpha/pt-1']),
    });
    await refuses(submit(ledger, changed({ owner: 'nobody' })), 'NOT_FOUND', /nobody/);
    await refuses(submit(ledger, changed({ technician: 'lab-alpha/ghost' })), 'NOT_FOUND', /lab-alpha\/ghost/);
    await submit(ledger, item);
    await refuses(submit(ledger, item), 'ALREADY_EXISTS', /lab-alpha\/pt-1/);
  });

  it("are refused if their key is not certified by that technician, or they are another organisation's", async () => {
    const odd = await hierarchy.addDevice({ id: 'pt-1', technician: 't-lab-alpha', certifiedBy: 't-lab-beta' });
    await refuses(submit(ledger, odd), 'CERTIFICATE_INVALID', /was not issued by/);
    const item = await hierarchy.addDevice({ id: 'pt-2', technician: 't-lab-alpha' });
    const signers = ['technician:t-lab-beta', 'device:lab-alpha/pt-2', 'officer:lab-alpha/officer'];
    const statement = hierarchy.changed(item.statement, { body: { technician: 'lab-beta/t-lab-beta' } }, signers);
    await refuses(submit(ledger, { ...item, statement }), 'NOT_AUTHORISED', /t-lab-beta is not one of lab-alpha/);
  });

  it('are refused by the word of an officer of the owner who is suspended', async () => {
    const item = await hierarchy.addDevice({ id: 'pt-3', technician: 't-lab-alpha', owner: 'oem-a' });
    await submit(ledger, hierarchy.addStatement('suspension', ['person', 'oem-a/officer']));
    await refuses(submit(ledger, item), 'NOT_AUTHORISED', /officer oem-a\/officer is suspended/);
    const lifted = ['person', 'oem-a/officer'] as const;
    await hierarchy.addOfficer({ id: 'second', organisation: 'oem-a', registered: ledger.now });
    await submit(ledger, hierarchy.steps.at(-1)!.item);
    const byAnother = hierarchy.addStatement('reinstatement', lifted, { signers: ['officer:oem-a/second'] });
    await refuses(submit(ledger, byAnother), 'SIGNATURE_INVALID', /with the key of oem-a itself, not by an officer/);
    await submit(ledger, hierarchy.addStatement('reinstatement', lifted));
    await submit(ledger, item);
  });

  it('are refused from a technician who is revoked, and from an officer', async () => {
    const item = await hierarchy.addDevice({ id: 'pt-1', technician: 't-lab-alpha', registered: ledger.now });
    const spec = { reason: 'cessation', effective: '2025-12-30T00:00:00Z' } as const;
    await submit(ledger, hierarchy.addStatement('revocation', ['person', 't-lab-alpha'], spec));
    await refuses(submit(ledger, item), 'NOT_AUTHORISED', /t-lab-alpha is revoked/);
    const officer = { body: { technician: 'lab-alpha/officer' } };
    const signers = ['officer:lab-alpha/officer', 'device:lab-alpha/pt-1'];
    const statement = hierarchy.changed(item.statement, officer, signers);
    await refuses(submit(ledger, { ...item, statement }), 'NOT_AUTHORISED', /officer is not a technician/);
  });

  it('change hands when both owners have signed; the new one decides from then on', async () => {
    const one = hierarchy.transfer('sensor-a', 'lab-beta', { signers: ['officer:oem-a/officer'] });
    await refuses(submit(ledger, one), 'SIGNATURE_INVALID', /not signed once by lab-beta/);
    const { event } = await submit(
      ledger,
      hierarchy.transfer('sensor-a', 'lab-beta', { by: 'oem-a', intervalDays: 90 }),
    );
    assert.equal(event?.name, 'DeviceTransferred');
    const { owner, organisation, intervalDays } = await device();
    assert.deepEqual([owner, organisation, intervalDays], ['lab-beta', 'oem-a', 90]);
    const devicesOf = async (id: string) => {
      const { items } = await ask<Page<DeviceSummary>>(ledger, 'findDevices', { owner: id });
      return items.map((each) => each.id);
    };
    assert.deepEqual(await devicesOf('lab-beta'), ['lab-beta/reference-b', 'oem-a/sensor-a']);
    assert.deepEqual(await devicesOf('oem-a'), ['oem-a/working-a']);

    const old = hierarchy.setInterval('sensor-a', 30, { by: 'oem-a' });
    await refuses(submit(ledger, old), 'NOT_AUTHORISED', /is owned by lab-beta, not by oem-a/);
    await submit(ledger, hierarchy.setInterval('sensor-a', 30));
    assert.equal((await device()).intervalDays, 30);
  });
});
