import assert from 'node:assert/strict';
import type { DeviceFile, OrganisationFile, Technician } from '@tracecal/chaincode/model';
import { twoCountries } from '../../support/hierarchy.js';
import type { Hierarchy } from '../../support/hierarchy.js';
import type { MemoryLedger } from '../../support/memoryLedger.js';
import { ask, callerOf, refuses, registryOf, submit } from '../../support/registry.js';

describe('Technicians of the registry', () => {
  let hierarchy: Hierarchy;
  let ledger: MemoryLedger;

  beforeEach(async () => {
    hierarchy = await twoCountries();
    ledger = await registryOf(hierarchy);
  });

  it('are registered by their organisation, in its own file, with its peer taking part', async () => {
    const technician = await hierarchy.addTechnician({ id: 't-new', organisation: 'lab-alpha' });
    const { demanded } = await submit(ledger, 'lab-alpha', 'createTechnician', technician);
    assert.deepEqual(demanded, ['LabAlphaMSP']);
    const { technicians } = await ask<OrganisationFile>(ledger, 'getOrganisation', 'lab-alpha');
    assert.deepEqual(Object.keys(technicians), ['t-lab-alpha', 't-new']);
    const record = await ask<Technician>(ledger, 'getTechnician', 't-new');
    assert.equal(record.certificate, technician.certificate);
    assert.equal(await ledger.evaluate('getTechnicianOrganisation', 't-new'), 'lab-alpha');
  });

  it('are registered for a sensor maker by the laboratory above it, and still need the maker to take part', async () => {
    const technician = await hierarchy.addTechnician({ id: 't-new', organisation: 'oem-a' });
    const { demanded } = await submit(ledger, 'lab-alpha', 'createTechnician', technician);
    assert.deepEqual(demanded, ['OemAMSP']);
  });

  it('are refused from strangers, rivals and those below, and a second time', async () => {
    const technician = await hierarchy.addTechnician({ id: 't-new', organisation: 'lab-alpha' });
    for (const stranger of ['lab-beta', 'nmi-south', 'oem-a']) {
      await refuses(submit(ledger, stranger, 'createTechnician', technician), 'NOT_AUTHORISED', /may not act for/);
    }
    const thief = { mspId: 'LabAlphaMSP', roles: 'technician, visitor' };
    await refuses(ledger.submit(thief, 'createTechnician', JSON.stringify(technician)), 'NOT_AUTHORISED', /registrar/);
    await submit(ledger, 'lab-alpha', 'createTechnician', technician);
    await refuses(submit(ledger, 'lab-alpha', 'createTechnician', technician), 'ALREADY_EXISTS', /t-new/);
  });

  it('are refused with a certificate of another organisation, or of another profile', async () => {
    const other = await hierarchy.addTechnician({ id: 't-other', organisation: 'lab-beta' });
    const claim = { ...other, organisation: 'lab-alpha' };
    await refuses(submit(ledger, 'lab-alpha', 'createTechnician', claim), 'CERTIFICATE_INVALID', /was not issued by/);
    const { certificate } = hierarchy.holder('device', 'sensor-a');
    const device = { ...claim, certificate };
    await refuses(submit(ledger, 'lab-alpha', 'createTechnician', device), 'CERTIFICATE_INVALID', /not a CA/);
    const garbage = { ...claim, certificate: 'AAAA' };
    await refuses(submit(ledger, 'lab-alpha', 'createTechnician', garbage), 'CERTIFICATE_INVALID', /cannot be read/);
  });

  it('are refused to an organisation that is suspended, itself or through one above it', async () => {
    const technician = await hierarchy.addTechnician({ id: 't-new', organisation: 'oem-a' });
    const request = { kind: 'organisation', id: 'lab-alpha', reason: 'unspecified', effective: null };
    await submit(ledger, 'nmi-north', 'suspend', request);
    await refuses(
      submit(ledger, 'oem-a', 'createTechnician', technician),
      'STANDING_INVALID',
      /lab-alpha is suspended/,
    );
    await submit(ledger, 'nmi-north', 'reinstate', request);
    await submit(ledger, 'oem-a', 'createTechnician', technician);
  });
});

describe('Devices of the registry', () => {
  let hierarchy: Hierarchy;
  let ledger: MemoryLedger;

  beforeEach(async () => {
    hierarchy = await twoCountries();
    ledger = await registryOf(hierarchy);
  });

  it("are registered by their technician's organisation; it and the owner take part", async () => {
    const device = await hierarchy.addDevice({ id: 'pt-1', technician: 't-lab-alpha', owner: 'oem-a' });
    const { demanded, event } = await submit(ledger, 'lab-alpha', 'registerDevice', device);
    assert.deepEqual(demanded, ['LabAlphaMSP', 'OemAMSP']);
    assert.deepEqual(event, { name: 'DeviceRegistered', payload: { type: 'DeviceRegistered', id: 'pt-1' } });
    const file = await ask<DeviceFile>(ledger, 'getDevice', 'pt-1');
    assert.deepEqual([file.device.owner, file.statements, file.reports], ['oem-a', [], {}]);
  });

  it('are refused from others, without the role, for an unknown owner or technician, and a second time', async () => {
    const device = await hierarchy.addDevice({ id: 'pt-1', technician: 't-lab-alpha' });
    await refuses(submit(ledger, 'lab-beta', 'registerDevice', device), 'NOT_AUTHORISED', /LabBetaMSP may not act/);
    const issuer = callerOf('lab-alpha', 'issuer');
    await refuses(ledger.submit(issuer, 'registerDevice', JSON.stringify(device)), 'NOT_AUTHORISED', /registrar/);
    const unknown = { ...device, owner: 'nobody' };
    await refuses(submit(ledger, 'lab-alpha', 'registerDevice', unknown), 'NOT_FOUND', /nobody/);
    const ghost = { ...device, technician: 'ghost' };
    await refuses(submit(ledger, 'lab-alpha', 'registerDevice', ghost), 'NOT_FOUND', /ghost/);
    await submit(ledger, 'lab-alpha', 'registerDevice', device);
    await refuses(submit(ledger, 'lab-alpha', 'registerDevice', device), 'ALREADY_EXISTS', /pt-1/);
  });

  it("are refused if their key is not certified by that technician, or he is another organisation's", async () => {
    const device = await hierarchy.addDevice({ id: 'pt-1', technician: 't-lab-beta' });
    const claim = { ...device, organisation: 'lab-alpha', technician: 't-lab-alpha' };
    await refuses(submit(ledger, 'lab-alpha', 'registerDevice', claim), 'CERTIFICATE_INVALID', /was not issued by/);
    const borrowed = { ...device, organisation: 'lab-alpha' };
    await refuses(submit(ledger, 'lab-alpha', 'registerDevice', borrowed), 'CERTIFICATE_INVALID', /has not certified/);
  });

  it('are refused from a technician who is revoked', async () => {
    const device = await hierarchy.addDevice({ id: 'pt-1', technician: 't-lab-alpha' });
    const request = { kind: 'technician', id: 't-lab-alpha', reason: 'cessation', effective: null };
    await submit(ledger, 'lab-alpha', 'revoke', request);
    await refuses(submit(ledger, 'lab-alpha', 'registerDevice', device), 'STANDING_INVALID', /t-lab-alpha is revoked/);
  });
});
