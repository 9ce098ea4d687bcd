import assert from 'node:assert/strict';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { overrideOf, readDirective, readDirectives, standingOf } from '@tracecal/core/directives';
import type { Directive, DirectiveSeen, OperatorPin, SignedDirective } from '@tracecal/core/directives';
import { RegistryError } from '@tracecal/core/model';
import { TraceCalError } from '@tracecal/gateway-client';
import {
  directivesIn,
  directiveText,
  EXPORT_FILE,
  operatorPinOf,
  operatorPinText,
  signDirective,
  writeDirectives,
} from '@tracecal/gateway-client/device';
import { twoCountries } from '../../support/hierarchy.js';
import type { Hierarchy } from '../../support/hierarchy.js';
import { Operator, SENSOR } from '../../support/operator.js';
import { removeTemporaryFolders, temporaryFolder } from '../../support/temporaryFolder.js';

const RELEASE = { kind: 'release', reason: 'checked, sound' } as const;
const LIMIT = { quantity: 'temperature', unit: '\\degreecelsius', lowest: 0, highest: 50 };
const OVERRIDE: Partial<Directive> = {
  kind: 'override',
  devices: [{ id: SENSOR }],
  reason: 'a patient is waiting',
  until: '2026-03-01T12:00:00Z',
};
const LATER = '2026-04-01T00:00:00Z';

