import assert from 'node:assert/strict';
import type { HistoryEntry, OrganisationAnswer, Page, RegistryAnswer } from '@tracecal/core/contracts';
import type { Verdict } from '@tracecal/core/trace';
import { temperatureScope, twoCountries } from '../../support/hierarchy.js';
import type { Hierarchy, Item } from '../../support/hierarchy.js';
import type { MemoryLedger } from '../../support/memoryLedger.js';
import { ask, emptyRegistryOf, refuses, registryOf, RELAY, replay, submit } from '../../support/registry.js';

describe('Organisations of the registry', () => {
  let hierarchy: Hierarchy;
  let ledger: MemoryLedger;
  let lab: Item;

  beforeEach(async () => {
    hierarchy = await twoCountries();
    ledger = await registryOf(hierarchy);
    lab = await hierarchy.addOrganisation({ id: 'lab-new', kind: 'LAB', certifiedBy: 'nmi-north' });
  });

  /** The same organisation with something else in its statement, signed by those whom this needs. */
  const changed = (item: Item, body: object, signers?: readonly string[]): Item => ({
    ...item,
    statement: hierarchy.changed(item.statement, { body }, signers),
  });

  it('are registered by themselves and their certifier', async () => {
    const { event } = await submit(ledger, lab);
    assert.equal(event?.name, 'OrganisationCreated');
    const { kind, mspId, certifier, impediments } = await organisation('lab-new');
    assert.deepEqual([kind, mspId, certifier, impediments], ['LAB', 'LabNewMSP', 'nmi-north', []]);
    await submit(ledger, await hierarchy.addOrganisation({ id: 'oem-new', kind: 'OEM', certifiedBy: 'lab-alpha' }));
  });

  const organisation = (id: string) => ask<OrganisationAnswer>(ledger, 'getOrganisation', id);

  it('are refused without either signature, with those of others, and a second time', async () => {
    const own = 'organisation:lab-new';
    for (const signers of [
      [own],
      ['officer:nmi-north/officer'],
      [own, 'officer:nmi-south/officer'],
      [own, 'officer:lab-alpha/officer'],
      [own, 'officer:nmi-north/officer', 'officer:nmi-south/officer'],
    ]) {
      await refuses(submit(ledger, changed(lab, {}, signers)), 'SIGNATURE_INVALID', /lab-new/);
    }
    await submit(ledger, lab);
    await refuses(submit(ledger, lab), 'ALREADY_EXISTS', /lab-new/);
  });

  it('are refused if their certificate is not by their certifier, has run out, or names an unknown certifier', async () => {
    const stranger = changed(lab, { certifier: 'lab-alpha' });
    await refuses(submit(ledger, stranger), 'CERTIFICATE_INVALID', /not issued by lab-alpha/);
    const valid = ['2020-01-01', '2021-01-01'] as const;
    const old = await hierarchy.addOrganisation({ id: 'lab-old', kind: 'LAB', certifiedBy: 'nmi-north', valid });
    await refuses(submit(ledger, old), 'CERTIFICATE_INVALID', /valid from 2020-01-01 to 2021-01-01, not on/);
    const orphan = changed(lab, { certifier: 'nobody' }, ['organisation:lab-new']);
    await refuses(submit(ledger, orphan), 'NOT_FOUND', /nobody/);
    await refuses(submit(ledger, changed(lab, { certifier: null })), 'INPUT_INVALID', /must name/);
    const institute = changed(lab, { certifier: null, kind: 'NMI' });
    await refuses(submit(ledger, institute), 'INPUT_INVALID', /an institute is admitted by the others/);
  });

  it('are refused below an organisation that is suspended or revoked', async () => {
    await submit(ledger, hierarchy.addStatement('suspension', ['organisation', 'lab-alpha']));
    const registered = '2025-12-02T00:00:00Z';
    const spec = { id: 'oem-new', kind: 'OEM', certifiedBy: 'lab-alpha', registered } as const;
    await refuses(submit(ledger, await hierarchy.addOrganisation(spec)), 'NOT_AUTHORISED', /lab-alpha is suspended/);
  });

  it('share an MSP only with the word of one that acts through it already', async () => {
    await submit(ledger, lab);
    const division = { id: 'lab-division', kind: 'LAB', certifiedBy: 'nmi-north', mspId: 'LabNewMSP' } as const;
    const item = await hierarchy.addOrganisation(division);
    await refuses(submit(ledger, item), 'NOT_AUTHORISED', /lab-new already acts through LabNewMSP/);
    const signers = ['organisation:lab-division', 'officer:nmi-north/officer', 'organisation:lab-new'];
    await submit(ledger, changed(item, {}, signers));
  });

  it('get a new key by their own new signature and their certifier’s; what they were stays as it is', async () => {
    const from = hierarchy.steps.length;
    const renewed = await hierarchy.renewKey('lab-alpha');
    const alone = changed(renewed, {}, ['organisation:lab-alpha']);
    await refuses(submit(ledger, alone), 'SIGNATURE_INVALID', /not signed once by nmi-north/);
    const moved = changed(renewed, { kind: 'OEM' });
    await refuses(submit(ledger, moved), 'INPUT_INVALID', /leaves its kind, MSP, certifier and pseudonym as they are/);
    await replay(hierarchy, ledger, from);
    assert.equal((await organisation('lab-alpha')).record.memberships.length, 2);
    assert.equal(await status(), 'TRACEABLE');
    await submit(ledger, await hierarchy.addTechnician({ id: 't-new', organisation: 'lab-alpha' }));
    const report = { device: 'working-a', technician: 't-new', parents: ['reference-a-r1'] };
    await submit(ledger, hierarchy.addReport({ ...report, id: 'next', performed: '2025-12-20' }));
    assert.equal((await ask<Verdict>(ledger, 'traceCal', 'oem-a/working-a', '{}')).status, 'TRACEABLE');
  });

  const status = async () => (await ask<Verdict>(ledger, 'traceCal', 'oem-a/sensor-a', '{}')).status;

  it('are granted scopes by their certifier only; an institute by a majority of the institutes', async () => {
    const scopes = [temperatureScope({ min: 250, max: 1000 })];
    for (const author of ['lab-alpha', 'nmi-south', 'lab-beta']) {
      const item = hierarchy.accredit('lab-alpha', scopes, { author });
      await refuses(submit(ledger, item), 'NOT_AUTHORISED', new RegExp(`${author} may not accredit lab-alpha`));
    }
    const forged = hierarchy.accredit('lab-alpha', scopes, { signers: ['officer:lab-alpha/officer'] });
    await refuses(submit(ledger, forged), 'SIGNATURE_INVALID', /not signed once by nmi-north/);
    const { event } = await submit(ledger, hierarchy.accredit('lab-alpha', scopes));
    assert.equal(event?.name, 'Accredited');
    const { lines } = await organisation('lab-alpha');
    const { registered, ...line } = lines.at(-1) ?? assert.fail('no line');
    assert.deepEqual(line, { scope: scopes[0], by: 'nmi-north', body: null, number: null });
    assert.match(registered.date, /^2026-01-01/);

    const alone = hierarchy.accredit('nmi-south', scopes, { signers: ['officer:nmi-south/officer'] });
    await refuses(submit(ledger, alone), 'SIGNATURE_INVALID', /not signed by a majority of the standing institutes/);
    await submit(ledger, hierarchy.accredit('nmi-south', scopes));
  });

  it('are granted scopes by an accreditation body where the registry’s policy says so', async () => {
    const body = { id: 'body', kind: 'ACCREDITATION_BODY', certifiedBy: 'nmi-north' } as const;
    await submit(ledger, await hierarchy.addOrganisation(body));
    const grant = () => submit(ledger, hierarchy.accredit('lab-alpha', [temperatureScope()], { author: 'body' }));
    const officer = hierarchy.steps.at(-1)!;
    await ledger.submit(RELAY, officer.transaction, officer.argument);
    await refuses(grant(), 'NOT_AUTHORISED', /body may not accredit lab-alpha/);
    const alone = hierarchy.setPolicy({ accreditors: 'body' }, { signers: ['officer:nmi-north/officer'] });
    await refuses(submit(ledger, alone), 'SIGNATURE_INVALID', /majority/);
    await submit(ledger, hierarchy.setPolicy({ accreditors: 'body' }));
    assert.equal((await ask<RegistryAnswer>(ledger, 'getRegistry')).policy.accreditors, 'body');
    await grant();
    const byCertifier = hierarchy.accredit('lab-alpha', [temperatureScope()]);
    await refuses(submit(ledger, byCertifier), 'NOT_AUTHORISED', /nmi-north may not accredit lab-alpha/);
  });

  it('lose a line of their accreditation from a day on; what was calibrated until then stays covered', async () => {
    const reduce = (validTo: string, spec: Partial<Parameters<Hierarchy['reduce']>[1]> = {}) =>
      submit(ledger, hierarchy.reduce('lab-alpha', { validTo, ...spec }));
    for (const author of ['lab-alpha', 'nmi-south']) {
      await refuses(reduce('2026-01-01', { author }), 'NOT_FOUND', new RegExp(`${author} has not granted lab-alpha`));
    }
    await refuses(reduce('2026-01-01', { accreditation: 7 }), 'NOT_FOUND', /in its accreditation statement 7/);
    await refuses(reduce('2026-01-01', { lines: [2] }), 'NOT_FOUND', /has not granted lab-alpha such lines/);

    const { event } = await reduce('2025-01-01', { lines: [0] });
    assert.equal(event?.name, 'AccreditationReduced');
    const { lines } = await organisation('lab-alpha');
    const last = lines.map(({ scope }) => `${scope.quantity} ${scope.validTo}`);
    assert.deepEqual(last, ['temperature 2026-01-01', 'mass 2045-12-31'], 'not before the day of the reduction');
    assert.equal(await status(), 'TRACEABLE');
    ledger.now = '2026-02-01T00:00:00Z';
    const report = { id: 'next', device: 'working-a', technician: 't-lab-alpha', parents: ['reference-a-r1'] };
    await submit(ledger, hierarchy.addReport({ ...report, performed: '2026-02-01', registered: ledger.now }));
    const options = JSON.stringify({ asOf: ledger.now });
    const late = await ask<Verdict>(ledger, 'traceCal', 'oem-a/working-a', options);
    assert.equal(late.status, 'INCOMPLETE');
    assert.match(late.reason, /lab-alpha had no accreditation on 2026-02-01/);
    const told = await ask<Page<HistoryEntry>>(ledger, 'history', { kind: 'organisation', id: 'lab-alpha' });
    const what = told.items.flatMap(({ changes }) => changes.map((change) => change.what));
    assert.deepEqual(what, ['organisation', 'accreditation', 'reduction']);
  });

  it('are granted no line that allows any uncertainty at 0 °C', async () => {
    const relative = (scale: object) =>
      submit(
        ledger,
        hierarchy.accredit('lab-alpha', [
          temperatureScope(),
          temperatureScope({ cmc: { form: 'constant', relative: true, value: 0.001 }, ...scale }),
        ]),
      );
    await refuses(
      relative({ min: -50, max: 400 }),
      'INPUT_INVALID',
      /line 2: the CMC is only a part of the value.* at 0 °C/,
    );
    await relative({ min: 300, max: 400 });
  });

  it('hold a bounded number of lines a statement', async () => {
    const lines = Array.from({ length: 65 }, () => temperatureScope());
    await refuses(submit(ledger, hierarchy.accredit('lab-alpha', lines)), 'INPUT_INVALID', /lines/);
  });
});

