import assert from 'node:assert/strict';
import { canonicalJson, pseudonymOf, RegistryError } from '@tracecal/core/model';
import type { Jws, RegistryErrorCode } from '@tracecal/core/model';
import {
  leadsTo,
  LEAVES,
  newPseudonym,
  openingOf,
  openPseudonym,
  placeOf,
  readPseudonymFile,
  unverifiedOpening,
} from '@tracecal/core/pseudonym';
import type { Opening, PseudonymFile } from '@tracecal/core/pseudonym';
import { leafHash } from '@tracecal/core/signing';
import { sha256 } from '@tracecal/core/platform';
import { AS_OF, twoCountries } from '../../support/hierarchy.js';
import type { Hierarchy } from '../../support/hierarchy.js';
import { DEVICE_FACTS, pseudonymFor, salt, signedOpening } from '../../support/pseudonyms.js';

/** How many values an attacker tries. */
const GUESSES = 100_000;

describe('What stands behind a pseudonym', () => {
  const spec = {
    registry: `calibration:${'0'.repeat(64)}`,
    kind: 'device',
    certifier: 'nmi-north',
    facts: DEVICE_FACTS,
    scopes: { serial: 'members' },
    otherwise: 'parties',
  } as const;

  it('cannot be guessed from the root, with another fact opened', function () {
    this.timeout(60_000);
    const file = newPseudonym({ ...spec, facts: { ...DEVICE_FACTS, serial: 'SN 54321' } }, salt);
    const opening = openingOf(file, { to: 'lab-beta', date: AS_OF, facts: ['model'] });
    const [opened] = opening.facts;
    assert.ok(opened);
    const known = new Set([file.pseudonym.root, ...opened.path]);
    for (let guess = 0; guess < GUESSES; guess += 1) {
      const value = `SN ${guess}`;
      const leaves = [
        leafHash(sha256(value)),
        leafHash(sha256(canonicalJson({ fact: 'serial', value, salt: opened.salt }))),
      ];
      assert.ok(!leaves.some((leaf) => known.has(leaf)));
    }
    // With its salt, which the certifier alone has, the right value is recognised: the guesses above looked in the right place.
    const own = openingOf(file, { to: null, date: AS_OF, facts: ['serial'] }).facts[0];
    assert.ok(own && leadsTo(file.pseudonym.root, own));
    assert.ok(!leadsTo(file.pseudonym.root, { ...own, salt: opened.salt }));
  });

  it('has a place of its own for each fact, so that one name has one value, and looks the same however many there are', () => {
    const names = ['manufacturer', 'model', 'serial', 'owner', 'name', 'country', 'identity', 'note', 'location'];
    assert.equal(new Set(names.map(placeOf)).size, names.length);
    const few = openingOf(newPseudonym({ ...spec, facts: { serial: '1' } }, salt), {
      to: null,
      date: AS_OF,
      facts: ['serial'],
    });
    const many = openingOf(newPseudonym(spec, salt), { to: null, date: AS_OF, facts: ['serial'] });
    assert.equal(few.facts[0]?.path.length, many.facts[0]?.path.length);
    assert.equal(2 ** (few.facts[0]?.path.length ?? 0), LEAVES);
    const [fact] = many.facts;
    assert.ok(fact && !leadsTo(many.root, { ...fact, fact: 'model' }));
  });

  it('gets an id that nobody chose, another one for each certifier and each root', () => {
    const ids = Array.from({ length: 50 }, () => newPseudonym(spec, salt).id);
    assert.equal(new Set(ids).size, ids.length);
    for (const id of ids) assert.match(id, /^nmi-north\/p-[a-z2-7]{26}$/);
    assert.notEqual(pseudonymOf('a', '0'.repeat(64)), pseudonymOf('b', '0'.repeat(64)));
  });

  it('is refused in a file that somebody changed, in sentences that tell no fact', () => {
    const file = newPseudonym(spec, salt);
    assert.deepEqual(readPseudonymFile(JSON.stringify(file)), file);
    const other = newPseudonym(spec, salt);
    const changes: readonly object[] = [
      { facts: file.facts.map((each) => ({ ...each, value: `${each.value}!` })) },
      { facts: file.facts.slice(1) },
      { facts: [...file.facts, file.facts[0]] },
      { filler: other.filler },
      { id: other.id },
      { certifier: 'nmi-south' },
      { kind: 'organisation' },
      { facts: [{ ...file.facts[0], salt: 'short' }] },
      { facts: [{ ...file.facts[0], fact: 'No name' }] },
    ];
    for (const change of changes) {
      assert.throws(
        () => readPseudonymFile(JSON.stringify({ ...file, ...change })),
        (error: Error) => {
          assert.ok(error instanceof RegistryError && error.code === 'INPUT_INVALID', error.message);
          for (const { value, salt: own } of file.facts) {
            assert.ok(!error.message.includes(value) && !error.message.includes(own), error.message);
          }
          return true;
        },
      );
    }
  });
});

