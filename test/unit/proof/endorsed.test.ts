import assert from 'node:assert/strict';
import { RegistryError } from '@tracecal/core/model';
import { base64Text } from '@tracecal/core/platform';
import { trustedRoots } from '@tracecal/gateway-client';
import { bundleText, verifyBundle } from '@tracecal/gateway-client/proof';
import type { Bundle, ProofReport, Tier } from '@tracecal/gateway-client/proof';
import { concatenate } from '@tracecal/ledger/wire';
import { withHighS } from '../../support/credentials.js';
import { bytesOf, endorsement, forgedAnswer } from '../../support/forgedAnswer.js';
import type { Forgery } from '../../support/forgedAnswer.js';
import { handMadeWrites } from '../../support/handMadeWrites.js';
import { later } from '../../support/hierarchy.js';
import { MUTATIONS } from '../../support/mutations.js';
import { INSTITUTE_MSPS, OTHER_SENSOR, SENSOR } from '../../support/provenDevice.js';
import { runs } from '../../support/property.js';
import type { ProvenDevice } from '../../support/provenDevice.js';
import { Random } from '../../support/random.js';
import { runSeed } from '../../support/seed.js';
import { sharedProvenDevice } from '../../support/sharedProvenDevice.js';

/** Of each operator on each region. */
const TIMES = runs(1);
const NONCE = 'word-of-the-asker';

