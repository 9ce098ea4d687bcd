import assert from 'node:assert/strict';
import { base64Bytes, base64Text, hexText } from '@tracecal/core/platform';
import { connect, Follower } from '@tracecal/gateway-client/replica';
import type { BlockSource, FollowOptions, Place } from '@tracecal/gateway-client/replica';
import { channelOf, movedForward } from '@tracecal/gateway-client';
import type { Trust, TrustedChannel } from '@tracecal/gateway-client';
import type { DefinedChaincode } from '@tracecal/ledger/validation';
import { altered, hashOf } from '../../support/replica/alterations.js';
import { FakePeer } from '../../support/replica/fakePeer.js';
import { sharedChain } from '../../support/replica/sharedChain.js';
import { removeTemporaryFolders, temporaryFolder } from '../../support/temporaryFolder.js';

describe('A replica that begins with the channel of a trust file', function () {
  this.timeout(240_000);

  let blocks: readonly Uint8Array[];
  let definitions: readonly DefinedChaincode[];
  /** Number of the block that brings another configuration. */
  let configBlock: number;
  let begun: TrustedChannel;
  /** As `trust update` moves it. */
  let moved: TrustedChannel;

  before(async () => {
    ({ blocks, definitions, configBlock } = await sharedChain());
    begun = channelOf(blocks[0]!);
    moved = movedForward(begun, [blocks[configBlock]!]);
    assert.ok(moved.sequence > begun.sequence);
  });

  after(removeTemporaryFolders);

  const peer = (name = 'nmi-north', count = blocks.length) => new FakePeer(name, blocks.slice(0, count));

  const trusting = (channel?: TrustedChannel, more: Partial<Trust> = {}): { readonly trust: Trust } => ({
    trust: {
      type: 'tracecal-trust/1',
      roots: [{ name: 'nmi-north', sha256: 'ab'.repeat(32) }],
      heartbeats: { k: 1 },
      ...(channel && { channel }),
      ...more,
    },
  });

  async function follow(folder: string, source: BlockSource, more: Partial<FollowOptions> = {}): Promise<Place> {
    const follower = new Follower({ replica: folder, peers: [source], definitions, patienceMs: 300, ...more });
    try {
      return await follower.catchUp();
    } finally {
      await follower.close();
    }
  }

  async function placeIn(folder: string, more: object = {}): Promise<Place> {
    const reader = await connect({ replica: folder, ...more });
    try {
      return await reader.place();
    } finally {
      await reader.close();
    }
  }

  /** The same trust with another block of the same number and configuration, as orderers can sign two. */
  function forked(): TrustedChannel {
    const block = altered(base64Bytes(moved.configuration)!, ({ header }) => ({
      header: { ...header, previousHash: hashOf(blocks[0]!) },
    }));
    return { ...moved, configuration: base64Text(block) };
  }

  it('is vouched for, whether the file names the first configuration or a later one', async () => {
    for (const channel of [begun, moved]) {
      const folder = temporaryFolder();
      const place = await follow(folder, peer(), trusting(channel));
      assert.deepEqual([place.isPinned, place.height, place.configBlock], [true, blocks.length, configBlock]);
      for (const later of [begun, moved]) assert.deepEqual(await follow(folder, peer(), trusting(later)), place);
      assert.deepEqual(await placeIn(folder, trusting(moved)), place);
    }
  });

  it('is vouched for from then on if it was begun without one', async () => {
    const folder = temporaryFolder();
    assert.equal((await follow(folder, peer())).isPinned, false);
    assert.equal((await follow(folder, peer(), trusting(moved))).isPinned, true);
    assert.equal((await follow(folder, peer())).isPinned, true);
  });

  it('takes nothing from a peer of another channel', async () => {
    const folder = temporaryFolder();
    const elsewhere = trusting({ ...moved, genesis: 'ab'.repeat(32) });
    await assert.rejects(follow(folder, peer(), elsewhere), {
      code: 'OTHER_CHANNEL',
      message: /Block 0 from the peer of nmi-north has the hash [0-9a-f]{64}, not the one that you trust\./,
    });
    await assert.rejects(placeIn(folder), { code: 'REPLICA_MISSING' });
    const begunWithout = temporaryFolder();
    const place = await follow(begunWithout, peer());
    await assert.rejects(follow(begunWithout, peer(), elsewhere), { code: 'OTHER_CHANNEL' });
    await assert.rejects(placeIn(begunWithout, elsewhere), { code: 'OTHER_CHANNEL' });
    assert.deepEqual(await placeIn(begunWithout), place);
  });

  it('stops before a configuration that is not the one of the file', async () => {
    const folder = temporaryFolder();
    const hash = hexText(hashOf(blocks[configBlock]!));
    await assert.rejects(follow(folder, peer(), trusting(forked())), {
      code: 'OTHER_CHANNEL',
      message: new RegExp(`Block ${configBlock} from the peer of nmi-north has the hash ${hash}, not the one that you`),
    });
    assert.equal((await placeIn(folder)).height, configBlock);
    const whole = temporaryFolder();
    await follow(whole, peer());
    const held = { code: 'OTHER_CHANNEL', message: new RegExp(`Block ${configBlock} of the replica has the hash`) };
    await assert.rejects(follow(whole, peer(), trusting(forked())), held);
    await assert.rejects(placeIn(whole, trusting(forked())), held);
  });

  it('is not left behind the configuration of the file', async () => {
    const folder = temporaryFolder();
    await assert.rejects(follow(folder, peer('liar', configBlock), trusting(moved)), {
      code: 'PEER_BEHIND',
      message: new RegExp(`liar has ${configBlock} blocks, and you trust block ${configBlock}\\.`),
    });
    await follow(folder, peer('nmi-north', configBlock));
    await assert.rejects(placeIn(folder, trusting(moved)), {
      code: 'REPLICA_BEHIND',
      message: new RegExp(`It has ${configBlock} blocks, and you trust block ${configBlock}\\.`),
    });
  });

  it('is not begun where the file names no channel, another one, or is out of force', async () => {
    const attempt = (more: Partial<FollowOptions>) => follow(temporaryFolder(), peer(), more);
    await assert.rejects(attempt(trusting()), { code: 'TRUST_INVALID', message: /names no channel/ });
    const validity = { from: '2020-01-01T00:00:00Z', to: '2021-01-01T00:00:00Z' };
    await assert.rejects(attempt(trusting(moved, { validity })), {
      code: 'TRUST_INVALID',
      message: /may be used from/,
    });
    await assert.rejects(attempt({ ...trusting(moved), channel: 'other' }), {
      code: 'OTHER_CHANNEL',
      message: /You trust the channel calibration, and other is followed/,
    });
    const { configuration } = begun;
    await assert.rejects(attempt(trusting({ ...moved, configuration })), { code: 'TRUST_INVALID' });
  });
});
