import assert from 'node:assert/strict';
import { PROOFS_KEY } from '@tracecal/core/contracts';
import { canonicalJson, RegistryError } from '@tracecal/core/model';
import { base64Text } from '@tracecal/core/platform';
import { trustedRoots, withConfigurations } from '@tracecal/gateway-client';
import type { EndorsingOrganisation } from '@tracecal/gateway-client';
import { bundleText, verifyBundle } from '@tracecal/gateway-client/proof';
import type { Bundle, ProofReport, Tier } from '@tracecal/gateway-client/proof';
import { committedResults, decodeReadWriteSet } from '@tracecal/ledger/validation';
import {
  ImplicitMetaPolicy,
  KvRwSet,
  Metadata,
  METADATA,
  META_RULE,
  POLICY_TYPE,
  SignaturePolicyEnvelope,
  TxReadWriteSet,
} from '@tracecal/ledger/wire';
import { inBrowser } from '../../support/browser.js';
import { bytesOf } from '../../support/forgedAnswer.js';
import {
  forgedAnchor,
  partsOf,
  trustingOther,
  withBlock,
  withForgedBlock,
  withPolicy,
} from '../../support/forgedBlock.js';
import type { ForgedTransaction, Parts } from '../../support/forgedBlock.js';
import { MUTATIONS } from '../../support/mutations.js';
import { OTHER_SENSOR } from '../../support/provenDevice.js';
import { runs } from '../../support/property.js';
import type { ProvenDevice } from '../../support/provenDevice.js';
import { Random } from '../../support/random.js';
import { runSeed } from '../../support/seed.js';
import { sharedProvenDevice } from '../../support/sharedProvenDevice.js';

/** Of each operator on each region. */
const TIMES = runs(1);

