import assert from 'node:assert/strict';
import type { common } from '@hyperledger/fabric-protos';
import { base64Text } from '@tracecal/core/platform';
import {
  channelOf,
  inForce,
  movedForward,
  trustFingerprint,
  withConfigurations,
  withRoot,
} from '@tracecal/gateway-client';
import type { Trust } from '@tracecal/gateway-client';
import { hashOf, OrderedChannel, ordererValue } from '../ledger/orderedChannel.js';

const ROOTS = [{ name: 'nmi-north', sha256: 'ff'.repeat(32) }];

/** Moving forward uses the rules of `nextConfig`, which has tests of its own: here is what a trust file makes of them. */
describe('The channel of a trust file', () => {
  let channel: OrderedChannel;
  let genesis: common.Block;
  let trust: Trust;

  before(async () => {
    channel = await OrderedChannel.make();
    genesis = channel.genesis();
    trust = {
      type: 'tracecal-trust/1',
      roots: ROOTS,
      heartbeats: { k: 1 },
      channel: channelOf(genesis.serializeBinary()),
    };
  });

  const longer = (seconds: number) => (group: common.ConfigGroup) => {
    ordererValue(group, 'BatchTimeout').setValue(Buffer.from([0x0a, 2, ...Buffer.from(`${seconds}s`)]));
  };

  async function next(before: common.Block, number: number, seconds: number, signers = channel.orderers.slice(0, 3)) {
    const envelope = await channel.reconfigured(before, longer(seconds));
    return channel.block([envelope], { number, lastConfig: number, signers });
  }

  it('is pinned by the hash of its first block, and says nothing that differs from peer to peer', () => {
    const { name, genesis: pinned, sequence } = trust.channel!;
    assert.deepEqual([name, pinned, sequence], ['calibration', Buffer.from(hashOf(genesis)).toString('hex'), 0]);
    const elsewhere = genesis.clone();
    elsewhere.getMetadata()!.setMetadataList([]);
    assert.deepEqual(channelOf(elsewhere.serializeBinary()), trust.channel);
  });

  it('moves forward one configuration after another, skips those that it is past, and never goes back', async () => {
    const second = await next(genesis, 4, 7);
    const third = await next(second, 9, 8);
    const blocks = [genesis, second, third].map((block) => block.serializeBinary());
    const moved = withConfigurations(trust, blocks);
    assert.equal(moved.channel?.sequence, 2);
    assert.equal(moved.channel.genesis, trust.channel!.genesis);
    assert.deepEqual(withConfigurations(moved, blocks), moved);
    assert.deepEqual(withConfigurations(moved, blocks.slice(0, 2)), moved);
    assert.deepEqual(withConfigurations(withConfigurations(trust, blocks.slice(0, 2)), blocks), moved);
    assert.throws(() => withConfigurations(trust, blocks.slice(2)), { code: 'TRUST_UNCHANGED' });
  });

  it('stays where it is if the orderers of the last configuration did not sign the next', async () => {
    const [one, two] = channel.orderers;
    const few = await next(genesis, 4, 7, [one!, two!]);
    assert.throws(() => withConfigurations(trust, [few.serializeBinary()]), /signatures of 2 of the channel's 4/);
    const other = await OrderedChannel.make();
    const foreign = await other.reconfigured(other.genesis(), longer(7));
    const block = other.block([foreign], { number: 4, lastConfig: 4 });
    assert.throws(() => movedForward(trust.channel!, [block.serializeBinary()]), /signatures of 0/);
    assert.throws(
      () => withConfigurations({ ...trust, channel: undefined } as unknown as Trust, []),
      /names no channel/,
    );
  });

  it('is kept when a root is added', () => {
    const more = withRoot(trust, { name: 'nmi-south', sha256: '0a'.repeat(32) });
    assert.deepEqual(more.channel, trust.channel);
    const wrong = { ...trust, channel: { ...trust.channel!, sequence: 3 } };
    assert.throws(() => withRoot(wrong, { name: 'nmi-south', sha256: '0a'.repeat(32) }), /channel cannot be read/);
    const emptied = { ...trust, channel: { ...trust.channel!, configuration: base64Text(Buffer.from('nothing')) } };
    assert.throws(() => withRoot(emptied, { name: 'nmi-south', sha256: '0a'.repeat(32) }), /channel cannot be read/);
  });

  it('changes the fingerprint, which is short enough to read out', () => {
    const without: Trust = { type: trust.type, roots: trust.roots, heartbeats: trust.heartbeats };
    const [one, other] = [trustFingerprint(trust), trustFingerprint(without)];
    assert.match(one, /^(?:[0-9A-HJKMNP-TV-Z]{5} ){3}[0-9A-HJKMNP-TV-Z]{5}$/);
    assert.notEqual(one, other);
    assert.equal(trustFingerprint({ ...without }), other);
  });

  it('is used only while the trust file is valid', () => {
    const valid = { ...trust, validity: { from: '2026-01-01T00:00:00Z', to: '2027-01-01T00:00:00Z' } };
    assert.equal(inForce(valid, '2026-06-01T00:00:00Z'), valid);
    for (const now of ['2025-12-31T23:59:59Z', '2027-01-01T00:00:00Z']) {
      assert.throws(() => inForce(valid, now), { code: 'TRUST_INVALID' });
    }
    assert.equal(inForce(trust), trust);
  });
});
