import { peer } from '@hyperledger/fabric-protos';
import type { Contract, GatewayError } from '@hyperledger/fabric-gateway';
import { loadTls, memberTree, writeCryptoConfig } from '@tracecal/network/pki';
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { completed, FakeChaincode, reply, type PeerStream } from '../../../support/fakeChaincode.js';
import { kvConsortium, KvNetwork } from '../../../support/kvNetwork.js';

const Type = peer.ChaincodeMessage.Type;

function keyRequest(key: string): Uint8Array {
  const request = new peer.GetState();
  request.setKey(key);
  return request.serializeBinary();
}

function details(error: unknown): string {
  return (error as GatewayError).details.map(({ message }) => message).join('; ');
}

describe('A peer whose chaincode service wants TLS on both sides', function () {
  this.timeout(60_000);

  it('shows its certificate and checks the other', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tracecal-tls-'));
    const [organisation] = kvConsortium().organisations;
    await writeCryptoConfig(kvConsortium(), folder);
    const { tls } = memberTree(folder, organisation!).node('peer0');
    const chaincode = new FakeChaincode();
    const address = await chaincode.listen(loadTls(tls));
    const files = {
      caFile: join(tls, 'ca.crt'),
      certFile: join(tls, 'server.crt'),
      keyFile: join(tls, 'server.key'),
    };
    const deployment = { channels: ['pair'], version: '1.0', sequence: 1, endorsement: "OR('NmiNorthMSP.peer')" };
    const network = await KvNetwork.start({
      chaincodes: [
        { ...deployment, name: 'secret', service: { address, tls: files } },
        { ...deployment, name: 'anonymous', service: { address, tls: { caFile: files.caFile } } },
      ],
    });
    try {
      const channel = network.gateway('nmi-north').getNetwork('pair');
      const answer = await channel.getContract('secret').evaluateTransaction('any');
      assert.equal(Buffer.from(answer).toString(), 'ok');
      await assert.rejects(channel.getContract('anonymous').evaluateTransaction('any'));
    } finally {
      await network.end();
      chaincode.close();
      rmSync(folder, { recursive: true });
    }
  });
});