describe('National institutes of the registry', () => {
  let hierarchy: Hierarchy;

  beforeEach(async () => {
    hierarchy = await twoCountries();
  });

  it('found it together, with a statement that all members were started with', async () => {
    const ledger = emptyRegistryOf(hierarchy);
    const founding = hierarchy.steps[0]!;
    const { event } = await submit(ledger, founding.item);
    assert.equal(event?.name, 'Founded');
    const registry = await ask<RegistryAnswer>(ledger, 'getRegistry');
    assert.equal(registry.founding, hierarchy.foundingDigest);
    assert.deepEqual(
      registry.institutes.map(({ id }) => id),
      ['nmi-north', 'nmi-south', 'nmi-east'],
    );
    await refuses(submit(ledger, founding.item), 'ALREADY_EXISTS', /founded already/);
  });

  it('are refused to found it without a certificate, a membership or a signature of each', async () => {
    const { certificates = [], memberships = [], ...item } = hierarchy.steps[0]!.item;
    const attempt = (changes: Partial<Item>) =>
      submit(emptyRegistryOf(hierarchy), { ...item, certificates, memberships, ...changes });
    await refuses(attempt({ certificates: certificates.slice(1) }), 'INPUT_INVALID', /of each institute/);
    await refuses(attempt({ memberships: memberships.slice(1) }), 'INPUT_INVALID', /of each institute/);
    const swapped = [certificates[1]!, certificates[0]!, certificates[2]!];
    await refuses(attempt({ certificates: swapped }), 'CERTIFICATE_INVALID', /not the one that the statement names/);
    const { statement } = item;
    const unsigned = { ...statement, signatures: statement.signatures.slice(1) };
    await refuses(attempt({ statement: unsigned }), 'SIGNATURE_INVALID', /organisation:nmi-north/);
  });

  it('are admitted by a majority of those that stand, and by themselves', async () => {
    const ledger = await registryOf(hierarchy);
    const institute = { id: 'nmi-west', kind: 'NMI' } as const;
    const own = 'organisation:nmi-west';
    const [north, south, east] = ['nmi-north', 'nmi-south', 'nmi-east'].map((id) => `officer:${id}/officer`);
    const item = await hierarchy.addOrganisation(institute);
    for (const signers of [
      [own, north!],
      [north!, south!, east!],
      [own, north!, 'officer:lab-alpha/officer'],
      [own, north!, 'organisation:nmi-north'],
      [own, south!, east!],
    ]) {
      const statement = hierarchy.changed(item.statement, {}, signers);
      await refuses(submit(ledger, { ...item, statement }), 'SIGNATURE_INVALID', /admission about nmi-west/);
    }
    const statement = hierarchy.changed(item.statement, { author: 'nmi-south' }, [own, south!, east!]);
    const { event } = await submit(ledger, { ...item, statement });
    assert.equal(event?.name, 'InstituteAdmitted');
    await refuses(submit(ledger, item), 'ALREADY_EXISTS', /nmi-west is registered already/);
  });

  it('are admitted only by one another, not by laboratories', async () => {
    const ledger = await registryOf(hierarchy);
    const item = await hierarchy.addOrganisation({ id: 'nmi-west', kind: 'NMI' });
    const signers = ['organisation:nmi-west', 'officer:lab-alpha/officer', 'officer:lab-beta/officer'];
    const statement = hierarchy.changed(item.statement, { author: 'lab-alpha' }, signers);
    await refuses(submit(ledger, { ...item, statement }), 'NOT_AUTHORISED', /lab-alpha is not an institute/);
  });

  it('that are revoked neither admit others nor keep them out', async () => {
    const ledger = await registryOf(hierarchy);
    const spec = { reason: 'key-compromise', author: 'nmi-north' } as const;
    await submit(ledger, hierarchy.addStatement('revocation', ['organisation', 'nmi-south'], spec));
    const item = await hierarchy.addOrganisation({ id: 'nmi-west', kind: 'NMI' });
    const signers = ['organisation:nmi-west', 'officer:nmi-north/officer', 'officer:nmi-south/officer'];
    const dead = hierarchy.changed(item.statement, {}, signers);
    await refuses(submit(ledger, { ...item, statement: dead }), 'SIGNATURE_INVALID', /majority/);
    await submit(ledger, item);
  });

  it('are refused with a certificate that is not their own root', async () => {
    const ledger = await registryOf(hierarchy);
    const item = await hierarchy.addOrganisation({ id: 'nmi-west', kind: 'NMI' });
    const { certificate } = await hierarchy.addOrganisation({ id: 'lab-x', kind: 'LAB', certifiedBy: 'nmi-north' });
    const other = { ...item, certificate: certificate! };
    await refuses(submit(ledger, other), 'CERTIFICATE_INVALID', /is not the one that the statement names/);
    const lab = hierarchy.holder('organisation', 'lab-x');
    const body = { certificateSha256: lab.certificateSha256 };
    const statement = hierarchy.changed(item.statement, { body });
    await refuses(submit(ledger, { ...other, statement }), 'INPUT_INVALID', /name the same certificate/);
  });

  it('roll over to a new root key by an officer under the old one', async () => {
    const ledger = await registryOf(hierarchy);
    const item = await hierarchy.renewKey('nmi-north');
    const alone = hierarchy.changed(item.statement, {}, ['organisation:nmi-north']);
    await refuses(submit(ledger, { ...item, statement: alone }), 'SIGNATURE_INVALID', /not signed once by nmi-north/);
    const foreign = hierarchy.changed(item.statement, {}, ['organisation:nmi-north', 'officer:nmi-south/officer']);
    await refuses(submit(ledger, { ...item, statement: foreign }), 'SIGNATURE_INVALID', /not signed once/);
    await submit(ledger, item);
    const { status, roots } = await ask<Verdict>(ledger, 'traceCal', 'oem-a/sensor-a', '{}');
    const { certificateSha256 } = hierarchy.holder('organisation', 'nmi-north');
    assert.deepEqual([status, roots], ['TRACEABLE', [{ organisation: 'nmi-north', sha256: certificateSha256 }]]);
  });
});
