import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { BlockEventsOptions, Gateway } from '@hyperledger/fabric-gateway';
import { common } from '@hyperledger/fabric-protos';
import type { AnnouncedItem, Announcement } from '@tracecal/core/contracts';
import { CheckpointFile, DEFAULT_LIMITS, Ledger, TraceCal, TraceCalError } from '@tracecal/gateway-client';
import type { Link, RegistryEvent } from '@tracecal/gateway-client';
import { dataHash, headerHash } from '@tracecal/ledger/block';
import { numberOf, transactionsOf } from '../../support/blocks.js';
import { blockOf, compositeKey, transaction } from '../../support/handMadeBlocks.js';
import type { JudgedTransaction, Written } from '../../support/handMadeBlocks.js';
import { removeTemporaryFolders, temporaryFolder } from '../../support/temporaryFolder.js';
import { failsWith } from '../../support/clientFailure.js';
import { unavailable } from '../../support/fakeGateway.js';

const PLACE = { channel: 'calibration', chaincode: 'registry' };
const REVOKED = announcementOf({ type: 'Revoked', kind: 'device', id: 'device-7' });
const RECORD = compositeKey('device', 'device-7');

/** Four events in blocks 1 and 2 of a ledger, whose first block holds its configuration. */
const LEDGER = chained([
  blockOf(0, []),
  blockOf(1, [registered('device-0'), registered('device-1')]),
  blockOf(2, [registered('device-2'), registered('device-3')]),
]);
const TX_IDS = LEDGER.flatMap(transactionsOf).map(({ txId }) => txId);