describe('Directives of an operator', () => {
  let hierarchy: Hierarchy;
  let operator: Operator;
  let pin: OperatorPin;

  before(async () => {
    hierarchy = await twoCountries();
    operator = new Operator(hierarchy);
    ({ pin } = operator);
  });

  const files = (...texts: readonly string[]) => texts.map((text, place) => ({ name: `${place}.json`, text }));
  const standing = (read: readonly SignedDirective[], at: string | null = LATER, more = {}) =>
    standingOf({ read, broken: [] }, { device: SENSOR, at, ...more });
  const refusal = async (text: string | Promise<string>, own = pin) => {
    const signed = await text;
    try {
      readDirective(signed, own);
    } catch (error) {
      assert.ok(error instanceof RegistryError, String(error));
      return error.code;
    }
    return 'accepted';
  };

  describe('are read', () => {
    it('as an officer has signed them', async () => {
      const signed = await signDirective(operator.content(1), operator.signer, pin.certificates);
      const read = readDirective(directiveText(signed), operatorPinOf(operatorPinText(pin)));
      assert.deepEqual(read.content, operator.content(1));
      assert.deepEqual([read.officer, read.isRevoked], ['oem-a/officer', false]);
    });

    it('only from an officer of the operator that is pinned, with a certificate that held on that day', async () => {
      const other = new Operator(hierarchy, 'oem-b');
      const expired = await operator.another('expired', { valid: ['2020-01-01', '2026-02-28'] });
      const self = await operator.another('self', { certifiedBy: other.organisation });
      const content = operator.content(1);
      const cases: readonly (readonly [string, string | Promise<string>, OperatorPin?])[] = [
        ['NOT_AUTHORISED', other.text(1)],
        ['NOT_AUTHORISED', other.textOf(content, other.officer, 'officer:oem-b/officer')],
        ['NOT_AUTHORISED', operator.textOf(content, expired, 'officer:oem-a/expired')],
        ['NOT_AUTHORISED', operator.textOf(content, self, 'officer:oem-a/self')],
        ['NOT_AUTHORISED', operator.text(1), { ...pin, certificates: other.pin.certificates }],
        ['NOT_AUTHORISED', operator.text(1), { ...pin, operator: 'oem-b' }],
        ['CERTIFICATE_INVALID', operator.textOf(content, operator.organisation, 'organisation:oem-a')],
        ['WRONG_REGISTRY', operator.text(1), { ...pin, registry: 'calibration:00' }],
        ['SIGNATURE_INVALID', operator.textOf(content, operator.officer, 'officer:oem-a/another')],
      ];
      for (const [code, text, own] of cases) assert.equal(await refusal(text, own), code);
    });

    it('not if one character differs from what was signed', async () => {
      const [one, other] = [await operator.envelope(operator.content(1)), await operator.envelope(operator.content(2))];
      const mixed = { ...one, directive: { ...one.directive, signatures: other.directive.signatures } };
      assert.equal(await refusal(JSON.stringify(mixed)), 'SIGNATURE_INVALID');
      const double = [...one.directive.signatures, ...one.directive.signatures];
      assert.equal(
        await refusal(JSON.stringify({ ...one, directive: { ...one.directive, signatures: double } })),
        'SIGNATURE_INVALID',
      );
    });

    it('only in their shape, and within bounds', async () => {
      const wrong: readonly Partial<Record<keyof Directive | 'more', unknown>>[] = [
        { kind: 'destroy' },
        { more: 1 },
        { devices: [] },
        { devices: [{ id: SENSOR }] },
        { devices: [{ id: SENSOR, number: 0 }] },
        { devices: [{ id: SENSOR, number: 1_000_000 }] },
        { devices: [SENSOR, SENSOR].map((id) => ({ id, number: 1 })) },
        { devices: Array.from({ length: 101 }, (_, n) => ({ id: `oem-a/s-${n}`, number: 1 })) },
        { reason: '' },
        { reason: 'x'.repeat(257) },
        { date: '2026-02-30T00:00:00Z' },
        { until: '2026-03-05T00:00:00Z' },
        { kind: 'release', from: '2026-03-02T00:00:00Z' },
        { kind: 'limit' },
        { kind: 'limit', limit: { ...LIMIT, lowest: 60 } },
        { kind: 'limit', limit: { ...LIMIT, unit: '\\kilogram' } },
        { limit: LIMIT },
        { kind: 'measure' },
        { kind: 'measure', measure: { quantity: 'temperature', count: 1001 } },
        { kind: 'recalibrate', until: '2026-03-01T00:00:00Z' },
        { ...OVERRIDE, devices: [{ id: SENSOR, number: 1 }] },
        { ...OVERRIDE, until: '2026-03-02T00:00:01Z' },
        { ...OVERRIDE, from: '2026-02-28T00:00:00Z' },
        { kind: 'override', devices: [{ id: SENSOR }] },
      ];
      for (const changes of wrong) {
        const text = operator.textOf({ ...operator.content(1), ...changes });
        assert.equal(await refusal(text), 'INPUT_INVALID', JSON.stringify(changes));
      }
      assert.equal(await refusal('{'), 'JSON_INVALID');
      assert.equal(await refusal(' '.repeat(65_537)), 'JSON_TOO_LARGE');
      const { directive } = await operator.envelope(operator.content(1));
      assert.equal(await refusal(JSON.stringify({ directive })), 'INPUT_INVALID');
    });
  });

  describe('put a device into quarantine', () => {
    it('from the moment that they name, until a release', async () => {
      const quarantine = await operator.sign(1, { from: '2026-02-20T00:00:00Z' });
      const release = await operator.sign(2, RELEASE);
      assert.equal(standing([quarantine], '2026-02-19T23:59:59Z', { now: LATER }).quarantined, null);
      const held = standing([quarantine], '2026-02-20T00:00:00Z', { now: LATER });
      assert.equal(held.quarantined, 'since 2026-02-20T00:00:00Z: found dropped');
      assert.equal(held.quarantine?.digest, quarantine.digest);
      assert.equal(standing([quarantine, release]).quarantined, null);
      // What came in between stays in doubt.
      assert.match(standing([quarantine, release], '2026-03-01T00:00:00Z', { now: LATER }).quarantined ?? '', /^since/);
      assert.equal(
        standingOf({ read: [quarantine], broken: [] }, { device: 'oem-a/other', at: LATER }).quarantined,
        null,
      );
    });

    it('in the order of their numbers, whatever the order of the files, and not again by an old one', async () => {
      const all = [
        await operator.sign(1),
        await operator.sign(2, RELEASE),
        await operator.sign(3),
        await operator.sign(4, RELEASE),
      ];
      assert.equal(standing(all).quarantined, null);
      assert.equal(standing([...all].reverse()).quarantined, null);
      assert.equal(standing([...all, all[2]!]).quarantined, null, 'the old one again');
      assert.match(standing(all.slice(0, 3)).quarantined ?? '', /found dropped/);
    });

    it('also if there is no clock', async () => {
      const planned = await operator.sign(1, { from: '2027-01-01T00:00:00Z' });
      assert.equal(standing([planned]).quarantined, null);
      assert.match(standing([planned], null).quarantined ?? '', /since 2027/);
      assert.equal(standing([planned, await operator.sign(2, RELEASE)], null).quarantined, null);
    });
  });

  describe('close in doubt', () => {
    it('if a file is broken or is something else', async () => {
      const read = readDirectives(files(await operator.text(1, RELEASE), 'nonsense'), pin);
      assert.match(standingOf(read, { device: SENSOR, at: LATER }).quarantined ?? '', /^1\.json: /);
      assert.equal(read.read.length, 1);
    });

    it('if two have one number, with both as evidence, until a later release', async () => {
      const [one, other] = [await operator.sign(1, RELEASE), await operator.sign(1)];
      const doubted = standing([one, other]);
      assert.match(doubted.quarantined ?? '', /two directives about oem-a\/sensor-a under number 1/);
      assert.deepEqual(doubted.conflicts, [{ device: SENSOR, number: 1, evidence: [one, other] }]);
      const released = standing([one, other, await operator.sign(2, RELEASE)]);
      assert.equal(released.quarantined, null);
      assert.equal(released.conflicts.length, 1);
    });

    it('if one is missing: at the beginning, in between, or one that was seen before', async () => {
      const [first, second, third] = [
        await operator.sign(1, { kind: 'recalibrate' }),
        await operator.sign(2),
        await operator.sign(3, { kind: 'recalibrate' }),
      ];
      assert.match(standing([second, third]).quarantined ?? '', /directive 1 .* is missing/);
      assert.match(standing([first, third]).quarantined ?? '', /directive 2 .* is missing/);
      const { seen } = standing([first, second]);
      assert.deepEqual(seen, { number: 2, digest: second.digest });
      assert.match(standing([first], LATER, { seen }).quarantined ?? '', /directive 2 .* is missing/);
      assert.match(standing([], LATER, { seen }).quarantined ?? '', /directive 2 .* is missing/);
      const another = await operator.sign(2, { kind: 'recalibrate' });
      assert.match(standing([first, another], LATER, { seen }).quarantined ?? '', /not the one that was seen/);
      assert.equal(standing([first], LATER).quarantined, null);
    });

    it('not because of what came before a release, so that it may be left out', async () => {
      const release = await operator.sign(7, RELEASE);
      assert.equal(standing([release]).quarantined, null);
      assert.match(standing([release], '2026-03-01T00:00:00Z', { now: LATER }).quarantined ?? '', /is missing/);
    });

    it('if a release is dated before what it lifts: a former officer could sign it today', async () => {
      const early = '2026-02-01T00:00:00Z';
      const quarantine = await operator.sign(1);
      for (const number of [2, 999_999]) {
        const release = await operator.sign(number, { ...RELEASE, date: early, from: early });
        const found = standing([quarantine, release]);
        assert.match(found.quarantined ?? '', /earlier date than the one before it/);
        assert.equal(found.seen, null, 'and it is not remembered');
      }
      // What is dated ahead can be lifted all the same.
      const ahead = await operator.sign(1, { date: '2027-01-01T00:00:00Z' });
      assert.equal(standing([ahead, await operator.sign(2, RELEASE)]).quarantined, null);
    });

    it('if a date lies ahead, or before the one before', async () => {
      const ahead = await operator.sign(1, { ...RELEASE, date: '2026-04-01T00:15:01Z' });
      assert.match(standing([ahead]).quarantined ?? '', /lies ahead/);
      const back = await operator.sign(2, { kind: 'recalibrate', date: '2026-02-01T00:00:00Z' });
      assert.match(standing([await operator.sign(1), back]).quarantined ?? '', /earlier date/);
    });
  });

  describe('of an officer whose certificate is revoked', () => {
    it('still take out of use, and do nothing else', async () => {
      const revoked = {
        ...pin,
        revoked: [{ sha256: operator.officer.certificateSha256, from: '2026-03-02T00:00:00Z' }],
      };
      const read = (...texts: readonly string[]) =>
        standingOf(readDirectives(files(...texts), revoked), { device: SENSOR, at: LATER });
      const [quarantine, release] = [await operator.text(1), await operator.text(2, RELEASE)];
      assert.match(read(quarantine, release).quarantined ?? '', /found dropped/);
      assert.equal(read(await operator.text(1, RELEASE)).quarantined, null, 'signed before the revocation');
      assert.match(read(await operator.text(1, RELEASE), await operator.text(2)).quarantined ?? '', /found dropped/);
      const limited = await operator.text(2, { kind: 'limit', limit: { ...LIMIT, highest: 1000 } });
      assert.deepEqual(read(await operator.text(1, RELEASE), limited).limits, []);
    });

    it('are not remembered: who holds a revoked key cannot move ahead what has to come next', async () => {
      const thief = await operator.another('former');
      const own = { ...pin, revoked: [{ sha256: thief.certificateSha256 }] };
      const read = (texts: readonly string[], seen: DirectiveSeen | null) =>
        standingOf(readDirectives(files(...texts), own), { device: SENSOR, at: LATER, seen });
      const [first, second] = [await operator.text(1), await operator.text(2, RELEASE)];
      const before = read([first, second], null).seen;
      assert.equal(before?.number, 2);
      const stolen = await operator.textOf(operator.content(3), thief, 'officer:oem-a/former');
      const during = read([first, second, stolen], before);
      assert.match(during.quarantined ?? '', /found dropped/);
      assert.deepEqual(during.seen, before);
      assert.equal(read([first, second], during.seen).quarantined, null, 'it was taken away');
      const third = await operator.text(3, { kind: 'recalibrate' });
      assert.equal(read([first, second, third], during.seen).quarantined, null, 'the operator goes on');
    });

    it('are those of a second officer in the pin file, too, and not those of a third', async () => {
      const [second, third] = [await operator.another('second'), await operator.another('third')];
      const own = operatorPinOf(
        operatorPinText({
          ...pin,
          revoked: [await operator.another('first'), second].map(({ certificateSha256: sha256 }) => ({ sha256 })),
        }),
      );
      const releasedBy = async (officer: typeof second, name: string) => {
        const release = await operator.textOf(operator.content(2, RELEASE), officer, `officer:oem-a/${name}`);
        const read = readDirectives(files(await operator.text(1), release), own);
        return standingOf(read, { device: SENSOR, at: LATER }).quarantined === null;
      };
      assert.equal(await releasedBy(second, 'second'), false);
      assert.equal(await releasedBy(third, 'third'), true);
    });

    it('are still asked for where they were seen before the certificate was revoked', async () => {
      const [first, second] = [await operator.text(1, RELEASE), await operator.text(2)];
      const seen = standingOf(readDirectives(files(first, second), pin), { device: SENSOR, at: LATER }).seen;
      assert.equal(seen?.number, 2);
      const revoked = {
        ...pin,
        revoked: [{ sha256: operator.officer.certificateSha256, from: '2026-03-02T00:00:00Z' }],
      };
      const asked = { device: SENSOR, at: LATER, seen };
      assert.deepEqual(standingOf(readDirectives(files(first, second), revoked), asked).seen, seen);
      assert.match(standingOf(readDirectives(files(first), revoked), asked).quarantined ?? '', /is missing/);
    });
  });

  it('limit what may pass, one a kind of quantity, until a release or their end', async () => {
    const limit = await operator.sign(1, { kind: 'limit', limit: LIMIT });
    const narrower = await operator.sign(2, {
      kind: 'limit',
      limit: { ...LIMIT, highest: 30 },
      until: '2026-03-10T00:00:00Z',
    });
    assert.deepEqual(
      standing([limit]).limits.map((each) => each.limit.highest),
      [50],
    );
    assert.deepEqual(
      standing([limit, narrower], '2026-03-09T00:00:00Z').limits.map((each) => each.limit.highest),
      [30],
    );
    assert.deepEqual(standing([limit, narrower]).limits, []);
    assert.deepEqual(standing([limit, await operator.sign(2, RELEASE)]).limits, []);
  });

  describe('override a gate', () => {
    it('for the devices and the time that they name', async () => {
      const read = [await operator.sign(1, OVERRIDE)];
      const override = (at: string, device = SENSOR) => overrideOf({ read, broken: [] }, device, at)?.reason ?? null;
      assert.equal(override('2026-02-28T23:59:59Z'), null);
      assert.equal(override('2026-03-01T00:00:00Z'), 'a patient is waiting');
      assert.equal(override('2026-03-01T12:00:00Z'), null);
      assert.equal(override('2026-03-01T00:00:00Z', 'oem-a/other'), null);
      assert.equal(standing(read).quarantined, null, 'it says nothing about a quarantine');
    });

    it('not against a quarantine that was signed later, nor with a revoked certificate', async () => {
      const override = await operator.sign(1, OVERRIDE);
      const at = '2026-03-01T06:00:00Z';
      const earlier = await operator.sign(1, { date: '2026-02-01T00:00:00Z' });
      const later = await operator.sign(1, { date: '2026-03-01T01:00:00Z' });
      assert.ok(overrideOf({ read: [earlier, override], broken: [] }, SENSOR, at));
      assert.equal(overrideOf({ read: [override, later], broken: [] }, SENSOR, at), null);
      assert.equal(overrideOf({ read: [{ ...override, isRevoked: true }], broken: [] }, SENSOR, at), null);
    });
  });

  describe('in a folder', () => {
    after(removeTemporaryFolders);

    it('are read without those that a program is just writing', async () => {
      const folder = temporaryFolder();
      await writeFile(join(folder, EXPORT_FILE), operator.exported());
      await writeFile(join(folder, '1.json'), await operator.text(1));
      await writeFile(join(folder, '2.json.0a.tmp'), 'half');
      await writeFile(join(folder, '.DS_Store'), '');
      const { read, broken } = await directivesIn(folder, pin);
      assert.deepEqual([read.length, broken], [1, []]);
    });

    it('close if one cannot be read, and are refused if there is no folder', async () => {
      const folder = temporaryFolder();
      await mkdir(join(folder, 'sub'));
      await writeFile(join(folder, EXPORT_FILE), operator.exported());
      await writeFile(join(folder, 'notes.txt'), 'remember the milk');
      const { broken } = await directivesIn(folder, pin);
      assert.equal(broken.length, 2);
      await rm(folder, { recursive: true });
      await assert.rejects(
        directivesIn(folder, pin),
        (error) => error instanceof TraceCalError && error.code === 'FILE_UNREADABLE',
      );
    });

    it('close as long as nobody has exported them, and where some of them were lost on the way', async () => {
      const folder = temporaryFolder();
      const inFolder = async () => standingOf(await directivesIn(folder, pin), { device: SENSOR, at: LATER });
      assert.match((await inFolder()).quarantined ?? '', /nobody has exported the directives into .*: run `tracecal/);
      const directives = [await operator.sign(1), await operator.sign(2, RELEASE)];
      const exported = { pin, directives, time: LATER };
      assert.equal(await writeDirectives(folder, exported), 2);
      assert.equal((await inFolder()).quarantined, null);
      assert.equal(await writeDirectives(folder, exported), 0);
      const [, newest = ''] = (await readdir(folder)).sort();
      await rm(join(folder, newest));
      const { quarantined, seen } = await inFolder();
      assert.match(quarantined ?? '', /directive 2 .* is missing/);
      assert.equal(seen, null, 'nobody signs what an export says');
      await writeFile(join(folder, newest), 'damaged');
      assert.equal(await writeDirectives(folder, exported), 1);
      assert.equal((await inFolder()).quarantined, null);
      const [first = ''] = (await readdir(folder)).sort();
      await rm(join(folder, first));
      assert.equal((await inFolder()).quarantined, null, 'what came before the release is not needed');
      for (const text of ['{', new Operator(hierarchy, 'oem-b').exported()]) {
        await writeFile(join(folder, EXPORT_FILE), text);
        assert.notEqual((await inFolder()).quarantined, null, text);
      }
    });
  });
});
