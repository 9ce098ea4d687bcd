import assert from 'node:assert/strict';
import type {
  AffectedDevice,
  DeviceAnswer,
  DeviceSummary,
  HistoryEntry,
  Listed,
  OrganisationAnswer,
  Page,
} from '@tracecal/core/contracts';
import { pseudonymOf, WITHHELD } from '@tracecal/core/model';
import type { PseudonymFile } from '@tracecal/core/pseudonym';
import type { Verdict } from '@tracecal/core/trace';
import { mspIdOf, temperatureResult, transcribing, twoCountries } from '../../support/hierarchy.js';
import type { Hierarchy, Item } from '../../support/hierarchy.js';
import type { MemoryLedger, Simulation } from '../../support/memoryLedger.js';
import {
  DEVICE_FACTS,
  hiddenDevice,
  ORGANISATION_FACTS,
  pseudonymFor,
  withoutPseudonym,
} from '../../support/pseudonyms.js';
import { ask, refuses, registryOf, submit } from '../../support/registry.js';

const ALL = { pageSize: 100, bookmark: '' };

describe('A pseudonym in the registry', () => {
  let hierarchy: Hierarchy;
  let ledger: MemoryLedger;
  let gold: PseudonymFile;
  const done: Simulation[] = [];

  const send = async (...items: readonly Item[]) => {
    done.push(await submit(ledger, ...items));
  };
  const verdict = (device: string) => ask<Verdict>(ledger, 'traceCal', device, {});
  const status = async (device: string) => (await verdict(device)).status;
  const changed = (item: Item, changes: object, signers?: readonly string[]): Item => ({
    ...item,
    statement: hierarchy.changed(item.statement, changes as Record<string, unknown>, signers),
  });
  const hiddenLab = (certifier = 'nmi-north') => pseudonymFor(hierarchy, { kind: 'organisation', certifier });
  const addHidden = (pseudonym: PseudonymFile, more: object = {}) =>
    hierarchy.addOrganisation({
      ...{ id: pseudonym.id, kind: 'LAB', certifiedBy: pseudonym.certifier, mspId: mspIdOf(pseudonym.certifier) },
      pseudonym,
      ...more,
    });

  beforeEach(async () => {
    done.length = 0;
    hierarchy = await twoCountries();
    ledger = await registryOf(hierarchy);
    gold = pseudonymFor(hierarchy, { kind: 'device', certifier: 'nmi-north', scopes: { note: 'members' } });
  });

  /** The gold standard, a standard of the laboratory that it calibrated, and a sensor that that one calibrated. */
  const chain = async (): Promise<void> => {
    await send(await hierarchy.addDevice({ id: 'gold', technician: 't-nmi-north', pseudonym: gold }));
    const work = { performed: '2025-12-20' };
    await send(hierarchy.addReport({ ...work, id: 'gold-r', device: gold.id, technician: 't-nmi-north' }));
    await send(await hierarchy.addDevice({ id: 'silver', technician: 't-lab-alpha' }));
    const silver = { id: 'silver-r', device: 'silver', technician: 't-nmi-north', parents: ['gold-r'] };
    await send(hierarchy.addReport({ ...silver, performed: '2025-12-21' }));
    await send(await hierarchy.addDevice({ id: 'probe', technician: 't-lab-alpha', kind: 'field' }));
    const probe = { id: 'probe-r', device: 'probe', technician: 't-lab-alpha', parents: ['silver-r'] };
    await send(hierarchy.addReport({ ...probe, performed: '2025-12-22' }));
  };

  it('is traced, listed as affected and falls like every other standard', async () => {
    await chain();
    assert.equal(await status('lab-alpha/probe'), 'TRACEABLE');
    const about = { kind: 'device', id: gold.id, ...ALL };
    const { items } = await ask<Page<AffectedDevice>>(ledger, 'affectedDevices', about);
    assert.deepEqual(items.map(({ device }) => device).sort(), ['lab-alpha/probe', 'lab-alpha/silver']);
    await send(hierarchy.addStatement('revocation', ['device', gold.id], { reason: 'out-of-tolerance' }));
    assert.equal(await status('lab-alpha/probe'), 'FAILED');
    const history = await ask<Page<HistoryEntry>>(ledger, 'history', about);
    assert.deepEqual(
      history.items.flatMap(({ changes }) => changes.map(({ what }) => what)),
      ['device', 'acceptance', 'revocation'],
    );
  });

  it('says that things are withheld wherever they would be shown, and nobody finds it by a serial number', async () => {
    await chain();
    const device = await ask<DeviceAnswer>(ledger, 'getDevice', gold.id);
    assert.deepEqual([device.serial, device.model, device.manufacturer], [WITHHELD, WITHHELD, WITHHELD]);
    assert.deepEqual(device.pseudonym, gold.pseudonym);
    const find = (question: object) => ask<Page<DeviceSummary>>(ledger, 'findDevices', { ...question, ...ALL });
    for (const serial of [WITHHELD, DEVICE_FACTS.serial]) assert.deepEqual((await find({ serial })).items, []);
    const owned = (await find({ owner: 'nmi-north' })).items.find(({ id }) => id === gold.id);
    assert.equal(owned?.pseudonymous, true);
    const { items } = await ask<Page<Listed & { readonly pseudonymous?: true }>>(ledger, 'listRegistered', {
      kind: 'device',
      ...ALL,
    });
    assert.deepEqual(
      items.filter(({ pseudonymous }) => pseudonymous).map(({ id }) => id),
      [gold.id],
    );
  });

  it('shows no fact and no salt in anything that is written, announced or answered', async () => {
    await chain();
    const lab = hiddenLab();
    await send(await addHidden(lab));
    await send(hierarchy.addStatement('suspension', ['device', gold.id]));
    const about = { kind: 'device', id: gold.id, ...ALL };
    const answers = await Promise.all([
      ...(['getDevice', 'traceCal'] as const).map((name) =>
        ledger.evaluate(name, gold.id, ...(name === 'traceCal' ? ['{}'] : [])),
      ),
      ledger.evaluate('traceCal', 'lab-alpha/probe', JSON.stringify({ explain: true })),
      ledger.evaluate('getOrganisation', lab.id),
      ...['history', 'affectedDevices'].map((name) => ledger.evaluate(name, JSON.stringify(about))),
      ledger.evaluate('listRegistered', JSON.stringify({ kind: 'organisation', ...ALL })),
    ]);
    const texts = [
      ...answers,
      ...[...ledger.state].flatMap(([key, value]) => [key, value.toString()]),
      ...done.flatMap(({ answer, event, writes, reads }) => [
        answer,
        JSON.stringify(event),
        ...reads,
        ...[...writes].flatMap(([key, value]) => [key, value.toString()]),
      ]),
    ];
    // What is signed travels in base64url: it is read as it was signed.
    const decoded = texts.flatMap((text) =>
      [...text.matchAll(/"payload":"([A-Za-z0-9_-]+)"/g)].map(([, payload = '']) =>
        Buffer.from(payload, 'base64url').toString(),
      ),
    );
    assert.ok(
      decoded.some((text) => text.includes(gold.pseudonym.root)),
      'the statement is among them',
    );
    const secrets = [gold, lab].flatMap(({ facts, filler }) => [
      filler,
      ...facts.flatMap(({ value, salt }) => (value.length > 2 ? [value, salt] : [salt])),
    ]);
    for (const secret of secrets) {
      for (const text of [...texts, ...decoded]) assert.ok(!text.includes(secret));
    }
  });

  it('is refused unless its id follows from it, and it states exactly what its scopes make public', async () => {
    const item = await hierarchy.addDevice({ id: 'gold', technician: 't-nmi-north', pseudonym: gold });
    const refused = async (body: object, words: RegExp) => {
      await refuses(submit(ledger, changed(item, { body })), 'INPUT_INVALID', words);
    };
    await refused({ serial: DEVICE_FACTS.serial }, /must have "withheld" as its serial/);
    await refused({ manufacturer: 'Withheld' }, /must have "withheld" as its manufacturer/);
    const { pseudonym } = gold;
    await refused({ pseudonym: { ...pseudonym, scopes: { model: 'general' } } }, /must state its model/);
    await refused({ pseudonym: { ...pseudonym, otherwise: 'general' } }, /must state its manufacturer/);
    await refused({ pseudonym: { ...pseudonym, root: '0'.repeat(64) } }, /must have the id that follows/);
    await refused({ pseudonym: { ...pseudonym, scopes: { 'Serial number': 'members' } } }, /name of a fact|scopes/);
    await refused({ pseudonym: { ...pseudonym, scopes: { serial: 'nobody' } } }, /general or members or parties/);
    const names = Array.from({ length: 17 }, (_, place) => `fact-${place}`);
    const many = Object.fromEntries(names.map((name) => [name, 'members']));
    await refused({ pseudonym: { ...pseudonym, scopes: many } }, /at most 16 facts/);
    await refused({ pseudonym: { ...pseudonym, salts: [] } }, /salts/);
    // Names that every object has are names like others.
    const odd = { ...pseudonym, scopes: { constructor: 'members' } };
    await refuses(
      submit(ledger, changed(item, { body: { pseudonym: odd, serial: 'x' } })),
      'INPUT_INVALID',
      /must have "withheld" as its serial/,
    );
    await submit(ledger, item);
  });

  it('states openly what its scopes make public, and is found by a serial number that is', async () => {
    const open = pseudonymFor(hierarchy, { kind: 'device', certifier: 'nmi-north', scopes: { serial: 'general' } });
    const item = await hierarchy.addDevice({ id: 'open', technician: 't-nmi-north', pseudonym: open });
    assert.equal(hiddenDevice(open).serial, DEVICE_FACTS.serial);
    await submit(ledger, item);
    const question = { serial: DEVICE_FACTS.serial, ...ALL };
    const { items } = await ask<Page<DeviceSummary>>(ledger, 'findDevices', question);
    assert.deepEqual(
      items.map(({ id, model }) => [id, model]),
      [[open.id, WITHHELD]],
    );
  });

  it('stays as it is when a key is renewed: it is not added, dropped or changed', async () => {
    await chain();
    const open = await hierarchy.renewDevice('silver', { body: { pseudonym: gold.pseudonym } });
    await refuses(submit(ledger, open), 'INPUT_INVALID', /must have the id that follows/);
    for (const body of [
      { pseudonym: { ...gold.pseudonym, otherwise: 'members' as const } },
      { pseudonym: { ...gold.pseudonym, scopes: {} } },
    ]) {
      const item = await hierarchy.renewDevice(gold.id, { body });
      await refuses(submit(ledger, item), 'INPUT_INVALID', /leaves its .*pseudonym/);
    }
    const dropped = withoutPseudonym(hierarchy, await hierarchy.renewDevice(gold.id), { serial: 'SN 1' });
    await refuses(submit(ledger, dropped), 'INPUT_INVALID', /leaves its .*pseudonym/);
    await submit(ledger, await hierarchy.renewDevice(gold.id));
    assert.equal(await status('lab-alpha/probe'), 'TRACEABLE');
  });

  it('is nothing that somebody has who registers openly, in any spelling', async () => {
    const look = pseudonymOf('nmi-north', '0'.repeat(64));
    for (const id of [look, look.toUpperCase(), look.replace(/[a-z]$/, '0'), look.replace('-', '_')]) {
      const device = await hierarchy.addDevice({ id, technician: 't-nmi-north' });
      await refuses(submit(ledger, device), 'INPUT_INVALID', /looks like a pseudonym/);
      const lab = await hierarchy.addOrganisation({ id, kind: 'LAB', certifiedBy: 'nmi-north' });
      await refuses(submit(ledger, lab), 'INPUT_INVALID', /looks like a pseudonym/);
    }
    for (const serial of [WITHHELD, 'Withheld', ' WITHHELD ']) {
      const item = await hierarchy.addDevice({ id: `x${serial.length}`, technician: 't-nmi-north', serial });
      await refuses(submit(ledger, item), 'INPUT_INVALID', /only a pseudonym withholds/);
    }
    const lab = await hierarchy.addOrganisation({ id: 'lab-new', kind: 'LAB', certifiedBy: 'nmi-north' });
    const unnamed = changed(lab, { body: { name: 'Withheld' } });
    await refuses(submit(ledger, unnamed), 'INPUT_INVALID', /only a pseudonym withholds/);
    await submit(ledger, lab);
    const renewed = changed(await hierarchy.renewKey('lab-alpha'), { body: { name: WITHHELD } });
    await refuses(submit(ledger, renewed), 'INPUT_INVALID', /only a pseudonym withholds/);
    const institute = await hierarchy.addOrganisation({ id: look, kind: 'NMI' });
    await refuses(submit(ledger, institute), 'INPUT_INVALID', /looks like a pseudonym/);
  });

  it('is not copied from somebody else, and not given by somebody else', async () => {
    const item = await hierarchy.addDevice({ id: 'gold', technician: 't-nmi-north', pseudonym: gold });
    await submit(ledger, item);
    const stolen = { ...gold, id: gold.id.replace('nmi-north', 'lab-beta') };
    const copy = await hierarchy.addDevice({ id: 'copy', technician: 't-lab-beta', pseudonym: stolen });
    await refuses(submit(ledger, copy), 'INPUT_INVALID', /must have the id that follows/);
    const foreign = await hierarchy.addDevice({ id: 'foreign', technician: 't-lab-beta', pseudonym: gold });
    await refuses(submit(ledger, foreign), 'INPUT_INVALID', /must have the id that follows|ALREADY/);
  });
});

