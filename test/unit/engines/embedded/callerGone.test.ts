import type { Client } from '@grpc/grpc-js';
import { gateway, peer } from '@hyperledger/fabric-protos';
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { EventEmitter } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { Application, connectTo, credentialsOf, text, type ApplicationNetwork } from '../../../support/application.js';
import { eventually } from '../../../support/eventually.js';
import { completed, FakeChaincode, reply, type Behaviour, type PeerStream } from '../../../support/fakeChaincode.js';
import { kvConsortium, KvNetwork } from '../../../support/kvNetwork.js';
import { signedRequest } from '../../../support/rawCalls.js';

const Type = peer.ChaincodeMessage.Type;
const FAKE = {
  name: 'fake',
  channels: ['pair'],
  version: '1.0',
  sequence: 1,
  endorsement: "AND('NmiNorthMSP.peer', 'NmiSouthMSP.peer')",
};
/** More than the peer sends at once: an iterator over them stays open. */
const KEYS = 150;
const READS = 150;
const PAUSE_MS = 20;

/** How an execution ended that read on for as long as its peer answered. */
interface Ending {
  readonly read: peer.ChaincodeMessage;
  readonly iterated: peer.ChaincodeMessage;
}

describe('An execution whose caller has gone', function () {
  this.timeout(60_000);
  const chaincode = new FakeChaincode();
  const told = new EventEmitter<{ reading: []; ended: [Ending] }>();
  let runs: number;
  let network: KvNetwork;
  let place: ApplicationNetwork;
  let application: Application;
  let client: Client;

  before(async () => {
    const address = await chaincode.listen();
    network = await KvNetwork.start({ chaincodes: [{ ...FAKE, service: { address } }] });
    const { organisations, cryptoDir } = network.network;
    place = { consortium: kvConsortium(), organisations, cryptoDir };
    application = new Application(place, 'nmi-north');
    client = connectTo(place, 'nmi-north');
    chaincode.behaviour = fill;
    await contract().submitTransaction('fill');
  });

  beforeEach(() => {
    runs = 0;
    chaincode.behaviour = readOn;
  });

  afterEach(async () => {
    chaincode.behaviour = (transaction, stream) => {
      stream.send(completed(transaction, 'ok'));
    };
    assert.equal(text(await contract().evaluateTransaction('any')), 'ok', 'it works on for others');
  });

  after(async () => {
    client.close();
    application.close();
    await network.end();
    chaincode.close();
  });

  const contract = () => application.contract('fake', 'pair');

  const fill: Behaviour = async (transaction, stream) => {
    const batch = new peer.WriteBatchState();
    for (let index = 0; index < KEYS; index++) {
      const record = new peer.WriteRecord();
      record.setType(peer.WriteRecord.Type.PUT_STATE);
      record.setKey(`key-${index}`);
      record.setValue(Buffer.from('value'));
      batch.addRec(record);
    }
    await ask(transaction, stream, Type.WRITE_BATCH_STATE, batch.serializeBinary());
    stream.send(completed(transaction));
  };

  /** Opens an iterator and then reads until the peer does not answer any more, or for some seconds. */
  const readOn: Behaviour = async (transaction, stream) => {
    runs++;
    const range = await ask(transaction, stream, Type.GET_STATE_BY_RANGE, everything());
    const id = peer.QueryResponse.deserializeBinary(range.getPayload_asU8()).getId();
    told.emit('reading');
    let read = range;
    for (let count = 0; count < READS && read.getType() !== Type.ERROR; count++) {
      await pause(PAUSE_MS);
      const request = new peer.GetState();
      request.setKey('key-1');
      read = await ask(transaction, stream, Type.GET_STATE, request.serializeBinary());
    }
    const next = new peer.QueryStateNext();
    next.setId(id);
    const iterated = await ask(transaction, stream, Type.QUERY_STATE_NEXT, next.serializeBinary());
    stream.send(reply(transaction, Type.ERROR, read.getPayload_asU8()));
    told.emit('ended', { read, iterated });
  };

  /** Has the chaincode run, lets its caller go while it reads, and tells how it ended. */
  async function ending(call: () => Promise<unknown>): Promise<Ending> {
    const ended = once(told, 'ended') as Promise<[Ending]>;
    await call();
    return (await ended)[0];
  }

  function assertDropped({ read, iterated }: Ending): void {
    assert.equal(read.getType(), Type.ERROR, 'a read is refused');
    assert.match(text(read.getPayload_asU8()), /the caller has gone/);
    assert.equal(iterated.getType(), Type.ERROR, 'its iterator is closed');
    assert.equal(runs, 1, 'no other endorser is asked');
  }

  /** Calls a method of the gateway, and cancels as soon as the chaincode reads. */
  async function cancelled(path: string, wrap: (signed: peer.SignedProposal) => Uint8Array): Promise<void> {
    const proposal = gateway.ProposedTransaction.deserializeBinary(contract().newProposal('any').getBytes());
    const content = Buffer.from(proposal.getProposal()!.getProposalBytes_asU8());
    const method = {
      path,
      shape: 'unary' as const,
      content,
      wrap: (bytes: Buffer, signature: Uint8Array) => {
        const signed = new peer.SignedProposal();
        signed.setProposalBytes(bytes);
        signed.setSignature(signature);
        return Buffer.from(wrap(signed));
      },
    };
    const request = await signedRequest(method, content, credentialsOf(place, 'nmi-north'));
    const reading = once(told, 'reading');
    const asIs = (bytes: Buffer): Buffer => bytes;
    const call = client.makeUnaryRequest(path, asIs, asIs, request, () => undefined);
    await reading;
    call.cancel();
  }

  it('ends with the next read of its chaincode, where the deadline of an evaluation has passed', async () => {
    const proposal = contract().newProposal('any');
    const evaluation = () => assert.rejects(proposal.evaluate({ deadline: Date.now() + 300 }));
    assertDropped(await ending(evaluation));
  });

  it('ends with the next read of its chaincode, where an evaluation was cancelled', async () => {
    const evaluation = () =>
      cancelled('/gateway.Gateway/Evaluate', (signed) => {
        const request = new gateway.EvaluateRequest();
        request.setChannelId('pair');
        request.setProposedTransaction(signed);
        return request.serializeBinary();
      });
    assertDropped(await ending(evaluation));
  });

  it('ends with the next read of its chaincode, where an endorsement was cancelled', async () => {
    const endorsement = () =>
      cancelled('/gateway.Gateway/Endorse', (signed) => {
        const request = new gateway.EndorseRequest();
        request.setChannelId('pair');
        request.setProposedTransaction(signed);
        return request.serializeBinary();
      });
    assertDropped(await ending(endorsement));
  });

  it('ends with the next read of its chaincode, where a proposal to one endorser was cancelled', async () => {
    const proposal = () => cancelled('/protos.Endorser/ProcessProposal', (signed) => signed.serializeBinary());
    assertDropped(await ending(proposal));
  });

  it('ends a chaincode that reads in a loop, also one that another chaincode has called', async () => {
    const kv = application.contract('kv', 'pair');
    const args = JSON.stringify(['readOn', 'called']);
    for (const [reader, proposal] of [
      ['direct', kv.newProposal('readOn', { arguments: ['direct'] })],
      ['called', kv.newProposal('call', { arguments: ['kv', 'calibration', args] })],
    ] as const) {
      await assert.rejects(proposal.evaluate({ deadline: Date.now() + 500 }));
      await eventually(async () => {
        const why = text(await kv.evaluateTransaction('whyReadingEnded', reader));
        assert.match(why, /the caller has gone/);
      }, 5000);
    }
  });
});

function everything(): Uint8Array {
  const range = new peer.GetStateByRange();
  range.setStartkey('key');
  range.setEndkey('key~');
  return range.serializeBinary();
}

function ask(
  transaction: peer.ChaincodeMessage,
  stream: PeerStream,
  type: Parameters<typeof reply>[1],
  payload: Uint8Array,
): Promise<peer.ChaincodeMessage> {
  stream.send(reply(transaction, type, payload));
  return stream.answer();
}
