import { peer } from '@hyperledger/fabric-protos';
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { bytes, chaincode, LedgerFixture, text } from '../../../../support/ledgerFixture.js';

const Code = peer.TxValidationCode;

describe('private data', () => {
  let fixture: LedgerFixture;
  beforeEach(async () => {
    const collection = { members: ['LabMSP'], memberOnlyRead: false, memberOnlyWrite: false };
    fixture = await LedgerFixture.open([
      chaincode('registry', {
        collections: [
          { ...collection, name: 'prices', blockToLive: 0 },
          { ...collection, name: 'offers', blockToLive: 2 },
        ],
      }),
    ]);
  });
  afterEach(() => fixture.end());

  const put = (key: string, value: string, collection = 'prices') =>
    fixture.propose((simulator) => {
      simulator.putPrivate('registry', collection, key, bytes(value));
    });
  const read = (key: string, reader?: string, collection = 'prices') =>
    fixture.look(async (simulator) => text(await simulator.getPrivate('registry', collection, key)), reader);
  const hash = (key: string, collection = 'prices') =>
    fixture.look(async (simulator) => {
      const found = await simulator.getPrivateHash('registry', collection, key);
      return found && Buffer.from(found).toString('hex');
    }, 'NorthMSP');
  const unavailable = {
    code: 'PRIVATE_DATA_UNAVAILABLE',
    message: /private data matching public hash version is not available/,
  };
  const pass = () => fixture.ledger.commit([bytes('nothing')]);

  it('is readable by members, its hash by everybody, and nowhere else', async () => {
    const transaction = await put('a', 'secret');
    assert.equal(Buffer.from(transaction.envelope).includes('secret'), false);
    assert.deepEqual(await fixture.commit(transaction), [Code.VALID]);
    assert.equal(await read('a', 'LabMSP'), 'secret');
    assert.equal(await read('a'), 'secret');
    assert.equal(await hash('a'), createHash('sha256').update('secret').digest('hex'));
    await assert.rejects(() => read('a', 'NorthMSP'), unavailable);
    assert.equal(await read('b', 'NorthMSP'), undefined);
    assert.equal(await fixture.state('a'), undefined);
  });

  it('survives a restart between endorsement and commit', async () => {
    const transaction = await put('a', 'secret');
    await fixture.reopen();
    await fixture.commit(transaction);
    await fixture.reopen();
    assert.equal(await read('a', 'LabMSP'), 'secret');
  });

  it('of an endorser that answered otherwise does not displace what was committed', async () => {
    const nonce = bytes('same');
    const options = { nonce };
    const first = await fixture.propose((s) => s.putPrivate('registry', 'prices', 'a', bytes('right')), options);
    await fixture.propose((s) => s.putPrivate('registry', 'prices', 'a', bytes('wrong')), options);
    await fixture.commit(first);
    assert.equal(await read('a', 'LabMSP'), 'right');
  });

  it('that nobody kept leaves a hash and no value, and no older value in its place', async () => {
    await fixture.commit(await put('a', 'old'));
    const simulator = await fixture.ledger.simulate('tx');
    simulator.putPrivate('registry', 'prices', 'a', bytes('new'));
    const { publicResults } = simulator.finish();
    const unkept = await fixture.propose((s) => s.putState('registry', 'x', bytes('1')), { results: publicResults });
    assert.deepEqual(await fixture.commit(unkept), [Code.VALID]);
    await assert.rejects(() => read('a', 'LabMSP'), unavailable);
  });

  it('conflicts like public data, by the versions of its hashes', async () => {
    const touch = () =>
      fixture.propose(async (simulator) => {
        await simulator.getPrivateHash('registry', 'prices', 'a');
        simulator.putState('registry', 'seen', bytes('1'));
      });
    const [stale, later] = [await touch(), await touch()];
    assert.deepEqual(await fixture.commit(await put('a', '1'), stale), [Code.VALID, Code.MVCC_READ_CONFLICT]);
    assert.deepEqual(await fixture.commit(later), [Code.MVCC_READ_CONFLICT]);
  });

  it('is deleted and purged with its hash', async () => {
    await fixture.commit(await put('a', '1'), await put('b', '1'));
    const gone = await fixture.propose((simulator) => {
      simulator.deletePrivate('registry', 'prices', 'a');
      simulator.purgePrivate('registry', 'prices', 'b');
    });
    await fixture.commit(gone);
    for (const key of ['a', 'b']) {
      assert.equal(await read(key, 'LabMSP'), undefined);
      assert.equal(await hash(key), undefined);
    }
  });

  it('expires with its hash after its blocks to live, unless written again', async () => {
    await fixture.commit(await put('a', '1', 'offers'), await put('b', '1', 'offers'));
    await pass();
    await fixture.commit(await put('b', '2', 'offers'));
    assert.equal(await read('a', 'LabMSP', 'offers'), '1');
    await pass();
    assert.equal(await read('a', 'LabMSP', 'offers'), undefined);
    assert.equal(await hash('a', 'offers'), undefined);
    assert.equal(await read('b', 'LabMSP', 'offers'), '2');
    await pass();
    await pass();
    assert.equal(await read('b', 'LabMSP', 'offers'), undefined);
  });

  it('stays readable when only its metadata changes', async () => {
    await fixture.commit(await put('a', '1'));
    const guard = await fixture.propose((simulator) => {
      simulator.putPrivateMetadata('registry', 'prices', 'a', 'VALIDATION_PARAMETER', bytes('LabMSP'));
    });
    assert.deepEqual(await fixture.commit(guard), [Code.VALID]);
    assert.equal(await read('a', 'LabMSP'), '1');
    const metadata = await fixture.look((simulator) => simulator.getPrivateMetadata('registry', 'prices', 'a'));
    assert.equal(text(metadata.get('VALIDATION_PARAMETER')), 'LabMSP');
    assert.deepEqual(await fixture.commit(await put('a', '2')), [Code.ENDORSEMENT_POLICY_FAILURE]);
  });

  it('is listed for members only, and only by a transaction that does not write', async () => {
    await fixture.commit(await put('a', '1'), await put('b', '2'));
    const list = (reader: string) =>
      fixture.look(async (simulator) => {
        const found: string[] = [];
        for await (const { key } of simulator.getPrivateRange('registry', 'prices', '', '')) {
          found.push(key);
        }
        return found;
      }, reader);
    assert.deepEqual(await list('LabMSP'), ['a', 'b']);
    assert.deepEqual(await list('NorthMSP'), []);
    const simulator = await fixture.ledger.simulate('tx');
    simulator.putState('registry', 'x', bytes('1'));
    assert.throws(() => simulator.getPrivateRange('registry', 'prices', '', ''), { code: 'UNSUPPORTED_TRANSACTION' });
    simulator.discard();
  });

  it('is kept for each organisation without being defined', async () => {
    const own = await fixture.propose((s) => s.putPrivate('registry', '_implicit_org_LabMSP', 'a', bytes('1')), {
      endorsers: ['LabMSP'],
    });
    assert.deepEqual(await fixture.commit(own), [Code.VALID]);
    assert.equal(await read('a', 'LabMSP', '_implicit_org_LabMSP'), '1');
    await assert.rejects(() => read('a', 'NorthMSP', '_implicit_org_LabMSP'), unavailable);
    await assert.rejects(() => read('a', 'LabMSP', '_implicit_org_NobodyMSP'), { code: 'UNKNOWN_COLLECTION' });
  });
});