describe('An opening of a pseudonym', () => {
  let hierarchy: Hierarchy;
  let file: PseudonymFile;

  before(async () => {
    hierarchy = await twoCountries();
    file = pseudonymFor(hierarchy, { kind: 'device', certifier: 'nmi-north' });
    await hierarchy.addDevice({ id: 'gold', technician: 't-nmi-north', pseudonym: file });
  });

  const open = (jws: Jws, roots?: readonly string[]) => openPseudonym(jws, hierarchy, { asOf: AS_OF, roots });
  const content = (changes: Partial<Opening> = {}): Opening => ({
    ...openingOf(file, { to: 'lab-beta', date: AS_OF, facts: ['serial', 'model'] }),
    ...changes,
  });
  const officer = 'officer:nmi-north/officer';

  async function refused(jws: Jws, code: RegistryErrorCode, words: RegExp): Promise<void> {
    await assert.rejects(open(jws), (error: Error) => {
      assert.ok(error instanceof RegistryError, error.message);
      assert.equal(error.code, code, error.message);
      assert.match(error.message, words);
      for (const value of Object.values(DEVICE_FACTS)) assert.ok(!error.message.includes(value), error.message);
      return true;
    });
  }

  it('by an officer of the certifier, or its own key, shows the facts and who says so', async () => {
    const opened = await open(signedOpening(hierarchy, file, { facts: ['serial', 'model'] }));
    assert.deepEqual(opened.facts, { serial: DEVICE_FACTS.serial, model: DEVICE_FACTS.model });
    assert.deepEqual([opened.signer, opened.root, opened.content.to], [officer, 'nmi-north', 'lab-beta']);
    assert.equal(
      (await open(hierarchy.signAs(content(), ['organisation:nmi-north']))).signer,
      'organisation:nmi-north',
    );
  });

  it('counts for the roots that are trusted', async () => {
    const jws = signedOpening(hierarchy, file);
    const { certificateSha256 } = hierarchy.holder('organisation', 'nmi-north');
    assert.ok(await open(jws, [certificateSha256]));
    await assert.rejects(open(jws, ['0'.repeat(64)]), /NOT_AUTHORISED: .*whose root you do not trust/);
  });

  it('is refused with a fact, a salt or a path that is not what was registered', async () => {
    const { facts } = content();
    const [first, ...others] = facts;
    assert.ok(first);
    for (const changed of [
      { ...first, value: 'Gold Standard G-78' },
      { ...first, salt: salt() },
      { ...first, path: [...first.path].reverse() },
      { ...first, fact: 'location' },
    ]) {
      const [one, ...more] = [changed, ...others];
      await refused(
        hierarchy.signAs(content({ facts: [one, ...more] }), [officer]),
        'INPUT_INVALID',
        /does not lead to the root/,
      );
    }
    await refused(
      hierarchy.signAs(content({ facts: [...others, first] }), [officer]),
      'INPUT_INVALID',
      /order of their names/,
    );
    await refused(hierarchy.signAs(content({ facts: [] }), [officer]), 'INPUT_INVALID', /at least 1/);
  });

  it('is refused with another value of a fact than everybody can read in the registration', async () => {
    const scopes = { model: 'general', country: 'general' } as const;
    const forged = async (kind: 'device' | 'organisation', fact: 'model' | 'country', value: string) => {
      const own = pseudonymFor(hierarchy, { kind, certifier: 'nmi-north', scopes });
      const facts = own.facts.map((each) => (each.fact === fact ? { ...each, value } : each));
      const pseudonym = { ...own, facts };
      await (kind === 'device'
        ? hierarchy.addDevice({ id: own.id, technician: 't-nmi-north', pseudonym })
        : hierarchy.addOrganisation({ id: own.id, kind: 'OPERATOR', certifiedBy: 'nmi-north', pseudonym }));
      return signedOpening(hierarchy, own, { facts: [fact] });
    };
    const otherwise = /shows another \w+ of .*p-.* than its registration states openly/;
    await refused(await forged('device', 'model', 'G-78'), 'INPUT_INVALID', otherwise);
    await refused(await forged('organisation', 'country', 'DE'), 'INPUT_INVALID', otherwise);
    assert.deepEqual((await open(await forged('device', 'model', DEVICE_FACTS.model))).facts, {
      model: DEVICE_FACTS.model,
    });
  });

  it('is refused for another pseudonym, an open device, or none', async () => {
    const other = pseudonymFor(hierarchy, { kind: 'device', certifier: 'nmi-north' });
    await refused(signedOpening(hierarchy, other), 'NOT_FOUND', /is registered here/);
    await refused(
      hierarchy.signAs(content({ root: other.pseudonym.root }), [officer]),
      'INPUT_INVALID',
      /another root/,
    );
    await hierarchy.addDevice({ id: 'other', technician: 't-nmi-north', pseudonym: other });
    await refused(hierarchy.signAs(content({ id: other.id }), [officer]), 'INPUT_INVALID', /another root/);
    await refused(
      hierarchy.signAs(content({ id: other.id, root: other.pseudonym.root }), [officer]),
      'INPUT_INVALID',
      /does not lead/,
    );
    await refused(
      hierarchy.signAs(content({ id: 'nmi-north/primary-a' }), [officer]),
      'INPUT_INVALID',
      /not registered under a pseudonym/,
    );
    await refused(hierarchy.signAs(content({ kind: 'organisation' }), [officer]), 'NOT_FOUND', /no organisation/);
  });

  it('is refused if somebody else signed it, or two did, or with the key of another', async () => {
    const by = (...signers: readonly string[]) => hierarchy.signAs(content(), signers);
    await refused(by('officer:lab-beta/officer'), 'NOT_AUTHORISED', /one signature, of an officer of nmi-north/);
    await refused(by('technician:nmi-north/t-nmi-north'), 'NOT_AUTHORISED', /one signature/);
    await refused(by(officer, 'officer:lab-beta/officer'), 'NOT_AUTHORISED', /one signature/);
    await refused(by(`${officer}=officer:lab-beta/officer`), 'SIGNATURE_INVALID', /not validly signed/);
    await refused(
      hierarchy.signAs(content({ certifier: 'lab-beta' }), ['officer:lab-beta/officer']),
      'NOT_AUTHORISED',
      /opened by nmi-north/,
    );
    const jws = by(officer);
    const forged = { ...jws, payload: Buffer.from(canonicalJson(content({ to: 'oem-b' }))).toString('base64url') };
    await refused(forged, 'SIGNATURE_INVALID', /not validly signed/);
  });

  it('is refused for another registry, from the future, in another form or too large', async () => {
    await refused(
      hierarchy.signAs(content({ registry: `calibration:${'1'.repeat(64)}` }), [officer]),
      'WRONG_REGISTRY',
      /registry/,
    );
    await refused(hierarchy.signAs(content({ date: '2040-01-01T00:00:00Z' }), [officer]), 'TIME_INVALID', /ahead/);
    await refused(hierarchy.signAs({ ...content(), more: 1 }, [officer]), 'INPUT_INVALID', /more/);
    assert.throws(() => unverifiedOpening(' '.repeat(70_000)), /JSON_TOO_LARGE/);
    const jws = hierarchy.signAs(content(), [officer]);
    const spaced = { ...jws, payload: Buffer.from(`${canonicalJson(content())} `).toString('base64url') };
    assert.throws(() => unverifiedOpening(spaced), /SIGNATURE_INVALID.*canonical/);
  });

  it('counts as long as its signer does: after a suspension no more, after a later departure it stays', async () => {
    const later = await twoCountries();
    const own = pseudonymFor(later, { kind: 'device', certifier: 'nmi-north' });
    await later.addDevice({ id: 'gold', technician: 't-nmi-north', pseudonym: own });
    const jws = signedOpening(later, own, { date: later.dates.objected });
    const ask = () => openPseudonym(jws, later, { asOf: '2026-06-01T00:00:00Z' });
    assert.ok(await ask());
    later.addStatement('revocation', ['person', 'nmi-north/officer'], {
      reason: 'cessation',
      effective: '2026-03-01T00:00:00Z',
    });
    assert.ok(await ask());
    const after = signedOpening(later, own, { date: '2026-05-01T00:00:00Z' });
    await assert.rejects(
      openPseudonym(after, later, { asOf: '2026-06-01T00:00:00Z' }),
      /NOT_AUTHORISED: officer nmi-north\/officer is revoked/,
    );
    later.addStatement('revocation', ['person', 'nmi-north/officer'], { reason: 'fraud' });
    await assert.rejects(ask(), /NOT_AUTHORISED/);
  });
});
