import assert from 'node:assert/strict';
import type { NewOrganisation, OrganisationFile } from '@tracecal/chaincode/model';
import type { HistoryEntry } from '@tracecal/chaincode/registry';
import type { Verdict } from '@tracecal/chaincode/trace';
import { Hierarchy, temperatureScope, twoCountries } from '../../support/hierarchy.js';
import type { MemoryLedger } from '../../support/memoryLedger.js';
import { ask, callerOf, refuses, registryOf, submit } from '../../support/registry.js';

describe('Organisations of the registry', () => {
  let hierarchy: Hierarchy;
  let ledger: MemoryLedger;
  let lab: NewOrganisation;

  beforeEach(async () => {
    hierarchy = await twoCountries();
    ledger = await registryOf(hierarchy);
    lab = await hierarchy.addOrganisation({ id: 'lab-new', kind: 'LAB', certifiedBy: 'nmi-north' });
  });

  it('are registered by the national institute above whoever certifies them, with the certifier taking part', async () => {
    const { event, demanded } = await submit(ledger, 'nmi-north', 'createOrganisation', lab);
    assert.deepEqual(event, { name: 'OrganisationCreated', payload: { type: 'OrganisationCreated', id: 'lab-new' } });
    assert.deepEqual(demanded, ['NmiNorthMSP']);

    const plant = await hierarchy.addOrganisation({ id: 'oem-new', kind: 'OEM', certifiedBy: 'lab-alpha' });
    const below = await submit(ledger, 'nmi-north', 'createOrganisation', plant);
    assert.deepEqual(below.demanded, ['LabAlphaMSP', 'NmiNorthMSP']);
  });

  it('are refused from anybody else, from a client without the role, and a second time', async () => {
    await refuses(submit(ledger, 'nmi-south', 'createOrganisation', lab), 'NOT_AUTHORISED', /NmiSouthMSP may not act/);
    await refuses(submit(ledger, 'lab-alpha', 'createOrganisation', lab), 'NOT_AUTHORISED', /LabAlphaMSP may not act/);
    const issuer = callerOf('nmi-north', 'issuer');
    await refuses(ledger.submit(issuer, 'createOrganisation', JSON.stringify(lab)), 'NOT_AUTHORISED', /"registrar"/);
    const nobody = { mspId: 'NmiNorthMSP' };
    await refuses(ledger.submit(nobody, 'createOrganisation', JSON.stringify(lab)), 'NOT_AUTHORISED', /"registrar"/);
    await submit(ledger, 'nmi-north', 'createOrganisation', lab);
    await refuses(submit(ledger, 'nmi-north', 'createOrganisation', lab), 'ALREADY_EXISTS', /lab-new/);
  });

  it('are refused if their certificate is not by their certifier, has run out, or names an unknown certifier', async () => {
    const stranger = { ...lab, certifiedBy: 'lab-alpha' };
    await refuses(
      submit(ledger, 'nmi-north', 'createOrganisation', stranger),
      'CERTIFICATE_INVALID',
      /not issued by lab-alpha/,
    );
    const old = await hierarchy.addOrganisation({
      id: 'lab-old',
      kind: 'LAB',
      certifiedBy: 'nmi-north',
      valid: ['2020-01-01', '2021-01-01'],
    });
    await refuses(submit(ledger, 'nmi-north', 'createOrganisation', old), 'CERTIFICATE_INVALID', /was not valid on/);
    const orphan = { ...lab, certifiedBy: 'nobody' };
    await refuses(submit(ledger, 'nmi-north', 'createOrganisation', orphan), 'NOT_FOUND', /nobody/);
    const free = { ...lab, certifiedBy: null };
    await refuses(submit(ledger, 'nmi-north', 'createOrganisation', free), 'INPUT_INVALID', /must name/);
  });

  it('are refused below an organisation that is suspended or revoked', async () => {
    await submit(ledger, 'nmi-north', 'suspend', standing('organisation', 'lab-alpha'));
    const plant = await hierarchy.addOrganisation({ id: 'oem-new', kind: 'OEM', certifiedBy: 'lab-alpha' });
    await refuses(
      submit(ledger, 'nmi-north', 'createOrganisation', plant),
      'STANDING_INVALID',
      /lab-alpha is suspended/,
    );
  });

  it('get a lane whose key only their own peer can write, and need that peer to share an MSP', async () => {
    await submit(ledger, 'nmi-north', 'createOrganisation', lab);
    const division = await hierarchy.addOrganisation({
      id: 'lab-division',
      kind: 'LAB',
      certifiedBy: 'nmi-north',
      mspId: 'LabNewMSP',
    });
    const { demanded } = await submit(ledger, 'nmi-north', 'createOrganisation', division);
    assert.deepEqual(demanded, ['LabNewMSP', 'NmiNorthMSP']);
  });

  it('are granted scopes by those above them only', async () => {
    const scopes = [temperatureScope({ min: 250, max: 1000 })];
    const grant = { organisation: 'lab-alpha', scopes };
    const { demanded } = await submit(ledger, 'nmi-north', 'grantScopes', grant);
    assert.deepEqual(demanded, ['NmiNorthMSP']);
    const file = await ask<OrganisationFile>(ledger, 'getOrganisation', 'lab-alpha');
    assert.deepEqual(file.scopes.slice(-1), scopes);

    await refuses(submit(ledger, 'lab-alpha', 'grantScopes', grant), 'NOT_AUTHORISED', /LabAlphaMSP may not act/);
    await refuses(submit(ledger, 'nmi-south', 'grantScopes', grant), 'NOT_AUTHORISED', /NmiSouthMSP may not act/);
    await submit(ledger, 'nmi-south', 'grantScopes', { organisation: 'nmi-south', scopes });
  });

  it('lose a line of their accreditation from a day on; what was calibrated until then stays covered', async () => {
    const { performed } = hierarchy.payloadOf('working-a-r1');
    const { scopes } = await ask<OrganisationFile>(ledger, 'getOrganisation', 'lab-alpha');
    const scope = scopes.find(({ quantity }) => quantity === 'temperature');
    const reduce = (by: string, validTo: string, line = scope) =>
      submit(ledger, by, 'reduceScopes', { organisation: 'lab-alpha', scopes: [line], validTo });
    const status = async () => (await ask<Verdict>(ledger, 'traceCal', 'sensor-a', '{}')).status;

    for (const rival of ['lab-alpha', 'nmi-south']) {
      await refuses(reduce(rival, performed.end), 'NOT_AUTHORISED', /may not act/);
    }
    await refuses(reduce('nmi-north', '2045-12-31'), 'TIME_INVALID', /from 2020-01-01 to 2045-12-31/);
    await refuses(reduce('nmi-north', '2019-12-31'), 'TIME_INVALID', /early on 2019-12-31/);
    await refuses(
      reduce('nmi-north', performed.end, temperatureScope({ max: 251 })),
      'NOT_FOUND',
      /lab-alpha holds no such scope/,
    );

    const { event, demanded } = await reduce('nmi-north', performed.end);
    assert.deepEqual(event?.payload, { type: 'ScopesReduced', id: 'lab-alpha' });
    assert.deepEqual(demanded, ['NmiNorthMSP']);
    assert.equal(await status(), 'TRACEABLE');
    await reduce('nmi-north', '2020-01-01', temperatureScope({ validTo: performed.end }));
    assert.equal(await status(), 'FAILED');
    const told = await ask<HistoryEntry[]>(ledger, 'history', { kind: 'organisation', id: 'lab-alpha' });
    const what = told.flatMap(({ changes }) => changes.map((change) => change.what));
    assert.equal(what.filter((each) => each === 'scopes-reduced').length, 2);
  });

  it('hold a bounded number of scopes at a time, and any that have run out', async () => {
    const lines = (count: number, validTo?: string) => ({
      organisation: 'lab-alpha',
      scopes: Array.from({ length: count }, () => temperatureScope(validTo === undefined ? {} : { validTo })),
    });
    for (const year of ['2024', '2025']) {
      await submit(ledger, 'nmi-north', 'grantScopes', lines(200, `${year}-12-31`));
    }
    const { scopes } = await ask<OrganisationFile>(ledger, 'getOrganisation', 'lab-alpha');
    const now = scopes.filter(({ validTo }) => validTo >= ledger.now.slice(0, 10)).length;
    await submit(ledger, 'nmi-north', 'grantScopes', lines(200 - now));
    await refuses(
      submit(ledger, 'nmi-north', 'grantScopes', lines(1)),
      'INPUT_INVALID',
      /at most 200 scopes that have/,
    );
  });
});