describe('The tier endorsed', function () {
  this.timeout(240_000);
  let proven: ProvenDevice;
  let trust: Awaited<ReturnType<ProvenDevice['trust']>>;
  let bundle: Bundle;
  let other: Bundle;

  before(async () => {
    proven = await sharedProvenDevice();
    trust = await proven.trust();
    ({ bundle } = await proven.endorsed(SENSOR, { nonce: NONCE }));
    ({ bundle: other } = await proven.endorsed(OTHER_SENSOR));
  });

  const check = (changed: Bundle, asked: object = {}): Promise<ProofReport> =>
    verifyBundle(bundleText(changed), { roots: trustedRoots(trust), endorsers: trust.endorsers, ...asked });

  async function notShown(changed: Bundle, why: RegExp, asked: object = {}): Promise<void> {
    const { tiers } = await check(changed, asked);
    assert.equal(tiers.endorsed.holds, false, tiers.endorsed.shows);
    assert.match(tiers.endorsed.shows, why);
  }

  const forge = (forgery: Forgery): Bundle => forgedAnswer(bundle, proven.keys, forgery);
  const changed = (parts: Partial<NonNullable<Bundle['endorsed']>>): Bundle => ({
    ...bundle,
    endorsed: { ...bundle.endorsed!, ...parts },
  });

  it('holds for those who believe two of the institutes, and says who answered what, and when', async () => {
    const { tiers, notChecked } = await check(bundle, { nonce: NONCE });
    assert.equal(tiers.endorsed.holds, true, tiers.endorsed.shows);
    assert.match(
      tiers.endorsed.shows,
      /^peers of NmiEastMSP, NmiNorthMSP, NmiSouthMSP found exactly these records in calibration, asked at .* with the nonce "word-of-the-asker"/,
    );
    assert.match(notChecked.join('\n'), /^whether anything has changed since the peers answered/);
    assert.doesNotMatch(notChecked.join('\n'), /left it out|nobody signs that/);
    const again = await check(forge({}));
    assert.equal(again.tiers.endorsed.holds, true, 'what forgers do not change holds');
  });

  it('is of the moment that it was asked at, and says so of a verdict of another one, earlier or later', async () => {
    const { asOf = '' } = (await check(bundle)).tiers.endorsed;
    for (const moment of [later(asOf, -86_400), later(asOf, 86_400)]) {
      const { tiers, notChecked } = await check(bundle, { asOf: moment });
      assert.equal(tiers.endorsed.holds, true);
      assert.ok(notChecked.includes(`whether the verdict is the same at another moment than ${moment}`), moment);
    }
  });

  it('does not hold without a trust that names endorsers, or that names others', async () => {
    await notShown(bundle, /does not say whose peers/, { endorsers: undefined });
    const [east] = trust.endorsers.organisations;
    await notShown(bundle, /peers of 2, and 1 counts of NmiEastMSP .*NmiNorthMSP" is none that you trust/, {
      endorsers: { ...trust.endorsers, organisations: [east] },
    });
  });

  it('of an embedded network is not taken for the word of many members', async () => {
    const embedded = { ...trust.endorsers, engine: 'embedded' };
    await notShown(bundle, /peers of 2, and 1 counts .*embedded network, which is one machine/, {
      endorsers: embedded,
    });
    const { tiers } = await check(bundle, { endorsers: { ...embedded, k: 1 } });
    assert.equal(tiers.endorsed.holds, true);
    assert.match(tiers.endorsed.shows, /^one machine, an embedded network that signs as NmiEastMSP/);
  });

  it('is not taken from another device, question, channel, time or nonce', async () => {
    await notShown({ ...bundle, endorsed: other.endorsed! }, /is about "oem-b\/sensor-b"/);
    const later = { ...bundle, question: { ...bundle.question, quantity: 'temperature' } };
    await notShown(later, /answers another question/);
    const { bundle: earlier } = await proven.endorsed(SENSOR, { asOf: '2026-01-01T00:00:00Z' });
    await notShown({ ...bundle, endorsed: earlier.endorsed! }, /answers another question/);
    await notShown(
      forge({ channelHeader: (header) => ({ ...header, channelId: 'elsewhere' }) }),
      /the channel "elsewhere"/,
    );
    await notShown(bundle, /asked in the channel "calibration", and you trust "rehearsal"/, {
      channel: { name: 'rehearsal' },
    });
    await notShown(bundle, /not asked with your nonce/, { nonce: 'mine' });
    await notShown(forge({ args: ([...args]) => [...args.slice(0, 3), 'mine'] }), /not asked with your nonce/, {
      nonce: NONCE,
    });
    const late = changed({ channelHeader: forge({ channelHeader: aDayLater }).endorsed!.channelHeader });
    await notShown(late, /belongs to another question/);
  });

  const aDayLater: NonNullable<Forgery['channelHeader']> = (header) => ({
    ...header,
    timestamp: { seconds: header.timestamp!.seconds + 86_400, nanos: 0 },
  });

  it('is not taken from another function, another chaincode, an error, or a transaction that writes', async () => {
    await notShown(forge({ args: ([, ...args]) => ['traceCal', ...args] }), /no answer of proveTrace/);
    await notShown(forge({ args: (args) => [...args, 'more'] }), /no answer of proveTrace/);
    await notShown(forge({ chaincode: 'kv' }), /no answer of proveTrace of the chaincode registry/);
    const failed = forge({ action: (action) => ({ ...action, response: { ...action.response!, status: 500 } }) });
    await notShown(failed, /not an answer but an error/);
    const results = handMadeWrites('registry', [{ key: 'device', value: 'x' }]);
    await notShown(forge({ action: (action) => ({ ...action, results }) }), /it writes/);
  });

  it('needs exactly the records that the peers found, and the same verdict', async () => {
    const { exhibits } = bundle.evidence;
    const unsaid = exhibits.findIndex(({ of: [kind] }) => kind === 'heartbeat');
    const without = { ...bundle.evidence, exhibits: exhibits.filter((_, index) => index !== unsaid) };
    await notShown({ ...bundle, evidence: without }, /one was changed, added or left out/);
    const more = [...exhibits, { of: ['organisation', 'zz'] as const, record: null }];
    await notShown(
      { ...bundle, evidence: { ...bundle.evidence, exhibits: more } },
      /one was changed, added or left out/,
    );
    await notShown({ ...bundle, epoch: { ...bundle.epoch, number: 7 } }, /another verdict .* or in another epoch/);
    await notShown(forge({ answer: (answer) => ({ ...answer, status: 'FAILED' }) }), /another verdict/);
    await notShown(forge({ answer: (answer) => ({ ...answer, records: answer.records.slice(1) }) }), /left out/);
    await notShown(forge({ answer: (answer) => ({ ...answer, type: 'tracecal-answer/2' }) }), /another verdict/);
  });

  it('counts an organisation once, and only by a peer', async () => {
    const north = 'nmi-north/peer';
    await notShown(forge({ by: [north, north, north] }), /peers of 2, and 1 counts of NmiNorthMSP/);
    await notShown(forge({ by: [north, 'nmi-south/client'] }), /1 counts .*NmiSouthMSP is by a client, not by a peer/);
    await notShown(forge({ by: [north, 'nmi-south/admin'] }), /1 counts .*NmiSouthMSP is by a admin, not by a peer/);
    await notShown(forge({ by: [north, 'lab-alpha/peer'] }), /1 counts .*LabAlphaMSP" is none that you trust/);
    await notShown(forge({ by: [north, 'nmi-south/orderer-admin'] }), /NmiSouthOrdererMSP" is none that you trust/);
  });

  it('takes no signature with the larger s, none over other bytes, and none with one damaged bit', async () => {
    const [first, ...rest] = bundle.endorsed!.endorsements;
    const high = base64Text(withHighS(bytesOf(first!.signature)));
    const all = { ...trust.endorsers, k: 3 };
    await notShown(changed({ endorsements: [{ ...first!, signature: high }, ...rest] }), /larger of its two s/, {
      endorsers: all,
    });
    const stolen = endorsement(proven.keys, 'nmi-north/peer', bytesOf(other.endorsed!.response));
    await notShown(changed({ endorsements: [stolen] }), /does not belong to this answer/);
    for (const part of ['channelHeader', 'signatureHeader', 'proposal', 'response'] as const) {
      const bytes = bytesOf(bundle.endorsed![part]);
      bytes[bytes.length - 1]! ^= 1;
      const { tiers } = await check(changed({ [part]: base64Text(bytes) }));
      assert.equal(tiers.endorsed.holds, false, part);
    }
  });

  it('is not taken with parts that are cut elsewhere, though all hashes and signatures fit', async () => {
    const { channelHeader, signatureHeader, proposal, response, endorsements } = bundle.endorsed!;
    const [header, signed, asked] = [channelHeader, signatureHeader, proposal].map(bytesOf) as [
      Uint8Array,
      Uint8Array,
      Uint8Array,
    ];
    for (const count of [1, 2, 10, 40]) {
      const moved = changed({
        channelHeader: base64Text(header.subarray(0, -count)),
        signatureHeader: base64Text(concatenate(header.subarray(-count), signed)),
      });
      await notShown(moved, /cannot be read|names no/);
      const back = changed({
        signatureHeader: base64Text(concatenate(signed, asked.subarray(0, count))),
        proposal: base64Text(asked.subarray(count)),
      });
      await notShown(back, /cannot be read/);
    }
    const whole = bytesOf(response);
    const [{ endorser, signature }] = endorsements as [(typeof endorsements)[number]];
    const recut = changed({
      response: base64Text(whole.subarray(0, -2)),
      endorsements: [{ endorser: base64Text(concatenate(whole.subarray(-2), bytesOf(endorser))), signature }],
    });
    await notShown(recut, /cannot be read/);
  });

  it('says nothing else when any of its regions is damaged, by twelve operators', async function () {
    this.timeout(600_000);
    const random = new Random(runSeed);
    const strict = { endorsers: { ...trust.endorsers, k: INSTITUTE_MSPS.length } };
    const before = (await check(bundle, strict)).tiers.endorsed;
    const counts = { refused: 0, 'not shown': 0, 'same meaning': 0 };
    for (const [region, read, write] of regions()) {
      for (const [operator, mutate] of Object.entries(MUTATIONS)) {
        for (let time = 0; time < TIMES; time += 1) {
          const damaged = write(mutate(read(bundle), random, read(other)));
          const outcome = await outcomeOf(damaged, before, `${region}, ${operator}`, strict);
          counts[outcome] += 1;
        }
      }
    }
    console.log(`Damaged bundles of the tier endorsed: ${JSON.stringify(counts)}`);
    assert.ok(counts.refused + counts['not shown'] > 100, JSON.stringify(counts));
  });

  async function outcomeOf(damaged: Bundle, before: Tier, what: string, asked: object) {
    try {
      const { tiers } = await check(damaged, asked);
      if (!tiers.endorsed.holds) return 'not shown';
      assert.deepEqual(tiers.endorsed, before, what);
      return 'same meaning';
    } catch (error) {
      assert.ok(error instanceof RegistryError, `${what}: ${String(error)}`);
      return 'refused';
    }
  }

  type Region = readonly [string, (from: Bundle) => Uint8Array, (bytes: Uint8Array) => Bundle];

  function regions(): readonly Region[] {
    const parts = ['channelHeader', 'signatureHeader', 'proposal', 'response'] as const;
    const of = (name: 'endorser' | 'signature', index: number): Region => [
      `${name} ${index}`,
      ({ endorsed }) => bytesOf(endorsed!.endorsements[index]![name]),
      (bytes) =>
        changed({
          endorsements: bundle.endorsed!.endorsements.map((each, place) =>
            place === index ? { ...each, [name]: base64Text(bytes) } : each,
          ),
        }),
    ];
    return [
      ...parts.map((part): Region => [
        part,
        ({ endorsed }) => bytesOf(endorsed![part]),
        (bytes) => changed({ [part]: base64Text(bytes) }),
      ]),
      ...[0, 1, 2].flatMap((index) => [of('endorser', index), of('signature', index)]),
    ];
  }
});
