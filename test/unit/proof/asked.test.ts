import assert from 'node:assert/strict';
import { RegistryError } from '@tracecal/core/model';
import { TraceCalError } from '@tracecal/gateway-client';
import {
  compareLogs,
  readBundle,
  readEpoch,
  readHead,
  signedLog,
  verifyBundle,
} from '@tracecal/gateway-client/proof/verify';
import type { Asked } from '@tracecal/gateway-client/proof/verify';
import { bundleOf, recordProofs } from '@tracecal/gateway-client/proof';
import { evidenceFor, traceCal, traceOptions } from '@tracecal/core/trace';
import { BUNDLE_TYPE, bundleText } from '@tracecal/gateway-client/proof/verify';
import { golden } from '../../golden/fixtures.js';
import { StateRecords } from '../../golden/records.js';
import { SEALED } from '../../support/hierarchy.js';

const SENSOR = 'oem-b/sensor-b';
const ROOT = 'ab'.repeat(32);
const log = { head: () => Promise.reject(new Error('was read')), epoch: () => Promise.reject(new Error('was read')) };
const clock = { now: SEALED, maxAgeSeconds: 86_400 };
const fresh = { log, k: 2, clock, seen: null };
const endorsers = { k: 1, engine: 'fabric', organisations: [{ mspId: 'NmiNorthMSP' }] };
const without = (object: object, name: string) =>
  Object.fromEntries(Object.entries(object).filter(([member]) => member !== name));

/** Each of these would be a check that is not made. */
const MEANINGLESS: Readonly<Record<string, readonly [asked: object, why: RegExp]>> = {
  'no roots': [{}, /at roots: is missing/],
  'roots that are undefined': [{ roots: undefined }, /at roots: is missing/],
  'null for roots': [{ roots: null }, /at roots: must be a list/],
  'an empty list of roots': [{ roots: [] }, /at roots: must name at least one/],
  'a root that is no digest': [{ roots: ['nmi-north'] }, /at roots\.0: must be the SHA-256/],
  'misspelt roots': [{ roots: [ROOT], Roots: [ROOT] }, /no member Roots/],
  'a misspelt nonce': [{ roots: [ROOT], Nonce: 'x' }, /no member Nonce/],
  'null for a nonce': [{ roots: [ROOT], nonce: null }, /at nonce/],
  'a moment that is none': [{ roots: [ROOT], asOf: 'yesterday' }, /at asOf: must be a UTC instant/],
  'an interval of no days': [{ roots: [ROOT], intervalDays: 0 }, /at intervalDays/],
  'null for the change log': [{ roots: [ROOT], fresh: null }, /at fresh/],
  'no log': [{ roots: [ROOT], fresh: without(fresh, 'log') }, /at fresh\.log: must be \{ head, epoch \}/],
  'a log without epochs': [{ roots: [ROOT], fresh: { ...fresh, log: { head: log.head } } }, /at fresh\.log/],
  'no clock, not even null': [{ roots: [ROOT], fresh: without(fresh, 'clock') }, /at fresh\.clock/],
  'nothing seen, not even null': [{ roots: [ROOT], fresh: without(fresh, 'seen') }, /at fresh\.seen/],
  'a memory of nothing': [{ roots: [ROOT], fresh: { ...fresh, seen: {} } }, /at fresh\.seen\.registry/],
  'a clock without a time': [
    { roots: [ROOT], fresh: { ...fresh, clock: { maxAgeSeconds: 1 } } },
    /at fresh\.clock\.now/,
  ],
  'no age': [{ roots: [ROOT], fresh: { ...fresh, clock: { now: SEALED } } }, /at fresh\.clock\.maxAgeSeconds/],
  'a misspelt age': [{ roots: [ROOT], fresh: { ...fresh, clock: { ...clock, maxAge: 1 } } }, /no member maxAge/],
  'no number of institutes': [{ roots: [ROOT], fresh: without(fresh, 'k') }, /at fresh\.k/],
  'no number of endorsers': [{ roots: [ROOT], endorsers: without(endorsers, 'k') }, /at endorsers\.k/],
  'endorsers of no engine': [{ roots: [ROOT], endorsers: without(endorsers, 'engine') }, /at endorsers\.engine/],
  'a list of no endorsers': [
    { roots: [ROOT], endorsers: { ...endorsers, organisations: [] } },
    /endorsers\.organisations/,
  ],
  ...Object.fromEntries<readonly [object, RegExp]>(
    [Number.NaN, 0, -1, 1.5, '2', null].flatMap((k): readonly (readonly [string, readonly [object, RegExp]])[] => [
      [`${JSON.stringify(k)} (${String(k)}) institutes`, [{ roots: [ROOT], fresh: { ...fresh, k } }, /at fresh\.k/]],
      [`${String(k)} endorsers`, [{ roots: [ROOT], endorsers: { ...endorsers, k } }, /at endorsers\.k/]],
      [
        `an age of ${String(k)}`,
        [{ roots: [ROOT], fresh: { ...fresh, clock: { ...clock, maxAgeSeconds: k } } }, /maxAge/],
      ],
    ]),
  ),
};