describe('a stream of events with a checkpoint', () => {
  after(removeTemporaryFolders);

  it('continues where it ended, and repeats the unfinished one', async () => {
    const checkpoint = join(temporaryFolder(), 'checkpoint.json');
    assert.deepEqual(await take(client().events({ checkpoint }), 2), ['device-0', 'device-1']);
    assert.deepEqual(await take(client().events({ checkpoint }), 3), ['device-1', 'device-2', 'device-3']);
    assert.deepEqual(await take(client().events({ checkpoint }), 9), ['device-3']);
  });

  it('begins at the block that is asked for where there is no checkpoint yet', async () => {
    const checkpoint = join(temporaryFolder(), 'checkpoint.json');
    assert.deepEqual(await take(client().events({ checkpoint, startBlock: 2n }), 9), ['device-2', 'device-3']);
    assert.deepEqual(await take(client().events({ checkpoint, startBlock: 0n }), 9), []);
  });

  it('breaks with a coded error, after which it can be opened again', async () => {
    const checkpoint = join(temporaryFolder(), 'checkpoint.json');
    const seen: string[] = [];
    await assert.rejects(
      async () => {
        for await (const { txId } of client({ brokenAfter: 2 }).events({ checkpoint })) {
          seen.push(txId);
        }
      },
      (error: unknown) => error instanceof TraceCalError && error.code === 'UNAVAILABLE',
    );
    assert.deepEqual(seen, TX_IDS.slice(0, 2));
    assert.deepEqual(await take(client().events({ checkpoint }), 9), ['device-2', 'device-3']);
  });

  for (const [status, code, what] of [
    [403, 'NOT_PERMITTED', 'its member may not read the channel'],
    [404, 'CHAINCODE_UNAVAILABLE', 'there is no such channel'],
    [503, 'NOT_READY', 'the peer is not ready'],
  ] as const) {
    it(`is refused with ${code} if ${what}`, async () => {
      const refusal = new Error(`Unexpected status response: ${status}`);
      await assert.rejects(
        take(client({ brokenAfter: 0, broken: refusal }).events(), 9),
        (error: unknown) => error instanceof TraceCalError && error.code === code,
      );
    });
  }

  it('is refused where the checkpoint is of another ledger', async () => {
    const checkpoint = join(temporaryFolder(), 'checkpoint.json');
    writeFileSync(checkpoint, JSON.stringify({ block: '1', transaction: 'a transaction of another ledger' }));
    await assert.rejects(
      take(client().events({ checkpoint }), 9),
      (error: unknown) => error instanceof TraceCalError && error.code === 'CHECKPOINT_INVALID',
    );
  });

  it('is refused where the checkpoint is beyond the ledger, also if it has an end, and the file stays', async () => {
    const checkpoint = join(temporaryFolder(), 'checkpoint.json');
    const text = '{"block":"9999","transaction":null}';
    writeFileSync(checkpoint, text);
    const beyond = failsWith(
      'CHECKPOINT_INVALID',
      /continues at block 9999, and the peer has 3 blocks\. If the peer only lags behind, wait/,
    );
    await assert.rejects(take(client().events({ checkpoint }), 9), beyond);
    await assert.rejects(take(client().events({ checkpoint, endBlock: 2n }), 9), beyond);
    assert.equal(readFileSync(checkpoint, 'utf8'), text);
    writeFileSync(checkpoint, '{"block":"3","transaction":null}');
    assert.deepEqual(
      await take(client().events({ checkpoint, endBlock: 2n }), 9),
      [],
      'all is read, and the next one awaited',
    );
  });

  it('is told why its file cannot be used, and to remove no sound one', async () => {
    const folder = temporaryFolder();
    const missing = join(folder, 'absent', 'checkpoint.json');
    await assert.rejects(take(client().events({ checkpoint: missing }), 9), (error: unknown) => {
      assert.ok(error instanceof TraceCalError && error.code === 'FILE_UNWRITABLE', String(error));
      assert.match(error.message, /absent.checkpoint\.json cannot be written: its folder does not exist/);
      assert.doesNotMatch(error.message, /remove/);
      return true;
    });
    await assert.rejects(
      take(client().events({ checkpoint: folder }), 9),
      failsWith('FILE_UNREADABLE', /is a folder: name a file/),
    );
  });

  it('is refused where another stream has written its file, before anything is skipped', async () => {
    const checkpoint = join(temporaryFolder(), 'checkpoint.json');
    const stream = client().events({ checkpoint });
    await stream.next();
    assert.equal((await take(client().events({ checkpoint }), 9)).length, 4);
    await assert.rejects(stream.next(), failsWith('CHECKPOINT_IN_USE', /checkpoint\.json/));
  });

  it('writes its file anew if somebody has removed it meanwhile', async () => {
    const checkpoint = join(temporaryFolder(), 'checkpoint.json');
    const seen: string[] = [];
    for await (const { txId } of client().events({ checkpoint })) {
      seen.push(txId);
      rmSync(checkpoint, { force: true });
    }
    assert.deepEqual(seen, TX_IDS);
    assert.ok(existsSync(checkpoint));
  });

  it('writes the file behind a symbolic link, and keeps what others may do with it', async function () {
    if (process.platform === 'win32') {
      this.skip();
    }
    const folder = temporaryFolder();
    const [checkpoint, kept] = [join(folder, 'checkpoint.json'), join(folder, 'persistent', 'checkpoint.json')];
    mkdirSync(join(folder, 'persistent'));
    symlinkSync(join('persistent', 'checkpoint.json'), checkpoint);
    await take(client().events({ checkpoint }), 2);
    assert.ok(lstatSync(checkpoint).isSymbolicLink());
    chmodSync(kept, 0o600);
    await take(client().events({ checkpoint }), 9);
    assert.ok(lstatSync(checkpoint).isSymbolicLink());
    assert.equal(statSync(kept).mode & 0o777, 0o600);
    assert.deepEqual(await take(client().events({ checkpoint: kept }), 9), []);
  });

  it('refuses a checkpoint file that is not one, and leaves it as it is', async () => {
    const path = join(temporaryFolder(), 'checkpoint.json');
    const huge = '{"block":"99999999999999999999","transaction":null}';
    for (const text of ['', '{', '{"block":-1}', '{"block":"7","transaction":null,"more":1}', huge]) {
      writeFileSync(path, text);
      await assert.rejects(
        CheckpointFile.open(path),
        (error: unknown) => error instanceof TraceCalError && error.code === 'CHECKPOINT_INVALID',
      );
      assert.equal(readFileSync(path, 'utf8'), text);
    }
  });

  it('counts blocks from the one after the last that was dealt with', async () => {
    const path = join(temporaryFolder(), 'checkpoint.json');
    const checkpoint = await CheckpointFile.open(path);
    assert.equal(checkpoint.getBlockNumber(), undefined);
    await checkpoint.checkpointBlock(9_007_199_254_740_993n);
    assert.equal((await CheckpointFile.open(path)).getBlockNumber(), 9_007_199_254_740_994n);
  });
});

