import { ledger as protos, peer } from '@hyperledger/fabric-protos';
import assert from 'node:assert/strict';
import { bytes, chaincode, LedgerFixture, text } from '../../../../support/ledgerFixture.js';

const Code = peer.TxValidationCode;

describe('a ledger', () => {
  let fixture: LedgerFixture;
  beforeEach(async () => {
    fixture = await LedgerFixture.open([chaincode('registry'), chaincode('other')]);
  });
  afterEach(() => fixture.end());

  const put = (values: Record<string, string>, namespace = 'registry') =>
    fixture.run((simulator) => {
      for (const [key, value] of Object.entries(values)) {
        simulator.putState(namespace, key, bytes(value));
      }
    });

  describe('reading and writing', () => {
    it('shows a value once its block is committed, and not before', async () => {
      const written = await fixture.propose(async (simulator) => {
        simulator.putState('registry', 'a', bytes('1'));
        assert.equal(await simulator.getState('registry', 'a'), undefined);
      });
      assert.equal(await fixture.state('a'), undefined);
      assert.deepEqual(await fixture.commit(written), [Code.VALID]);
      assert.equal(await fixture.state('a'), '1');
      assert.equal(await fixture.state('a', 'other'), undefined);
    });

    it('keeps a simulation at the block it began with', async () => {
      await put({ a: '1' });
      const simulator = await fixture.ledger.simulate('tx');
      await put({ a: '2' });
      assert.equal(text(await simulator.getState('registry', 'a')), '1');
      assert.equal(await fixture.state('a'), '2');
      simulator.discard();
      await assert.rejects(() => simulator.getState('registry', 'a'), { code: 'SIMULATION_ENDED' });
    });

    it('shows old and new simulations what each began with, however often both read a key that was read before', async () => {
      await put({ a: '1' });
      assert.equal(await fixture.state('a'), '1');
      const simulator = await fixture.ledger.simulate('tx');
      assert.equal(text(await simulator.getState('registry', 'a')), '1');
      await put({ a: '2' });
      assert.equal(await fixture.state('a'), '2');
      assert.equal(text(await simulator.getState('registry', 'a')), '1');
      assert.equal(await fixture.state('a'), '2');
      simulator.discard();
    });

    it('deletes with a delete and with an empty value', async () => {
      await put({ a: '1', b: '1' });
      await fixture.run((simulator) => {
        simulator.deleteState('registry', 'a');
        simulator.putState('registry', 'b', bytes(''));
      });
      assert.deepEqual([await fixture.state('a'), await fixture.state('b')], [undefined, undefined]);
    });

    it('gives the same results for the same execution, whatever the order of its calls', async () => {
      const results = async (keys: readonly string[]) => {
        const simulator = await fixture.ledger.simulate('tx');
        for (const key of keys) {
          simulator.putState('registry', key, bytes(key));
          await simulator.getState('other', key);
        }
        return Buffer.from(simulator.finish().publicResults).toString('hex');
      };
      assert.equal(await results(['b', '\u{1F600}', 'a', '\uFF5E']), await results(['\uFF5E', 'a', '\u{1F600}', 'b']));
    });
  });

  describe('ranges', () => {
    const keys = (start: string, end: string) =>
      fixture.look(async (simulator) => {
        const found: string[] = [];
        for await (const { key } of simulator.getRange('registry', start, end)) {
          found.push(key);
        }
        return found;
      });

    it('run in the order of the UTF-8 bytes, the end left out', async () => {
      await put({ b: '1', a: '1', c: '1', '\uFF5E': '1', '\u{1F600}': '1', '\0report\0x\0': '1' });
      assert.deepEqual(await keys('a', 'c'), ['a', 'b']);
      assert.deepEqual(await keys('b', ''), ['b', 'c', '\uFF5E', '\u{1F600}']);
      assert.deepEqual(await keys('\0report\0', '\0report\0\u{10FFFF}'), ['\0report\0x\0']);
      assert.deepEqual(await keys('c', 'a'), []);
    });

    it('do not leak into a namespace whose name begins the same', async () => {
      await fixture.end();
      fixture = await LedgerFixture.open([chaincode('registry'), chaincode('registry2')]);
      await fixture.run((simulator) => {
        simulator.putState('registry2', 'a', bytes('1'));
        simulator.putState('registry', 'z', bytes('1'));
      });
      assert.deepEqual(await keys('', ''), ['z']);
    });

    it('come in pages with a bookmark', async () => {
      await put({ a: '1', b: '1', c: '1', d: '1', e: '1' });
      const page = (bookmark: string) =>
        fixture.look(async (simulator) => simulator.getRangePage('registry', 'a', 'e', 3, bookmark));
      const first = await page('');
      assert.deepEqual([first.entries.map(({ key }) => key), first.bookmark], [['a', 'b', 'c'], 'd']);
      const second = await page(first.bookmark);
      assert.deepEqual([second.entries.map(({ key }) => key), second.bookmark], [['d'], '']);
    });

    it('refuse to be paged by a transaction that writes, in either order', async () => {
      const simulator = await fixture.ledger.simulate('tx-1');
      simulator.putState('registry', 'a', bytes('1'));
      await assert.rejects(() => simulator.getRangePage('registry', '', '', 1, ''), {
        message: /txid \[tx-1\].*Paginated queries are supported only in a read-only transaction/,
      });
      simulator.discard();
      const reader = await fixture.ledger.simulate('tx-2');
      await reader.getRangePage('registry', '', '', 1, '');
      assert.throws(() => reader.putState('registry', 'a', bytes('1')), {
        message: /already performed a paginated query. Writes are not allowed/,
      });
      reader.discard();
    });

    it('of many keys are recorded as hashes', async () => {
      await put(Object.fromEntries(Array.from({ length: 120 }, (_, index) => [`k${index}`, '1'])));
      const simulator = await fixture.ledger.simulate('tx');
      for await (const { key } of simulator.getRange('registry', '', '')) {
        assert.match(key, /^k/);
      }
      const [namespace] = protos.rwset.TxReadWriteSet.deserializeBinary(
        simulator.finish().publicResults,
      ).getNsRwsetList();
      const [range] = protos.rwset.kvrwset.KVRWSet.deserializeBinary(
        namespace!.getRwset_asU8(),
      ).getRangeQueriesInfoList();
      assert.equal(range?.getItrExhausted(), true);
      assert.equal(range.getRawReads(), undefined);
      assert.equal(range.getReadsMerkleHashes()?.getMaxLevelHashesList().length, 3);
    });
  });

  describe('metadata and history', () => {
    it('keeps metadata with its key until the key is deleted', async () => {
      const metadata = () =>
        fixture.look(async (simulator) =>
          text((await simulator.getMetadata('registry', 'a')).get('VALIDATION_PARAMETER')),
        );
      await fixture.run((simulator) => {
        simulator.putState('registry', 'a', bytes('1'));
        simulator.putMetadata('registry', 'a', 'VALIDATION_PARAMETER', bytes('NorthMSP'));
      });
      assert.equal(await metadata(), 'NorthMSP');
      await put({ a: '2' });
      assert.equal(await metadata(), 'NorthMSP');
      await fixture.run((simulator) => {
        simulator.deleteState('registry', 'a');
      });
      await put({ a: '3' });
      assert.equal(await metadata(), undefined);
    });

    it('tells the history of a key, newest first, and of no other key', async () => {
      await put({ a: '1', ab: 'x' });
      await put({ a: '2' });
      await fixture.run(
        (simulator) => {
          simulator.deleteState('registry', 'a');
        },
        { timestamp: 1_800_000_000 },
      );
      const history = await fixture.look(async (simulator) => {
        const entries = [];
        for await (const entry of simulator.getHistory('registry', 'a')) {
          entries.push([text(entry.value), entry.isDelete, entry.timestamp.seconds]);
        }
        return entries;
      });
      assert.deepEqual(history, [
        ['', true, 1_800_000_000],
        ['2', false, 1_700_000_000],
        ['1', false, 1_700_000_000],
      ]);
    });
  });

  it('plans endorsements: policies of written keys, and whether the chaincode policy is asked', async () => {
    await fixture.run((simulator) => {
      simulator.putState('registry', 'lane', bytes('1'));
      simulator.putMetadata('registry', 'lane', 'VALIDATION_PARAMETER', bytes('LabMSP'));
    });
    const interest = await fixture.look(async (simulator) => {
      simulator.putState('registry', 'lane', bytes('2'));
      await simulator.getState('other', 'x');
      return simulator.finish().interest;
    });
    assert.deepEqual(
      interest.map((entry) => [entry.namespace, entry.keyPolicies.map(text), entry.chaincodePolicyApplies]),
      [
        ['other', [], true],
        ['registry', ['LabMSP'], false],
      ],
    );
  });
});