describe('A verifier of a bundle', () => {
  let text: string;
  let roots: readonly string[];

  before(async () => {
    const records = new StateRecords(golden().state);
    const { asOf, knownAt, quantity, intervalDays, at } = traceOptions({ asOf: SEALED });
    const question = { asOf, knownAt, quantity, intervalDays, at };
    const evidence = await evidenceFor(records, SENSOR, traceOptions(question));
    text = bundleText({ type: BUNDLE_TYPE, device: SENSOR, question, epoch: { number: 3, opened: SEALED }, evidence });
    roots = (await traceCal(records, SENSOR, traceOptions(question))).roots.map(({ sha256 }) => sha256);
  });

  async function refused(attempt: () => unknown, why: RegExp): Promise<void> {
    await assert.rejects(
      () => Promise.resolve().then(attempt),
      (error) => {
        assert.ok(error instanceof RegistryError, String(error));
        assert.equal(error.code, 'INPUT_INVALID');
        assert.match(error.message, why);
        return true;
      },
    );
  }

  for (const [what, [asked, why]] of Object.entries(MEANINGLESS)) {
    it(`is told, if they bring ${what}`, async () => {
      await refused(() => verifyBundle(text, asked as Asked), why);
    });
  }

  it('is told, if they bring nothing at all, or bytes for a text', async () => {
    await refused(() => verifyBundle(text, undefined as never), /question is not accepted/);
    for (const none of [Buffer.from(text), undefined, null] as never[]) {
      for (const read of [(each: never) => verifyBundle(each, { roots }), readBundle, readHead, readEpoch]) {
        await refused(() => read(none), /give its text as a string, not (?:its bytes|undefined|null)/);
      }
    }
  });

  it('may bring the content of a trust file, as long as that may be used', async () => {
    const trust = { type: 'tracecal-trust/1', roots, heartbeats: { k: 1 } };
    const validity = { from: '2020-01-01T00:00:00Z', to: '2021-01-01T00:00:00Z' };
    assert.equal((await verifyBundle(text, trust)).tiers.chain.holds, true);
    await refused(() => verifyBundle(text, { ...trust, validity }), /may be used from 2020-01-01/);
    const valid = { from: '2020-01-01T00:00:00Z', to: '9999-01-01T00:00:00Z' };
    assert.equal((await verifyBundle(text, { ...trust, validity: valid })).tiers.chain.holds, true);
  });

  it('is told of what they forgot about a change log by itself, before it is read', async () => {
    const asked = { roots: [ROOT], asOf: SEALED };
    await refused(() => signedLog(log, asked as never), /at from: is missing/);
    await refused(() => signedLog(log, { ...asked, from: -1 }), /at from/);
    await refused(() => signedLog({ head: log.head } as never, { ...asked, from: 0 }), /must be \{ head, epoch \}/);
    await refused(() => compareLogs(log, log, { ...asked, roots: [] }), /at roots/);
    await refused(() => compareLogs(log, log, { roots: [ROOT] } as never), /at asOf/);
    await refused(() => compareLogs(log, undefined as never, asked), /must be \{ head, epoch \}/);
  });

  it('has no option left out of a bundle in silence', async () => {
    const reader = { getEvidence: () => assert.fail('was asked') };
    for (const [option, why] of [
      [{ explain: true }, /does not carry explain/],
      [{ roots: [ROOT] }, /does not carry roots/],
      [{ maxAgeSeconds: 60 }, /does not carry freshness/],
    ] as const) {
      await refused(() => bundleOf(reader, SENSOR, option as never), why);
    }
    const made = { epoch: { number: 0, opened: SEALED }, evidence: { channel: 'calibration', exhibits: [] } };
    const carrying = { getEvidence: () => Promise.resolve(made as never) };
    const asked = { asOf: SEALED, knownAt: SEALED, quantity: 'mass', intervalDays: 5 };
    assert.deepEqual((await bundleOf(carrying, SENSOR, { ...asked, at: { value: 1 } })).question, {
      ...asked,
      at: { value: 1, arguments: [] },
    });
  });

  it('has nothing recorded, if there is nothing to record', async () => {
    const client = { anchorProofs: () => assert.fail('was sent') } as never;
    for (const bundles of [[], undefined, [text]] as never[]) {
      await assert.rejects(recordProofs(client, bundles), (error) => {
        assert.ok(error instanceof TraceCalError, String(error));
        assert.equal(error.code, 'INPUT_INVALID');
        assert.match(error.message, /give at least one bundle/);
        return true;
      });
    }
  });
});