describe('a stream whose client is closed', () => {
  it('delivers nothing more, not even what has arrived', async () => {
    const seen: string[] = [];
    const link = { address: 'localhost:7051', isClosed: false, ready: () => Promise.resolve() };
    await assert.rejects(
      async () => {
        for await (const { txId } of client({ link }).events()) {
          seen.push(txId);
          link.isClosed = true;
        }
      },
      (error: unknown) => error instanceof TraceCalError && error.code === 'CLIENT_CLOSED',
    );
    assert.deepEqual(seen, TX_IDS.slice(0, 1));
  });
});

describe('a stream of blocks with a checkpoint', () => {
  after(removeTemporaryFolders);

  it('continues where it ended, and repeats the unfinished one', async () => {
    const checkpoint = join(temporaryFolder(), 'checkpoint.json');
    const numbers: number[] = [];
    for (let round = 0; round < 2; round += 1) {
      for await (const block of client().blocks({ checkpoint })) {
        numbers.push(numberOf(block));
        if (numberOf(block) === 1) {
          break;
        }
      }
    }
    assert.deepEqual(numbers, [0, 1, 1]);
  });

  it('is refused on a chain whose next block does not follow the one that was read', async () => {
    const checkpoint = join(temporaryFolder(), 'checkpoint.json');
    const chain = chained([blockOf(0, []), blockOf(1, [registered('device-0')]), blockOf(2, [registered('device-1')])]);
    const other = chained([blockOf(0, []), blockOf(1, [registered('device-9')]), blockOf(2, [registered('device-1')])]);
    const read = async (blocks: readonly common.Block[]) => {
      const numbers: number[] = [];
      for await (const block of client({ blocks }).blocks({ checkpoint })) {
        numbers.push(numberOf(block));
      }
      return numbers;
    };
    assert.deepEqual(await read(chain.slice(0, 2)), [0, 1]);
    const held = readFileSync(checkpoint, 'utf8');
    await assert.rejects(read(other), failsWith('CHECKPOINT_INVALID', /block 2 follows another block than the one/));
    assert.equal(readFileSync(checkpoint, 'utf8'), held);
    assert.deepEqual(await read(chain), [2]);
  });

  it('takes a file of an earlier version, which does not say which chain it is of', async () => {
    const checkpoint = join(temporaryFolder(), 'checkpoint.json');
    writeFileSync(checkpoint, '{"block":"2","transaction":null}\n');
    for await (const block of client().blocks({ checkpoint })) {
      assert.equal(numberOf(block), 2);
    }
  });
});

describe('an event of the registry', () => {
  it('counts where its transaction writes the record that it names', async () => {
    assert.deepEqual(await eventsOf(announcing(REVOKED, [{ keys: [compositeKey('epoch'), RECORD] }])), [REVOKED]);
  });

  it('counts where it names several records only if its transaction writes all of them', async () => {
    const created = announcementOf(
      { type: 'ReportCreated', kind: 'report', id: 'lab/report-1' },
      { type: 'ReportCreated', kind: 'report', id: 'lab/report-2' },
    );
    const keys = [compositeKey('report', 'lab/report-1'), compositeKey('report', 'lab/report-2')];
    assert.deepEqual(await eventsOf(announcing(created, [{ keys }])), [created]);
    assert.deepEqual(await eventsOf(announcing(created, [{ keys: keys.slice(1) }])), []);
  });

  it('is dropped where it names no record at all', async () => {
    const empty = announcementOf();
    assert.deepEqual(await eventsOf(announcing(empty, [{ keys: [RECORD] }])), []);
  });

  it('is dropped where one member alone committed it beside writes of its own private collection', async () => {
    assert.deepEqual(await eventsOf(announcing(REVOKED, [{ privateKeys: [RECORD] }])), []);
  });

  it('is dropped where nothing, another record or another chaincode is written', async () => {
    const others: readonly (readonly Written[])[] = [
      [],
      [{ keys: [compositeKey('device', 'device-70')] }],
      [{ keys: ['device-7'] }],
      [{ keys: [compositeKey('device-7', 'device-1')] }],
      [{ namespace: 'other', keys: [RECORD] }],
    ];
    for (const written of others) {
      assert.deepEqual(await eventsOf(announcing(REVOKED, written)), [], JSON.stringify(written));
    }
  });

  it('is dropped where its transaction is not valid', async () => {
    const invalid = { ...announcing(REVOKED, [{ keys: [RECORD] }]), code: 10 };
    assert.deepEqual(await eventsOf(invalid), []);
  });

  it('is dropped where it is of another chaincode', async () => {
    const event = { chaincode: 'other', name: 'Revoked', payload: Buffer.from(JSON.stringify(REVOKED)) };
    assert.deepEqual(await eventsOf(transaction({ written: [{ keys: [RECORD] }], event })), []);
  });

  it('does not end the stream where it is garbage', async () => {
    const garbage = [
      '',
      'device-7',
      '{',
      'null',
      '[]',
      '{"type":"Revoked"}',
      '{"type":"Revoked","epoch":1,"items":[7]}',
    ];
    const events = garbage.map((payload) => emitting(Buffer.from(payload), [{ keys: [RECORD] }]));
    const unreadable = { txId: '', envelope: Buffer.from('no envelope'), code: 0 };
    const results = transaction({
      results: Buffer.from('no read-write set'),
      event: { chaincode: 'registry', name: 'Revoked', payload: Buffer.from(JSON.stringify(REVOKED)) },
    });
    const good = announcing(REVOKED, [{ keys: [RECORD] }]);
    assert.deepEqual(await eventsOf(...events, unreadable, results, good), [REVOKED]);
  });
});