describe('The tier recorded', function () {
  this.timeout(240_000);
  let proven: ProvenDevice;
  let trust: Awaited<ReturnType<ProvenDevice['trust']>>;
  let bundle: Bundle;
  let neighbour: Bundle;
  let other: Bundle;
  /** The envelope that anchored the first two. */
  let envelope: Uint8Array;

  before(async () => {
    proven = await sharedProvenDevice();
    trust = await proven.trust();
    const [first, second] = [await proven.chain(), await proven.chain(OTHER_SENSOR)];
    [bundle, neighbour] = (await proven.recorded([first, second])).bundles as [Bundle, Bundle];
    [other] = (await proven.recorded([second])).bundles as [Bundle];
    [envelope] = partsOf(bundle.recorded!.block).envelopes as [Uint8Array];
  });

  const check = (changed: Bundle, asked: object = {}): Promise<ProofReport> =>
    verifyBundle(bundleText(changed), {
      roots: trustedRoots(trust),
      endorsers: trust.endorsers,
      channel: trust.channel,
      ...asked,
    });

  async function notShown(changed: Bundle, why: RegExp, asked: object = {}): Promise<void> {
    const { tiers } = await check(changed, asked);
    assert.equal(tiers.recorded.holds, false, tiers.recorded.shows);
    assert.match(tiers.recorded.shows, why);
  }

  async function holds(changed: Bundle, asked: object = {}): Promise<Tier> {
    const { tiers } = await check(changed, asked);
    assert.equal(tiers.recorded.holds, true, tiers.recorded.shows);
    return tiers.recorded;
  }

  const changed = (parts: Partial<NonNullable<Bundle['recorded']>>): Bundle => ({
    ...bundle,
    recorded: { ...bundle.recorded!, ...parts },
  });
  const ordered = (...envelopes: readonly Uint8Array[]): Bundle => withForgedBlock(bundle, proven.keys, envelopes);
  const forged = (forgery: ForgedTransaction): Bundle => ordered(forgedAnchor(envelope, proven.keys, forgery));

  it('holds for those who trust the channel: which block, whose signatures, and no word about time', async () => {
    const { shows } = await holds(bundle);
    assert.match(
      shows,
      /^it stood, among 2, in block \d+ of calibration, signed by [34] of 4 orderers, of whom 1 may be/,
    );
    assert.match(
      shows,
      /valid by the endorsements of Nmi\w+MSP, .* recorded after [^,]+, as these say; nobody says by when/,
    );
    await holds(neighbour);
    await holds(ordered(envelope));
    await holds(forged({}));
  });

  it('of an embedded network is one machine', async () => {
    const { shows } = await holds(bundle, { endorsers: { ...trust.endorsers, engine: 'embedded' } });
    assert.match(shows, /an embedded network: one machine signs as all of them/);
  });

  it('gives the same report in a browser, with the tier endorsed', async () => {
    const { bundle: endorsed } = await proven.endorsed();
    const [whole] = (await proven.recorded([endorsed])).bundles as [Bundle];
    const here = await check(whole);
    assert.deepEqual([here.tiers.endorsed.holds, here.tiers.recorded.holds], [true, true]);
    const page = inBrowser(`
      import { canonicalJson } from '@tracecal/core/model';
      import { verifyBundle } from '@tracecal/gateway-client/proof/verify';
      export const check = async (text, asked) => canonicalJson(await verifyBundle(text, JSON.parse(asked)));
    `) as { check(text: string, asked: string): Promise<string> };
    const { endorsers, channel } = trust;
    const asked = JSON.stringify({ roots: trustedRoots(trust), endorsers, channel });
    assert.equal(await page.check(bundleText(whole), asked), canonicalJson(here));
  });

  it('does not hold without a trusted channel, or with another one', async () => {
    await notShown(bundle, /does not name a channel/, { channel: undefined });
    await notShown(bundle, /recorded in the channel "calibration"/, { channel: { ...trust.channel, name: 'other' } });
    const elsewhere = trustingOther(trust, (group) => ({ ...group, version: group.version + 1 }));
    await holds(bundle, { channel: elsewhere });
    await notShown(bundle, /configurations are not accepted/, { channel: { ...elsewhere, genesis: 'ab'.repeat(32) } });
  });

  it('covers the whole bundle, and no other one', async () => {
    await notShown({ ...bundle, epoch: { ...bundle.epoch, number: 99 } }, /anchors the root that this bundle leads to/);
    await notShown({ ...bundle, recorded: other.recorded! }, /anchors the root/);
    await notShown({ ...bundle, recorded: neighbour.recorded! }, /anchors the root/);
    await notShown(changed({ index: 1 }), /anchors the root/);
    await notShown(changed({ index: 5 }), /leads to no root/);
    await notShown(changed({ size: 3 }), /leads to no root|anchors the root/);
    await notShown(changed({ path: [] }), /leads to no root/);
    await notShown(changed({ salt: 'ab'.repeat(32) }), /anchors the root/);
    await notShown(changed({ block: other.recorded!.block }), /anchors the root/);
  });

  it('takes validity from the transaction, never from flags', async () => {
    const flagged = withBlock(bundle, ({ metadata }) => ({
      metadata: metadata.map((bytes, place) => (place === METADATA.transactionsFilter ? Uint8Array.of(0) : bytes)),
    }));
    await notShown(flagged, /carries metadata that nobody signs/);
    await notShown(forged({ by: ['nmi-north/peer'] }), /not valid: too few of those endorsed it/);
    await notShown(forged({ by: ['nmi-north/peer', 'nmi-north/peer'] }), /not valid: too few/);
    await notShown(forged({ by: ['nmi-north/peer', 'lab-alpha/peer', 'lab-beta/peer'] }), /not valid: too few/);
    await notShown(forged({ by: ['nmi-north/peer', 'nmi-south/client'] }), /not valid: too few/);
    await notShown(forged({ creator: 'oem-a/client' }), /anchors the root/);
    await notShown(forged({ transaction: 'anchor' }), /is not anchorProofs/);
  });

  it('is shown only by a transaction that reads nothing and writes this root alone', async () => {
    const withSet = (change: (set: KvRwSet) => Partial<KvRwSet>) => (results: Uint8Array) => {
      const sets = TxReadWriteSet.decode(results);
      const nsRwset = sets.nsRwset.map((each) => {
        const set = KvRwSet.decode(each.rwset);
        return each.namespace === 'registry' ? { ...each, rwset: KvRwSet.encode({ ...set, ...change(set) }) } : each;
      });
      return TxReadWriteSet.encode({ ...sets, nsRwset });
    };
    const write = (key: string) => ({ key, isDelete: false, value: Buffer.from('x') });
    const read = { key: 'device', version: undefined };
    for (const change of [
      () => ({ reads: [read] }),
      ({ writes }: KvRwSet) => ({ writes: [...writes, write('device')] }),
      () => ({ metadataWrites: [{ key: 'device', entries: [] }] }),
    ]) {
      await notShown(forged({ results: withSet(change) }), /reads or writes something else/);
    }
    await notShown(forged({ results: withSet(() => ({ writes: [write('device')] })) }), /anchors the root/);
    const erased = ({ writes }: KvRwSet) => ({ writes: writes.map((each) => ({ ...each, isDelete: true })) });
    await notShown(forged({ results: withSet(erased) }), /anchors the root/);
    const [{ state }] = writesOf(envelope) as [ReturnType<typeof decodeReadWriteSet>[number]];
    assert.match(state.writes[0]!.key, new RegExp(PROOFS_KEY));
  });

  it('needs a quorum of different orderers', async () => {
    await notShown(
      withForgedBlock(bundle, proven.keys, [envelope], [1, 1, 1, 1]),
      /signatures of 1 of the channel's 4/,
    );
    await notShown(withForgedBlock(bundle, proven.keys, [envelope], [1, 2]), /signatures of 2 .* it needs 3/);
    await holds(withForgedBlock(bundle, proven.keys, [envelope], [2, 3, 4]));
  });

  it('is not taken with envelopes cut elsewhere, or with moved metadata', async () => {
    const cut = withBlock(bundle, ({ envelopes: [first, ...rest] }) => ({
      envelopes: [first!.subarray(0, 40), first!.subarray(40), ...rest],
    }));
    await notShown(cut, /block is not accepted: Block \d+ has a transaction that is malformed/);
    const moved = withBlock(bundle, ({ metadata }) => ({
      metadata: metadata.map((bytes, place) => (place === METADATA.signatures ? movedIn(bytes) : bytes)),
    }));
    await notShown(
      moved,
      /block is not accepted: .*(not in the form that orderers store|does not say under which configuration)/,
    );
  });

  it('is not taken with a policy from the time of Raft, or with an emptied one', async () => {
    const anyWriter = ImplicitMetaPolicy.encode({ subPolicy: 'Writers', rule: META_RULE.any });
    const nobody = SignaturePolicyEnvelope.encode({
      version: 0,
      rule: { signedBy: undefined, nOutOf: { n: 0, rules: [] } },
      identities: [],
    });
    const raft = { type: POLICY_TYPE.implicitMeta, value: anyWriter };
    const empty = { type: POLICY_TYPE.signature, value: nobody };
    const trusting = (group: string, name: string, policy: { type: number; value: Uint8Array }) => ({
      channel: trustingOther(trust, (channel) => withPolicy(channel, group, name, policy)),
    });
    await notShown(bundle, /BlockValidation is not the quorum/, trusting('Orderer', 'BlockValidation', raft));
    await notShown(bundle, /BlockValidation is not the quorum/, trusting('Orderer', 'BlockValidation', empty));
    await notShown(bundle, /asks for nobody to endorse/, trusting('Application', 'Endorsement', empty));
  });

  it('says nothing else when any of its regions is damaged, by twelve operators', async function () {
    this.timeout(600_000);
    const random = new Random(runSeed);
    const before = meaning((await check(bundle)).tiers.recorded);
    const counts = { refused: 0, 'not shown': 0, 'same meaning': 0 };
    for (const [region, read, write] of regions()) {
      for (const [operator, mutate] of Object.entries(MUTATIONS)) {
        for (let time = 0; time < TIMES; time += 1) {
          const outcome = await outcomeOf(
            () => write(mutate(read(bundle), random, read(other))),
            before,
            `${region}, ${operator}`,
          );
          counts[outcome] += 1;
        }
      }
    }
    console.log(`Damaged bundles of the tier recorded: ${JSON.stringify(counts)}`);
    assert.ok(counts['not shown'] + counts.refused > 60, JSON.stringify(counts));
  });

  it('is shown after a rotation of an orderer: to old trust along the configurations, and to new trust from the first', async function () {
    this.timeout(240_000);
    const { name, domain } = proven.registry.network.consortium.orderers[0]!;
    await proven.registry.network.rotateOrderer(`${name}.${domain}`);
    const [later] = (await proven.recorded([await proven.chain()])).bundles as [Bundle];
    const blocks = later.recorded!.configurations.map(bytesOf);
    assert.ok(blocks.length > 1);
    const moved = withConfigurations(trust, blocks);
    assert.ok(moved.channel!.sequence > trust.channel.sequence);
    await holds(later);
    await holds(later, { channel: moved.channel });
    await holds(bundle, { channel: moved.channel });
    const without = { ...later, recorded: { ...later.recorded!, configurations: [] } };
    await notShown(without, /block is not accepted: .*(under the configuration of block|valid signatures of 2 of)/);
    await notShown(changed({ configurations: [] }), /the first one is missing/, { channel: moved.channel });
    assert.deepEqual(withConfigurations(moved, blocks), moved, 'nothing moves backward');
    const { organisations, ...others } = trust.endorsers;
    const [first, second] = organisations as [EndorsingOrganisation, EndorsingOrganisation];
    const replaced = { ...trust, endorsers: { ...others, organisations: [{ ...first, roots: second.roots }, second] } };
    assert.deepEqual(
      withConfigurations(replaced, blocks).endorsers?.organisations,
      [first, second],
      'endorsers have the CAs that they have now',
    );
    const left = { ...trust, endorsers: { ...others, k: 1, organisations: [{ ...first, mspId: 'GoneMSP' }, second] } };
    assert.deepEqual(withConfigurations(left, blocks).endorsers?.organisations, [second], 'without those that left');
    const tooFew = { ...left, endorsers: { ...left.endorsers, k: 2 } };
    assert.throws(() => withConfigurations(tooFew, blocks), /peers of 2 organisations have to agree, .*GoneMSP went/);
    const [, , ...skipped] = blocks;
    if (skipped.length > 0) assert.throws(() => withConfigurations(trust, skipped), /TRUST_UNCHANGED|not changed/);
    const damaged = Uint8Array.from(blocks.at(-1)!);
    damaged[damaged.length >> 1]! ^= 1;
    assert.throws(() => withConfigurations(trust, [...blocks.slice(0, -1), damaged]), /not changed/);
  });

  function movedIn(signatures: Uint8Array): Uint8Array {
    const { value, signatures: all } = Metadata.decode(signatures);
    return Metadata.encode({
      value: new Uint8Array(),
      signatures: all.map((each) => ({
        ...each,
        identifierHeader: Buffer.concat([value, each.identifierHeader]),
      })),
    });
  }

  function meaning({ shows }: Tier): string {
    return shows.replace(/signed by \d of/, 'signed by a quorum of');
  }

  async function outcomeOf(damage: () => Bundle, before: string, what: string) {
    try {
      const { tiers } = await check(damage());
      if (!tiers.recorded.holds) return 'not shown';
      assert.equal(meaning(tiers.recorded), before, what);
      return 'same meaning';
    } catch (error) {
      assert.ok(error instanceof RegistryError, `${what}: ${String(error)}`);
      return 'refused';
    }
  }

  type Region = readonly [string, (from: Bundle) => Uint8Array, (bytes: Uint8Array) => Bundle];

  function regions(): readonly Region[] {
    const part = (
      name: string,
      read: (parts: Parts) => Uint8Array,
      write: (bytes: Uint8Array, parts: Parts) => Partial<Parts>,
    ): Region => [
      name,
      ({ recorded }) => read(partsOf(recorded!.block)),
      (bytes) => withBlock(bundle, (parts) => write(bytes, parts)),
    ];
    const metadata = (place: number): Region =>
      part(
        `metadata ${place}`,
        (parts) => parts.metadata[place]!,
        (bytes, parts) => ({ metadata: parts.metadata.map((each, index) => (index === place ? bytes : each)) }),
      );
    const hex = (name: 'salt' | 'path'): Region => [
      name,
      ({ recorded }) => Buffer.from(name === 'salt' ? recorded!.salt : (recorded!.path[0] ?? ''), 'hex'),
      (bytes) => {
        const text = Buffer.from(bytes).toString('hex');
        return changed(name === 'salt' ? { salt: text } : { path: [text] });
      },
    ];
    return [
      ['block', ({ recorded }) => bytesOf(recorded!.block), (bytes) => changed({ block: base64Text(bytes) })],
      part(
        'data hash',
        ({ header }) => header.dataHash,
        (dataHash, { header }) => ({ header: { ...header, dataHash } }),
      ),
      part(
        'previous hash',
        ({ header }) => header.previousHash,
        (previousHash, { header }) => ({ header: { ...header, previousHash } }),
      ),
      part(
        'envelope',
        ({ envelopes }) => envelopes[0]!,
        (bytes, { envelopes }) => ({ envelopes: [bytes, ...envelopes.slice(1)] }),
      ),
      metadata(METADATA.signatures),
      metadata(METADATA.lastConfig),
      [
        'configuration',
        ({ recorded }) => bytesOf(recorded!.configurations[0]!),
        (bytes) => changed({ configurations: [base64Text(bytes), ...bundle.recorded!.configurations.slice(1)] }),
      ],
      hex('salt'),
      hex('path'),
    ];
  }
});

function writesOf(envelope: Uint8Array) {
  return decodeReadWriteSet(resultsOf(envelope)).filter(({ namespace }) => namespace === 'registry');
}

function resultsOf(envelope: Uint8Array): Uint8Array {
  return committedResults(envelope)!.results;
}