describe('An organisation under a pseudonym', () => {
  let hierarchy: Hierarchy;
  let ledger: MemoryLedger;
  let file: PseudonymFile;

  const add = (pseudonym: PseudonymFile, more: object = {}) =>
    hierarchy.addOrganisation({
      ...{ id: pseudonym.id, kind: 'LAB', certifiedBy: pseudonym.certifier, mspId: mspIdOf(pseudonym.certifier) },
      pseudonym,
      ...more,
    });
  const changed = (item: Item, body: object): Item => ({
    ...item,
    statement: hierarchy.changed(item.statement, { body }),
  });

  /** Registers it, with what the builder registers besides: its officer and its accreditation. */
  const register = async (pseudonym: PseudonymFile, more: object = {}): Promise<void> => {
    const from = hierarchy.steps.length;
    await add(pseudonym, more);
    for (const { argument, transaction } of hierarchy.submissions(from)) {
      await ledger.submit({ mspId: mspIdOf('nmi-north') }, transaction, argument);
    }
  };

  beforeEach(async () => {
    hierarchy = await twoCountries();
    ledger = await registryOf(hierarchy);
    file = pseudonymFor(hierarchy, { kind: 'organisation', certifier: 'nmi-north' });
  });

  it('is registered without name and country, and is accredited, calibrates, owns and is revoked', async () => {
    await register(file);
    const known = await ask<OrganisationAnswer>(ledger, 'getOrganisation', file.id);
    assert.deepEqual([known.name, known.country, known.certifier], [WITHHELD, 'ZZ', 'nmi-north']);
    assert.ok(known.lines.length > 0);
    await submit(ledger, await hierarchy.addTechnician({ id: 't-hidden', organisation: file.id }));
    await submit(ledger, await hierarchy.addDevice({ id: 'hidden-standard', technician: 't-hidden' }));
    const calibrated = {
      id: 'hidden-r',
      device: 'hidden-standard',
      technician: 't-nmi-north',
      parents: ['primary-a-r1'],
    };
    await submit(ledger, hierarchy.addReport({ ...calibrated, performed: '2025-12-20' }));
    const device = { id: 'hidden-sensor', technician: 't-oem-b', kind: 'field', owner: file.id } as const;
    await submit(ledger, await hierarchy.addDevice(device));
    const report = { id: 'hidden-s', device: 'hidden-sensor', technician: 't-hidden', parents: ['hidden-r'] };
    await submit(ledger, hierarchy.addReport({ ...report, performed: '2025-12-22' }));
    const trace = () => ask<Verdict>(ledger, 'traceCal', 'oem-b/hidden-sensor', {});
    assert.equal((await trace()).status, 'TRACEABLE');
    await submit(ledger, hierarchy.addStatement('revocation', ['organisation', file.id], { reason: 'fraud' }));
    assert.equal((await trace()).status, 'FAILED');
  });

  it('acts through the MSP of its certifier alone, and is no institute and no accreditation body', async () => {
    const item = await add(file);
    await refuses(submit(ledger, changed(item, { mspId: 'LabBetaMSP' })), 'INPUT_INVALID', /MSP of nmi-north alone/);
    await refuses(submit(ledger, changed(item, { mspId: 'NewMSP' })), 'INPUT_INVALID', /MSP of nmi-north alone/);
    await refuses(
      submit(ledger, changed(item, { kind: 'ACCREDITATION_BODY' })),
      'INPUT_INVALID',
      /institutes and accreditation bodies are known by name/,
    );
    await refuses(
      submit(ledger, changed(item, { kind: 'NMI', certifier: null })),
      'INPUT_INVALID',
      /institutes and accreditation bodies are known by name/,
    );
    await refuses(submit(ledger, changed(item, { certifier: 'nmi-south' })), 'INPUT_INVALID', /id that follows/);
    await refuses(submit(ledger, changed(item, { name: ORGANISATION_FACTS.name })), 'INPUT_INVALID', /as its name/);
    await refuses(submit(ledger, changed(item, { country: 'IS' })), 'INPUT_INVALID', /"ZZ" as its country/);
    await submit(ledger, item);
  });

  it('lets nobody else act through that MSP', async () => {
    await register(file);
    const acting = await ask<readonly { readonly id: string }[]>(ledger, 'getOrganisationsOfMsp', mspIdOf('nmi-north'));
    assert.deepEqual(
      acting.map(({ id }) => id),
      ['nmi-north'],
    );
    const mspId = mspIdOf('nmi-north');
    const spec = { id: 'lab-south', kind: 'LAB', certifiedBy: 'nmi-south', mspId } as const;
    const accomplice = await hierarchy.addOrganisation(spec);
    const signers = ['organisation:lab-south', 'officer:nmi-south/officer', `organisation:${file.id}`];
    const invited = { ...accomplice, statement: hierarchy.changed(accomplice.statement, {}, signers) };
    await refuses(submit(ledger, invited), 'NOT_AUTHORISED', /nmi-north already acts through NmiNorthMSP/);
    const below = await hierarchy.addOrganisation({ id: 'oem-new', kind: 'OEM', certifiedBy: file.id, mspId });
    await refuses(submit(ledger, below), 'NOT_AUTHORISED', /nmi-north already acts through NmiNorthMSP/);
  });

  it('keeps its pseudonym with a further key, and nobody gets one with a further key', async () => {
    await register(file);
    const own = await hierarchy.renewKey(file.id);
    await refuses(
      submit(ledger, changed(own, { pseudonym: { ...file.pseudonym, otherwise: 'members' } })),
      'INPUT_INVALID',
      /leaves its kind, MSP, certifier and pseudonym/,
    );
    await refuses(
      submit(ledger, withoutPseudonym(hierarchy, own, { name: 'The lab', country: 'DE' })),
      'INPUT_INVALID',
      /leaves its kind, MSP, certifier and pseudonym/,
    );
    await submit(ledger, own);
    const open = await hierarchy.renewKey('lab-beta');
    await refuses(
      submit(ledger, changed(open, { pseudonym: file.pseudonym, name: WITHHELD, country: 'ZZ' })),
      'INPUT_INVALID',
      /id that follows/,
    );
  });

  it('is no second voice: neither its word about others counts, nor that of others about what it owned', async () => {
    const other = pseudonymFor(hierarchy, { kind: 'organisation', certifier: 'nmi-south' });
    await register(file);
    await register(other);
    const below = { id: 'oem-below', kind: 'OEM', certifiedBy: other.id } as const;
    const from = hierarchy.steps.length;
    await hierarchy.addOrganisation(below);
    for (const { argument, transaction } of hierarchy.submissions(from)) {
      await ledger.submit({ mspId: mspIdOf('nmi-north') }, transaction, argument);
    }
    const original = { number: 'N-1', laboratory: 'The nmi-north', country: 'DE', issuer: 'nmi-north' };
    const report = { technician: 't-lab-alpha', performed: '2025-12-20', stated: transcribing(original) };
    const results = [temperatureResult(0.02)];
    await submit(ledger, hierarchy.addReport({ ...report, id: 'old', device: 'reference-a', results }));
    for (const author of [file.id, other.id, 'oem-below']) {
      await refuses(submit(ledger, hierarchy.confirm(author, 'old')), 'NOT_AUTHORISED', /under a pseudonym/);
    }
    const trace = () => ask<Verdict>(ledger, 'traceCal', 'lab-alpha/reference-a', {});
    assert.equal((await trace()).status, 'ATTESTED');
    await submit(ledger, hierarchy.confirm('lab-beta', 'old'));
    await submit(ledger, hierarchy.confirm('nmi-east', 'old'));
    assert.equal((await trace()).status, 'TRACEABLE');
    // Whoever owned the device under a pseudonym may be one of those who confirm.
    await submit(ledger, hierarchy.transfer('reference-a', file.id));
    assert.notEqual((await trace()).status, 'TRACEABLE');
  });

  it('is not the laboratory of a certificate by the word that stands in place of its name', async () => {
    await register(file);
    await submit(ledger, await hierarchy.addTechnician({ id: 't-hidden', organisation: file.id }));
    const original = { number: 'N-1', laboratory: WITHHELD, issuer: file.id };
    const report = { id: 'old', device: 'reference-a', technician: 't-lab-alpha', performed: '2025-12-20' };
    const results = [temperatureResult(0.02)];
    await submit(ledger, hierarchy.addReport({ ...report, results, stated: transcribing(original) }));
    const { edges } = await ask<Verdict>(ledger, 'traceCal', 'lab-alpha/reference-a', { explain: true });
    assert.match(JSON.stringify(edges), /nothing shows that both are the same/);
  });
});

