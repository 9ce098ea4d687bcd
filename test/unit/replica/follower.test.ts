import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { hexText } from '@tracecal/core/platform';
import { canonicalJson } from '@tracecal/core/model';
import { connect, Follower, type BlockSource, type FollowOptions, type Place } from '@tracecal/gateway-client/replica';
import { relianceOn, TraceCalError, type TraceCalErrorCode, type Trust } from '@tracecal/gateway-client';
import type { DefinedChaincode } from '@tracecal/ledger/validation';
import { Block, concatenate, Envelope, Metadata, TX_CODE } from '@tracecal/ledger/wire';
import sinon from 'sinon';
import type { Hierarchy } from '../../support/hierarchy.js';
import { runs } from '../../support/property.js';
import { Random } from '../../support/random.js';
import { REGISTRY, type RegistryNetwork } from '../../support/registryNetwork.js';
import {
  altered,
  BribedOrderers,
  damaged,
  hashOf,
  withData,
  withMetadata,
  withoutAdministrators,
} from '../../support/replica/alterations.js';
import { FakePeer, withBlock } from '../../support/replica/fakePeer.js';
import type { Recording } from '../../support/replica/followingProgram.js';
import { sharedChain } from '../../support/replica/sharedChain.js';
import { resultsOf } from '../../support/odd/sets.js';
import { StolenKeys } from '../../support/stolenKeys.js';
import { buildTransaction } from '../../support/transactionBuilder.js';
import { runSeed } from '../../support/seed.js';
import { removeTemporaryFolders, temporaryFolder } from '../../support/temporaryFolder.js';

const PROGRAM = resolve(__dirname, '../../support/replica/followingProgram.js');