function registered(id: string): JudgedTransaction {
  const announcement = announcementOf({ type: 'DeviceRegistered', kind: 'device', id });
  return announcing(announcement, [{ keys: [compositeKey('device', id)] }]);
}

function announcementOf(...items: readonly Pick<AnnouncedItem, 'type' | 'kind' | 'id'>[]): Announcement {
  const said = items.map((item) => ({ ...item, author: 'lab', number: 1, digest: 'ab'.repeat(32) }));
  return { type: items[0]?.type ?? 'Revoked', epoch: 1, items: said };
}

function announcing(announcement: object, written: readonly Written[]): JudgedTransaction {
  return emitting(Buffer.from(JSON.stringify(announcement)), written);
}

function emitting(payload: Uint8Array, written: readonly Written[]): JudgedTransaction {
  return transaction({ written, event: { chaincode: 'registry', name: 'an event', payload } });
}

async function eventsOf(...transactions: readonly JudgedTransaction[]): Promise<object[]> {
  const announcements: object[] = [];
  for await (const { announcement } of client({ blocks: [blockOf(0, transactions)] }).events()) {
    announcements.push(JSON.parse(JSON.stringify(announcement)) as object);
  }
  return announcements;
}

interface Broken {
  readonly blocks?: readonly common.Block[];
  readonly brokenAfter?: number;
  readonly broken?: Error;
  readonly link?: Link;
}

/** A registry over a gateway that has these blocks, and breaks after so many. */
function client({ blocks = LEDGER, brokenAfter = Infinity, broken, link }: Broken = {}): TraceCal {
  const information = new common.BlockchainInfo();
  information.setHeight(blocks.length);
  const network = {
    getContract: () => ({ newProposal: () => ({ evaluate: () => Promise.resolve(information.serializeBinary()) }) }),
    getBlockEvents: ({ startBlock = 0n }: BlockEventsOptions) => {
      const wanted = blocks.slice(Number(startBlock));
      return Promise.resolve(
        Object.assign(oneByOne(wanted, brokenAfter, broken ?? unavailable()), { close: () => undefined }),
      );
    },
  };
  const gateway = { getNetwork: () => network } as unknown as Gateway;
  return new TraceCal(new Ledger(gateway, PLACE, DEFAULT_LIMITS, link && { link }), 'registry', () => undefined);
}

/** Blocks of which each names the one before by its hash, as the orderers make them. */
function chained(blocks: readonly common.Block[]): readonly common.Block[] {
  let previousHash: Uint8Array = new Uint8Array();
  for (const block of blocks) {
    const header = block.getHeader() ?? new common.BlockHeader();
    header.setPreviousHash(previousHash);
    header.setDataHash(dataHash(block.getData()?.getDataList_asU8() ?? []));
    block.setHeader(header);
    previousHash = headerHash({
      number: header.getNumber(),
      previousHash,
      dataHash: header.getDataHash_asU8(),
    });
  }
  return blocks;
}

async function* oneByOne(
  blocks: readonly common.Block[],
  brokenAfter: number,
  broken: Error,
): AsyncGenerator<common.Block> {
  for (const [index, block] of blocks.entries()) {
    if (index >= brokenAfter) {
      throw broken;
    }
    yield await Promise.resolve(block);
  }
}

async function take(events: AsyncIterable<RegistryEvent>, count: number): Promise<string[]> {
  const ids: string[] = [];
  for await (const { announcement } of events) {
    ids.push(announcement.items.map(({ id }) => id).join());
    if (ids.length === count) {
      break;
    }
  }
  return ids;
}