describe('A laboratory that would hide a suspended standard behind a pseudonym', () => {
  it('cannot take its key or its calibrations along: it has to be calibrated again, and what rested on it stays fallen', async () => {
    const hierarchy = await twoCountries();
    const ledger = await registryOf(hierarchy);
    const status = async (id: string) => (await ask<Verdict>(ledger, 'traceCal', id, {})).status;
    await submit(
      ledger,
      hierarchy.addStatement('suspension', ['device', 'lab-alpha/reference-a'], { author: 'nmi-north' }),
    );
    assert.equal(await status('oem-a/sensor-a'), 'FAILED');
    const file = pseudonymFor(hierarchy, { kind: 'device', certifier: 'lab-alpha' });
    const same = await hierarchy.addDevice({
      ...{ id: 'hidden', technician: 't-lab-alpha', pseudonym: file },
      sameKeyAs: 'device:lab-alpha/reference-a',
    });
    await refuses(submit(ledger, same), 'ALREADY_EXISTS', /the key .* belongs to device:lab-alpha\/reference-a/);
    const fresh = pseudonymFor(hierarchy, { kind: 'device', certifier: 'lab-alpha' });
    await submit(ledger, await hierarchy.addDevice({ id: 'fresh', technician: 't-lab-alpha', pseudonym: fresh }));
    assert.equal(await status(fresh.id), 'INCOMPLETE');
    // The calibration of the suspended one is about that one.
    const moved = hierarchy.draft({
      ...{ id: 'moved', device: 'oem-a/working-a', technician: 't-lab-alpha', performed: '2025-12-20' },
      parents: [
        {
          kind: 'report',
          device: fresh.id,
          report: 'nmi-north/reference-a-r1',
          digest: '0'.repeat(64),
        },
      ],
      accepted: false,
    });
    await refuses(submit(ledger, moved), 'PARENT_UNUSABLE', /./);
    assert.equal(await status('oem-a/sensor-a'), 'FAILED');
    // Who imprinted it stands in its id, so what is said against them reaches it.
    assert.ok(fresh.id.startsWith('lab-alpha/p-'));
  });
});