describe('National institutes of the registry', () => {
  it('begin with one that registers itself; nobody else can found the registry for it', async () => {
    const hierarchy = new Hierarchy();
    const nmi = await hierarchy.addOrganisation({ id: 'nmi-north', kind: 'NMI' });
    const ledger = await registryOf(new Hierarchy());
    await refuses(submit(ledger, 'lab-alpha', 'createOrganisation', nmi), 'NOT_AUTHORISED', /LabAlphaMSP may not act/);
    const { demanded } = await submit(ledger, 'nmi-north', 'createOrganisation', nmi);
    assert.deepEqual(demanded, []);
  });

  it('are admitted by every other one, each by its own submission of the same document', async () => {
    const hierarchy = await twoCountries();
    const ledger = await registryOf(hierarchy);
    const third = await hierarchy.addOrganisation({ id: 'nmi-west', kind: 'NMI' });

    const proposed = await submit(ledger, 'nmi-south', 'createOrganisation', third);
    assert.deepEqual(JSON.parse(proposed.answer), {
      type: 'OrganisationProposed',
      id: 'nmi-west',
      awaiting: ['nmi-north'],
    });
    assert.deepEqual(proposed.demanded, ['NmiSouthMSP']);
    await refuses(ask(ledger, 'getOrganisation', 'nmi-west'), 'NOT_FOUND', /nmi-west/);

    // The same institute again, another document, or an institute that wants to admit itself: no second vote.
    await submit(ledger, 'nmi-south', 'createOrganisation', third);
    const other = { ...third, name: 'Another name' };
    const again = await submit(ledger, 'nmi-north', 'createOrganisation', other);
    assert.equal(again.event?.name, 'OrganisationProposed');
    await refuses(submit(ledger, 'nmi-west', 'createOrganisation', third), 'NOT_AUTHORISED', /may admit nmi-west/);

    const admitted = await submit(ledger, 'nmi-north', 'createOrganisation', third);
    assert.equal(admitted.event?.name, 'OrganisationCreated');
    assert.deepEqual(admitted.demanded, ['NmiNorthMSP', 'NmiSouthMSP']);
  });

  it('that share an MSP admit others with one voice', async () => {
    const hierarchy = await twoCountries();
    await hierarchy.addOrganisation({ id: 'nmi-division', kind: 'NMI', mspId: 'NmiSouthMSP' });
    const ledger = await registryOf(hierarchy);
    const third = await hierarchy.addOrganisation({ id: 'nmi-west', kind: 'NMI' });
    const proposed = await submit(ledger, 'nmi-south', 'createOrganisation', third);
    assert.deepEqual(proposed.event?.payload, {
      type: 'OrganisationProposed',
      id: 'nmi-west',
      awaiting: ['nmi-north'],
    });
    assert.deepEqual(proposed.demanded, ['NmiSouthMSP']);
    const admitted = await submit(ledger, 'nmi-north', 'createOrganisation', third);
    assert.equal(admitted.event?.name, 'OrganisationCreated');
  });

  it('that are revoked neither admit others nor keep them out', async () => {
    const hierarchy = await twoCountries();
    const ledger = await registryOf(hierarchy);
    await submit(ledger, 'nmi-south', 'revoke', standing('organisation', 'nmi-south'));
    const third = await hierarchy.addOrganisation({ id: 'nmi-west', kind: 'NMI' });
    await refuses(submit(ledger, 'nmi-south', 'createOrganisation', third), 'NOT_AUTHORISED', /may admit/);
    const { event } = await submit(ledger, 'nmi-north', 'createOrganisation', third);
    assert.equal(event?.name, 'OrganisationCreated');
  });

  it('are refused with a certificate that is not their own', async () => {
    const hierarchy = await twoCountries();
    const ledger = await registryOf(hierarchy);
    const third = await hierarchy.addOrganisation({ id: 'nmi-west', kind: 'NMI' });
    const { certificate } = await hierarchy.addOrganisation({ id: 'lab-x', kind: 'LAB', certifiedBy: 'nmi-north' });
    await refuses(
      submit(ledger, 'nmi-north', 'createOrganisation', { ...third, certificate }),
      'CERTIFICATE_INVALID',
      /was not issued by nmi-west/,
    );
    await refuses(
      submit(ledger, 'nmi-north', 'createOrganisation', { ...third, certifiedBy: 'nmi-north' }),
      'INPUT_INVALID',
      /stands at the top/,
    );
  });
});

function standing(kind: string, id: string) {
  return { kind, id, reason: 'unspecified', effective: null };
}