describe('A replica', function () {
  this.timeout(240_000);

  let hierarchy: Hierarchy;
  let registry: RegistryNetwork;
  let blocks: readonly Uint8Array[];
  let definitions: readonly DefinedChaincode[];
  let bribed: BribedOrderers;
  /** Number of the block that brings another configuration. */
  let configBlock: number;

  before(async () => {
    ({ registry, blocks, definitions, configBlock } = await sharedChain());
    ({ hierarchy } = registry);
    bribed = new BribedOrderers(registry.network, blocks[0]!);
  });

  after(removeTemporaryFolders);

  const honest = (name = 'nmi-north', count = blocks.length) => new FakePeer(name, blocks.slice(0, count));

  async function follow(
    folder: string,
    peers: readonly BlockSource[],
    more: Partial<FollowOptions> = {},
  ): Promise<Place> {
    const follower = new Follower({ replica: folder, peers, definitions, patienceMs: 300, ...more });
    try {
      return await follower.catchUp();
    } finally {
      await follower.close();
    }
  }

  /** A replica of the first blocks. */
  async function replicaOf(count: number): Promise<string> {
    const folder = temporaryFolder();
    await follow(folder, [honest('nmi-north', count)]);
    return folder;
  }

  async function placeIn(folder: string): Promise<Place> {
    const reader = await connect({ replica: folder });
    try {
      return await reader.place();
    } finally {
      await reader.close();
    }
  }

  describe('of an honest peer', () => {
    it('has every block, and no word of the peer had to be believed', async () => {
      const folder = temporaryFolder();
      const heights: number[] = [];
      const place = await follow(folder, [honest()], { onProgress: ({ height }) => heights.push(height) });
      assert.equal(place.height, blocks.length);
      assert.equal(place.newest, hexText(hashOf(blocks.at(-1)!)));
      assert.equal(place.configBlock, configBlock);
      assert.deepEqual(
        heights,
        blocks.map((_, number) => number + 1),
      );
    });

    it('goes on where it ended, and takes only what is new', async () => {
      const folder = await replicaOf(5);
      const heights: number[] = [];
      await follow(folder, [honest('nmi-north', 8)], { onProgress: ({ height }) => heights.push(height) });
      assert.deepEqual(heights, [6, 7, 8]);
      assert.equal((await follow(folder, [honest()])).height, blocks.length);
      assert.equal((await follow(folder, [honest()])).height, blocks.length);
    });

    it('gives the verdict of the network, byte for byte, and opens no socket', async () => {
      const folder = await replicaOf(blocks.length);
      const network = await registry.as('nmi-north');
      const asOf = await registry.now();
      const devices = ['sensor-a', 'sensor-b'].map((device) => hierarchy.idOf('device', device));
      const opened: unknown[] = [];
      const note = (message: unknown) => opened.push(message);
      subscribe('net.client.socket', note);
      const reader = await connect({ replica: folder });
      try {
        const verdicts = [];
        for (const device of devices) verdicts.push(await reader.traceCal(device, { asOf, explain: true }));
        const many = await reader.traceMany(devices, asOf);
        const evidence = await reader.getEvidence(devices[0]!, { asOf });
        assert.deepEqual(opened, []);
        unsubscribe('net.client.socket', note);
        for (const [index, device] of devices.entries()) {
          const told = await network.traceCal(device, { asOf, explain: true });
          assert.equal(canonicalJson(verdicts[index]), canonicalJson(told));
        }
        assert.equal(verdicts[0]!.status, 'TRACEABLE');
        assert.equal(canonicalJson(many), canonicalJson(await network.traceMany(devices, asOf)));
        assert.equal(canonicalJson(evidence), canonicalJson(await network.getEvidence(devices[0]!, { asOf })));
        assert.equal(await reader.registry(), await network.registry());
        assert.deepEqual(await reader.devicesNamed('sensor-a'), [devices[0]]);
      } finally {
        unsubscribe('net.client.socket', note);
        await reader.close();
      }
    });

    it('finds a device stale whose institutes have not signed for too long', async () => {
      const reader = await connect({ replica: await replicaOf(blocks.length) });
      const tomorrow = sinon.useFakeTimers({ now: Date.now() + 86_400_000, toFake: ['Date'] });
      try {
        const verdict = await reader.traceCal(hierarchy.idOf('device', 'sensor-a'), { maxAgeSeconds: 3600 });
        assert.equal(relianceOn(verdict).lacks, 'freshness');
        await assert.rejects(reader.traceCal('oem-a/nobody'), { code: 'NOT_FOUND' });
        // @ts-expect-error JavaScript has no compiler
        await assert.rejects(reader.traceCal('oem-a/sensor-a', { maxAge: 1 }), { code: 'INPUT_INVALID' });
        const trust: Trust = {
          type: 'tracecal-trust/1',
          roots: [{ name: 'nmi-north', sha256: 'ab'.repeat(32) }],
          heartbeats: { k: 1 },
          registry: `calibration:${'ab'.repeat(32)}`,
        };
        const another = reader.traceCal('oem-a/sensor-a', { roots: trust, maxAgeSeconds: 3600 });
        await assert.rejects(another, { code: 'INPUT_INVALID', message: /names calibration:abab/ });
      } finally {
        tomorrow.restore();
        await reader.close();
      }
    });

    it('survives SIGKILL at any block, and goes on without a gap', async () => {
      const recording: Recording = {
        blocks: blocks.map((block) => Buffer.from(block).toString('base64')),
        definitions: definitions.map(({ name, endorsementPolicy }) => ({
          name,
          policy: Buffer.from(endorsementPolicy).toString('base64'),
        })),
      };
      const file = join(temporaryFolder(), 'recording.json');
      writeFileSync(file, JSON.stringify(recording));
      const folder = temporaryFolder();
      const random = new Random(runSeed);
      let reached = 0;
      for (let kills = 0; kills < runs(3) && reached < blocks.length; kills++) {
        const victim = fork(PROGRAM, [file, folder]);
        const patience = random.between(1, 12);
        for (let heard = 0; heard < patience && reached < blocks.length; heard++) {
          const [height] = (await once(victim, 'message')) as [number];
          assert.ok(height > reached, 'no block is taken twice');
          reached = height;
        }
        victim.kill('SIGKILL');
        if (victim.exitCode === null && victim.signalCode === null) await once(victim, 'exit');
        reached = (await placeIn(folder)).height;
      }
      const whole = await placeIn(await replicaOf(blocks.length));
      assert.deepEqual(await follow(folder, [honest()]), whole);
    });

    it('ends after the block that it is taking, when it is told to', async () => {
      const told = new AbortController();
      const folder = temporaryFolder();
      const onProgress = ({ height }: { readonly height: number }) => height === 3 && told.abort();
      const follower = new Follower({ replica: folder, peers: [honest()], definitions, onProgress });
      assert.equal((await follower.catchUp(told.signal)).height, 3);
      await follower.close();
    });

    it('is asked while it is followed', async () => {
      const folder = await replicaOf(5);
      const follower = new Follower({ replica: folder, peers: [honest()], definitions });
      const reader = await connect({ replica: folder });
      await follower.catchUp();
      assert.equal((await reader.place()).height, blocks.length);
      await Promise.all([reader.close(), follower.close()]);
    });
  });

  describe('of a peer that lies', () => {
    /** The next block after the first ones comes altered: it is refused, is kept as evidence, and changes nothing. */
    async function refuses(
      number: number,
      lie: Uint8Array,
      code: TraceCalErrorCode,
      words: RegExp,
      more: Partial<FollowOptions> = {},
    ): Promise<void> {
      const folder = await replicaOf(number);
      const before = await placeIn(folder);
      const liar = new FakePeer('liar', withBlock(blocks.slice(0, number + 1), number, lie));
      await rejects(follow(folder, [liar], more), code, words);
      await assertKept(folder, code);
      assert.deepEqual(await placeIn(folder), before);
      assert.equal((await follow(folder, [honest('nmi-north', number + 1)])).height, number + 1);
    }

    async function rejects(attempt: Promise<unknown>, code: TraceCalErrorCode, words: RegExp): Promise<void> {
      await assert.rejects(attempt, (error: unknown) => {
        assert.ok(error instanceof TraceCalError, String(error));
        assert.equal(error.code, code, error.message);
        assert.match(error.message, words);
        return true;
      });
    }

    async function assertKept(folder: string, code: TraceCalErrorCode): Promise<void> {
      const refused = join(folder, 'refused');
      const [kept, ...others] = readdirSync(refused);
      assert.deepEqual(others, []);
      const why = JSON.parse(readFileSync(join(refused, kept!, 'why.json'), 'utf8')) as { code: string; peer: string };
      assert.deepEqual([why.code, why.peer], [code, 'liar']);
      for (const file of ['received.block', 'held.block']) {
        assert.ok(Block.decode(readFileSync(join(refused, kept!, file))).header, file);
      }
      return Promise.resolve();
    }

    const middle = 6;
    const real = () => blocks[middle]!;

    it('is not followed with a block that too few orderers signed', () =>
      refuses(
        middle,
        altered(real(), ({ metadata }) => ({
          metadata: withMetadata(metadata, 'signatures', (bytes) => {
            const { value, signatures } = Metadata.decode(bytes);
            return Metadata.encode({ value, signatures: signatures.slice(1) });
          }),
        })),
        'BLOCK_FORGED',
        /valid signatures of 2 of the channel's 4 orderers; it needs 3/,
      ));

    it('is not followed with a signature that counts twice', () =>
      refuses(
        middle,
        altered(real(), ({ metadata }) => ({
          metadata: withMetadata(metadata, 'signatures', (bytes) => {
            const { value, signatures } = Metadata.decode(bytes);
            return Metadata.encode({ value, signatures: [signatures[0]!, signatures[0]!, signatures[1]!] });
          }),
        })),
        'BLOCK_FORGED',
        /signatures of 2/,
      ));

    it('is not followed with changed data', () =>
      refuses(
        middle,
        altered(real(), ({ data }) => ({ data: data.map((envelope) => damaged(envelope)) })),
        'BLOCK_FORGED',
        /other transactions than its header was made for/,
      ));

    it('is not followed with changed data and a header that fits', () =>
      refuses(middle, withData(real(), Block.decode(blocks[middle - 1]!).data!.data), 'BLOCK_FORGED', /it needs 3/));

    it('is not followed with envelopes cut at another place', () =>
      refuses(
        middle,
        altered(real(), ({ data: [first, ...others] }) => {
          const cut = first!.length - Envelope.decode(first!).signature.length;
          return { data: [first!.subarray(0, cut), first!.subarray(cut), ...others] };
        }),
        'BLOCK_FORGED',
        /malformed or of another channel/,
      ));

    it('is not followed with bytes moved within the signed metadata', () =>
      refuses(
        middle,
        altered(real(), ({ metadata }) => ({
          metadata: withMetadata(metadata, 'signatures', (bytes) => {
            const { value, signatures } = Metadata.decode(bytes);
            return Metadata.encode({
              value: new Uint8Array(),
              signatures: signatures.map((each) => ({
                ...each,
                identifierHeader: concatenate(value, each.identifierHeader),
              })),
            });
          }),
        })),
        'BLOCK_FORGED',
        /does not say under which configuration it was signed/,
      ));

    it('is not followed when it says that an invalid transaction is valid, or a valid one invalid', () =>
      refuses(
        middle,
        altered(real(), ({ metadata }) => ({
          metadata: withMetadata(metadata, 'transactionsFilter', (codes) => codes.with(0, 11)),
        })),
        'VALIDITY_DIFFERS',
        /Transaction 0 of block 6 is VALID; the peer of liar says MVCC_READ_CONFLICT/,
      ));

    it('is not called a liar if it may have a private value that was read as a public one', () => {
      const keys = new StolenKeys(registry.network);
      const { envelope } = buildTransaction(
        {
          channelId: REGISTRY.channel,
          chaincode: 'registry',
          version: '1.0',
          results: resultsOf([
            { namespace: 'registry$$p_implicit_org_NmiNorthMSP', reads: [['k', { block: 1, transaction: 0 }]] },
          ]),
          endorsers: ['nmi-north/peer', 'nmi-south/peer', 'nmi-east/peer'].filter((key) =>
            registry.network.consortium.organisations.some(({ id }) => key.startsWith(`${id}/`)),
          ),
          creator: 'nmi-north/client',
          nonce: randomBytes(24),
        },
        {},
        keys,
      );
      const block = altered(withData(real(), [envelope]), ({ metadata }) => ({
        metadata: withMetadata(metadata, 'transactionsFilter', () => Uint8Array.of(TX_CODE.VALID)),
      }));
      return refuses(
        middle,
        bribed.sign(block),
        'VALIDITY_DIFFERS',
        /is MVCC_READ_CONFLICT; the peer of liar says VALID.* does not prove a lie/,
      );
    });

    const otherState = () =>
      altered(real(), ({ metadata }) => ({ metadata: withMetadata(metadata, 'commitHash', (hash) => damaged(hash)) }));

    it('is not followed when its state does not follow from the one that it had', async () => {
      const folder = temporaryFolder();
      await follow(folder, [new FakePeer('liar', blocks.slice(0, middle))]);
      const liar = new FakePeer('liar', withBlock(blocks.slice(0, middle + 1), middle, otherState()));
      await rejects(follow(folder, [liar]), 'STATE_DIFFERS', /After block 6/);
      await assertKept(folder, 'STATE_DIFFERS');
      assert.equal((await follow(folder, [honest('nmi-north', middle + 1)])).height, middle + 1);
    });

    it('spoils nothing for the others by words that nobody signs', async () => {
      const folder = await replicaOf(middle);
      const liar = new FakePeer('liar', withBlock(blocks.slice(0, middle + 1), middle, otherState()));
      assert.equal((await follow(folder, [liar])).height, middle + 1);
      assert.equal((await follow(folder, [honest('nmi-north', blocks.length)])).height, blocks.length);
    });

    it('is not followed to a configuration that the administrators did not sign, though all orderers did', () =>
      refuses(
        configBlock,
        bribed.sign(withoutAdministrators(blocks[configBlock]!)),
        'CONFIG_UNSIGNED',
        /that the administrators of block 0 did not sign/,
      ));

    it('is not followed onto a fork, though all orderers signed it', async () => {
      const folder = await replicaOf(middle + 1);
      const before = await placeIn(folder);
      const other = bribed.sign(withData(real(), Block.decode(blocks[middle - 1]!).data!.data));
      const next = bribed.sign(
        altered(blocks[middle + 1]!, ({ header }) => ({ header: { ...header, previousHash: hashOf(other) } })),
      );
      const liar = new FakePeer('liar', [...blocks.slice(0, middle), other, next]);
      await rejects(follow(folder, [liar]), 'PEER_FORKED', /has another block 6 than this replica.*kept in/);
      await assertKept(folder, 'PEER_FORKED');
      assert.deepEqual(await placeIn(folder), before);
    });

    it('is found out by another peer that has another block, though all orderers signed both', async () => {
      const folder = await replicaOf(middle);
      const other = bribed.sign(withData(real(), Block.decode(blocks[middle - 1]!).data!.data));
      const liar = new FakePeer('liar', [...blocks.slice(0, middle), other]);
      await rejects(
        follow(folder, [honest('nmi-north', middle + 1), liar]),
        'PEER_FORKED',
        /nmi-north and liar have different blocks 6/,
      );
      await assertKept(folder, 'PEER_FORKED');
      assert.equal((await placeIn(folder)).height, middle);
    });

    it('is given up when it does not send what it says that it has', async () => {
      const folder = await replicaOf(middle);
      const silent = {
        name: 'liar',
        height: () => Promise.resolve(1_000_000),
        async *blocks(first: number) {
          yield await Promise.resolve(blocks[first]!);
          await new Promise(() => undefined);
        },
      };
      await rejects(follow(folder, [silent]), 'PEER_BEHIND', /liar sent no block 6/);
      assert.equal((await placeIn(folder)).height, middle);
    });

    it('is found out when it holds back blocks that another peer has, or that the replica has', async () => {
      const folder = await replicaOf(middle);
      const behind = new FakePeer('liar', blocks.slice(0, 3));
      await rejects(follow(folder, [behind]), 'PEER_BEHIND', /liar has 3 blocks, and this replica has 6/);
      await rejects(
        follow(folder, [honest(), new FakePeer('liar', blocks.slice(0, middle))]),
        'PEER_BEHIND',
        /liar has 6 blocks, and another peer has/,
      );
      assert.equal((await placeIn(folder)).height, middle);
    });
  });

  describe('that begins', () => {
    it('says whether somebody vouched for its first block, and never takes another one', async () => {
      const folder = await replicaOf(3);
      assert.equal((await placeIn(folder)).isPinned, false);
      const pin = { number: 0, hash: hexText(hashOf(blocks[0]!)) };
      await assert.rejects(follow(folder, [honest()], { pin: { number: 0, hash: '0'.repeat(64) } }), {
        code: 'OTHER_CHANNEL',
      });
      assert.equal((await follow(folder, [honest('nmi-north', 3)], { pin })).isPinned, true);
      assert.equal((await follow(folder, [honest()])).isPinned, true);
    });

    it('is vouched for by a later configuration block once it has reached it', async () => {
      const folder = temporaryFolder();
      const pin = { number: configBlock, hash: hexText(hashOf(blocks[configBlock]!)) };
      assert.equal((await follow(folder, [honest('nmi-north', configBlock)], { pin })).isPinned, false);
      assert.equal((await follow(folder, [honest()], { pin })).isPinned, true);
      const wrong = { ...pin, hash: '0'.repeat(64) };
      await assert.rejects(follow(temporaryFolder(), [honest()], { pin: wrong }), { code: 'OTHER_CHANNEL' });
    });

    it('takes no first block of another channel', async () => {
      await assert.rejects(follow(temporaryFolder(), [honest()], { channel: 'other' }), { code: 'OTHER_CHANNEL' });
      await assert.rejects(connect({ replica: temporaryFolder() }), { code: 'REPLICA_MISSING' });
    });
  });

  it('believes no transaction of a chaincode whose definition nobody vouches for', async () => {
    await assert.rejects(follow(temporaryFolder(), [honest()], { definitions: [] }), { code: 'VALIDITY_DIFFERS' });
  });
});
