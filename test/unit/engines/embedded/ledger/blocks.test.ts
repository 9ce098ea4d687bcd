import { common, peer } from '@hyperledger/fabric-protos';
import { blockDataHash, blockHeaderHash } from '@tracecal/network/channel';
import { openLedger } from '@tracecal/network/embedded';
import { ClassicLevel } from 'classic-level';
import assert from 'node:assert/strict';
import { fakeAccess, fakeGenesis } from '../../../../support/fakeAccess.js';
import { bytes, CHANNEL, codesOf, LedgerFixture, MSPS } from '../../../../support/ledgerFixture.js';

const Code = peer.TxValidationCode;

describe('blocks', () => {
  let fixture: LedgerFixture;
  beforeEach(async () => {
    fixture = await LedgerFixture.open();
  });
  afterEach(() => fixture.end());

  const write = (key: string, endorsers = ['NorthMSP', 'SouthMSP']) =>
    fixture.propose(
      (simulator) => {
        simulator.putState('registry', key, bytes('1'));
      },
      { endorsers },
    );

  it('form a chain of header hashes over their data, from the genesis block on', async () => {
    for (const key of ['a', 'b', 'c']) {
      await fixture.commit(await write(key));
    }
    assert.equal(fixture.ledger.height, 4n);
    let previous: Uint8Array = Buffer.alloc(0);
    for (let number = 0n; number < 4n; number++) {
      const block = await fixture.ledger.block(number);
      const header = block!.getHeader()!;
      assert.equal(BigInt(header.getNumber()), number);
      assert.deepEqual(Buffer.from(header.getPreviousHash_asU8()), previous);
      assert.deepEqual(Buffer.from(header.getDataHash_asU8()), blockDataHash(block!.getData()!.getDataList_asU8()));
      previous = blockHeaderHash(header);
    }
    assert.equal(await fixture.ledger.block(4n), undefined);
    assert.equal(await fixture.ledger.block(-1n), undefined);
    await fixture.ledger.verifyChain();
  });

  it('are the same after a restart, byte for byte, with the ends of transactions in them', async () => {
    const [good, bad] = [await write('a'), await write('b', [])];
    await fixture.commit(good, bad);
    const before = (await fixture.ledger.block(1n))!.serializeBinary();
    await fixture.reopen();
    const block = (await fixture.ledger.block(1n))!;
    assert.deepEqual(Buffer.from(block.serializeBinary()), Buffer.from(before));
    assert.deepEqual(codesOf(block), [Code.VALID, Code.ENDORSEMENT_POLICY_FAILURE]);
    const found = await fixture.ledger.transaction(bad.txId);
    assert.deepEqual([found?.blockNumber, found?.code], [1n, Code.ENDORSEMENT_POLICY_FAILURE]);
    assert.deepEqual(Buffer.from(found!.envelope), Buffer.from(bad.envelope));
    assert.equal(await fixture.ledger.hasTransaction(good.txId), true);
    assert.equal(await fixture.ledger.hasTransaction('nothing'), false);
    assert.equal(await fixture.ledger.transaction('nothing'), undefined);
  });

  it('of more transactions than are read one by one come back whole', async () => {
    const transactions = await Promise.all(Array.from({ length: 70 }, (_, index) => write(`k${index}`)));
    await fixture.commit(...transactions);
    await fixture.reopen();
    const data = (await fixture.ledger.block(1n))!.getData()!.getDataList_asU8();
    assert.deepEqual(
      data.map((envelope) => Buffer.from(envelope)),
      transactions.map(({ envelope }) => Buffer.from(envelope)),
    );
  });

  it('name the last configuration and the commit hash, which is the same for the same history', async () => {
    const other = await LedgerFixture.open();
    try {
      for (const nonce of ['1', '2']) {
        const transaction = await fixture.propose(
          (simulator) => {
            simulator.putState('registry', 'a', bytes(nonce));
          },
          { nonce: bytes(nonce) },
        );
        await fixture.commit(transaction);
        await other.commit(transaction);
      }
      const hash = async (ledger: LedgerFixture, part: number) => {
        const block = await ledger.ledger.block(2n);
        return Buffer.from(block!.getMetadata()!.getMetadataList_asU8()[part]!).toString('hex');
      };
      assert.equal(await hash(fixture, 4), await hash(other, 4));
      assert.equal((await hash(fixture, 4)).length, 68);
      const signatures = common.Metadata.deserializeBinary(Buffer.from(await hash(fixture, 0), 'hex'));
      const orderer = common.OrdererBlockMetadata.deserializeBinary(signatures.getValue_asU8());
      assert.equal(orderer.getLastConfig()?.getIndex(), 0);
    } finally {
      await other.end();
    }
  });

  it('are told to listeners in order, once they are durable, and no longer than wanted', async () => {
    const heard: number[] = [];
    const stop = fixture.ledger.onCommit((block) => heard.push(block.getHeader()!.getNumber()));
    await Promise.all([fixture.ledger.commit([bytes('x')]), fixture.ledger.commit([bytes('y')])]);
    stop();
    await fixture.ledger.commit([bytes('z')]);
    assert.deepEqual(heard, [1, 2]);
    assert.equal(fixture.ledger.height, 4n);
  });

  it('are never empty, and none is made once the ledger is closed', async () => {
    await assert.rejects(() => fixture.ledger.commit([]), RangeError);
    await fixture.ledger.close();
    await assert.rejects(() => fixture.ledger.commit([bytes('x')]), { code: 'CLOSED' });
    await assert.rejects(() => fixture.ledger.simulate('tx'), { code: 'CLOSED' });
    await fixture.reopen();
    assert.equal(fixture.ledger.height, 1n);
  });

  describe('in a store', () => {
    const options = (genesis = fakeGenesis(CHANNEL)) => ({
      directory: fixture.directory,
      genesis,
      accessOf: () => fakeAccess(CHANNEL, MSPS),
      definitions: fixture.definitions,
    });
    const tamper = async (change: (database: ClassicLevel<Buffer, Buffer>) => Promise<void>) => {
      await fixture.ledger.close();
      const database = new ClassicLevel<Buffer, Buffer>(fixture.directory, {
        keyEncoding: 'buffer',
        valueEncoding: 'buffer',
      });
      await change(database);
      await database.close();
    };
    const lastEnvelope = Buffer.concat([bytes('e'), Buffer.from('000000000000000200000000', 'hex')]);

    beforeEach(async () => {
      await fixture.commit(await write('a'));
      await fixture.commit(await write('b'));
    });

    it('that another process has open are left alone', async () => {
      await assert.rejects(() => openLedger(options()), { code: 'STORE_IN_USE', message: /open in another process/ });
    });

    it('of another channel are refused', async () => {
      await fixture.ledger.close();
      await assert.rejects(() => openLedger(options(fakeGenesis('measurement'))), { code: 'WRONG_CHANNEL' });
    });

    it('are refused when the last one is damaged', async () => {
      await tamper((database) => database.put(lastEnvelope, Buffer.from('forged')));
      await assert.rejects(() => openLedger(options()), { code: 'CORRUPT_STORE', message: /Block 2 is damaged/ });
    });

    it('are refused when the end of the chain is lost', async () => {
      await tamper((database) => database.del(Buffer.from('m')));
      await assert.rejects(() => openLedger(options()), { code: 'CORRUPT_STORE', message: /where its chain ends/ });
      await tamper((database) => database.put(Buffer.from('m'), Buffer.from('{"height":')));
      await assert.rejects(() => openLedger(options()), { code: 'CORRUPT_STORE' });
    });

    it('are found out by a check of the whole chain when an older one is damaged', async () => {
      const olderEnvelope = Buffer.concat([bytes('e'), Buffer.from('000000000000000100000000', 'hex')]);
      await tamper((database) => database.put(olderEnvelope, Buffer.from('forged')));
      await fixture.reopen();
      await assert.rejects(() => fixture.ledger.verifyChain(), {
        code: 'CORRUPT_STORE',
        message: /Block 1 is damaged/,
      });
    });
  });
});