describe('A peer whose chaincode service somebody else runs', function () {
  this.timeout(60_000);
  const chaincode = new FakeChaincode();
  let network: KvNetwork;
  let contract: Contract;

  before(async () => {
    const address = await chaincode.listen();
    network = await KvNetwork.start({
      executeTimeoutMs: 500,
      chaincodes: [
        {
          name: 'fake',
          channels: ['pair'],
          version: '1.0',
          sequence: 1,
          endorsement: "OR('NmiNorthMSP.peer')",
          service: { address },
        },
      ],
    });
    contract = network.gateway('nmi-north').getNetwork('pair').getContract('fake');
  });

  after(async () => {
    await network.end();
    chaincode.close();
  });

  afterEach(async () => {
    chaincode.behaviour = (transaction, stream) => {
      stream.send(completed(transaction, 'ok'));
    };
    assert.equal(await evaluate(), 'ok', 'it works again');
  });

  const evaluate = async (): Promise<string> => Buffer.from(await contract.evaluateTransaction('any')).toString();

  const failure = async (): Promise<string> => {
    try {
      await contract.evaluateTransaction('any');
    } catch (error) {
      return details(error);
    }
    throw new Error('the transaction did not fail');
  };

  it('has a stream to it for every member of the channel who uses it', async () => {
    assert.equal(chaincode.streams, 0);
    const south = network.gateway('nmi-south').getNetwork('pair').getContract('fake');
    for (const contractOf of [contract, south, south]) await contractOf.evaluateTransaction('any');
    assert.equal(chaincode.streams, 2);
  });

  it('answers what it asks, and only as often as it asks', async () => {
    chaincode.behaviour = async (transaction, stream) => {
      stream.send(reply(transaction, Type.GET_STATE, keyRequest('absent')));
      const answer = await stream.answer();
      assert.equal(answer.getType(), Type.RESPONSE);
      stream.send(completed(transaction, `${answer.getPayload_asU8().length} bytes`));
    };
    assert.equal(await evaluate(), '0 bytes');
  });

  it('tells it that a query language is not there', async () => {
    chaincode.behaviour = async (transaction, stream) => {
      stream.send(reply(transaction, Type.GET_QUERY_RESULT, new peer.GetQueryResult().serializeBinary()));
      const answer = await stream.answer();
      stream.send(reply(transaction, Type.ERROR, answer.getPayload_asU8()));
    };
    assert.match(await failure(), /transaction returned with failure: GET_QUERY_RESULT failed: .*not supported/);
  });

  it('takes batches of writes and reads of many keys', async () => {
    chaincode.behaviour = async (transaction, stream) => {
      const record = new peer.WriteRecord();
      record.setType(peer.WriteRecord.Type.PUT_STATE);
      record.setKey('batched');
      record.setValue(Buffer.from('1'));
      const batch = new peer.WriteBatchState();
      batch.addRec(record);
      stream.send(reply(transaction, Type.WRITE_BATCH_STATE, batch.serializeBinary()));
      assert.equal((await stream.answer()).getType(), Type.RESPONSE);
      stream.send(completed(transaction));
    };
    await contract.submitTransaction('any');
    chaincode.behaviour = async (transaction, stream) => {
      const request = new peer.GetStateMultiple();
      request.setKeysList(['batched', 'absent', 'batched']);
      stream.send(reply(transaction, Type.GET_STATE_MULTIPLE, request.serializeBinary()));
      const result = peer.GetStateMultipleResult.deserializeBinary((await stream.answer()).getPayload_asU8());
      const values = result.getValuesList_asU8().map((value) => Buffer.from(value).toString());
      stream.send(completed(transaction, values.join()));
    };
    assert.equal(await evaluate(), '1,,1');
  });

  it('gives up on a transaction that takes too long, and has no answer for it later', async () => {
    let late: Promise<peer.ChaincodeMessage> | undefined;
    chaincode.behaviour = (transaction, stream) => {
      late ??= new Promise((resolve) => setTimeout(resolve, 700)).then(() => {
        stream.send(reply(transaction, Type.GET_STATE, keyRequest('absent')));
        return stream.answer();
      });
    };
    assert.match(await failure(), /timeout expired while executing transaction/);
    const answer = await late!;
    assert.equal(answer.getType(), Type.ERROR);
    assert.match(Buffer.from(answer.getPayload_asU8()).toString(), /no ledger context/);
  });

  it('refuses a malformed response', async () => {
    chaincode.behaviour = (transaction, stream) => {
      stream.send(reply(transaction, Type.COMPLETED, Buffer.from([0xff, 0xff])));
    };
    assert.notEqual(await failure(), '');
  });

  it('refuses requests that cannot be read, without ending the stream', async () => {
    const before = chaincode.streams;
    for (const type of [Type.GET_STATE, Type.PUT_STATE, Type.GET_STATE_BY_RANGE, Type.INVOKE_CHAINCODE]) {
      chaincode.behaviour = async (transaction, stream) => {
        stream.send(reply(transaction, type, Buffer.from([0x0a, 0xff, 0xff, 0xff, 0xff, 0x7f])));
        assert.equal((await stream.answer()).getType(), Type.ERROR);
        stream.send(completed(transaction, 'told'));
      };
      assert.equal(await evaluate(), 'told');
    }
    assert.equal(chaincode.streams, before);
  });

  it('does not mind a sign of life', async () => {
    chaincode.behaviour = (transaction, stream) => {
      stream.send(reply(transaction, Type.KEEPALIVE, new Uint8Array()));
      stream.send(completed(transaction, 'alive'));
    };
    assert.equal(await evaluate(), 'alive');
  });

  const rude: Readonly<Record<string, (transaction: peer.ChaincodeMessage, stream: PeerStream) => void>> = {
    'bytes that are no message': (_, stream) => {
      stream.sendBytes(randomBytes(1).fill(0xff));
    },
    'a message out of turn': (transaction, stream) => {
      stream.send(reply(transaction, Type.REGISTERED, new Uint8Array()));
    },
    'a second registration': (transaction, stream) => {
      stream.send(reply(transaction, Type.REGISTER, new Uint8Array()));
    },
  };
  for (const [what, behaviour] of Object.entries(rude)) {
    it(`ends the stream on ${what}, and opens another`, async () => {
      const before = chaincode.streams;
      let once = true;
      chaincode.behaviour = (transaction, stream) => {
        if (once) behaviour(transaction, stream);
        else stream.send(completed(transaction));
        once = false;
      };
      await contract.evaluateTransaction('any').catch((error: unknown) => {
        assert.match(details(error), /chaincode stream terminated/);
      });
      assert.equal(await evaluate(), '');
      assert.ok(chaincode.streams >= before);
    });
  }

  it('passes values of megabytes in both directions', async () => {
    const value = randomBytes(3_000_000);
    chaincode.behaviour = async (transaction, stream) => {
      const request = new peer.PutState();
      request.setKey('large');
      request.setValue(value);
      stream.send(reply(transaction, Type.PUT_STATE, request.serializeBinary()));
      assert.equal((await stream.answer()).getType(), Type.RESPONSE);
      stream.send(completed(transaction));
    };
    await contract.submitTransaction('any');
    chaincode.behaviour = async (transaction, stream) => {
      stream.send(reply(transaction, Type.GET_STATE, keyRequest('large')));
      const stored = (await stream.answer()).getPayload_asU8();
      stream.send(completed(transaction, String(Buffer.compare(stored, value))));
    };
    assert.equal(await evaluate(), '0');
  });

  it('marks events with their real chaincode and transaction, not with what they state themselves', async () => {
    chaincode.behaviour = (transaction, stream) => {
      const event = new peer.ChaincodeEvent();
      event.setChaincodeId('kv');
      event.setTxId('another');
      event.setEventName('told');
      const message = completed(transaction);
      message.setChaincodeEvent(event);
      stream.send(message);
    };
    const submitted = await contract.submitAsync('any');
    const { blockNumber } = await submitted.getStatus();
    const events = await network
      .gateway('nmi-north')
      .getNetwork('pair')
      .getChaincodeEvents('fake', { startBlock: blockNumber });
    for await (const event of events) {
      assert.equal(event.eventName, 'told');
      assert.equal(event.transactionId, submitted.getTransactionId());
      break;
    }
    events.close();
  });
});
