import { status, type Client, type ClientReadableStream, type ServiceError } from '@grpc/grpc-js';
import { common, gateway, peer } from '@hyperledger/fabric-protos';
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { KvNetwork } from '../support/kvNetwork.js';

/** Fields that nobody knows, of two bytes each: more than any message has. */
const TINY_FIELDS = Buffer.alloc(1_000_000, Buffer.from([0x78, 0x01]));

const asIs = (bytes: Uint8Array): Buffer => Buffer.from(bytes);

/** How a call ends: with an answer, or with an error that has a code. */
type Ending = { readonly answer: Buffer } | { readonly code: status };

function unary(client: Client, path: string, bytes: Uint8Array): Promise<Ending> {
  return new Promise((resolve) => {
    client.makeUnaryRequest(path, asIs, asIs, bytes, (error: ServiceError | null, answer?: Buffer) => {
      resolve(error ? { code: error.code } : { answer: answer ?? Buffer.alloc(0) });
    });
  });
}

function ending(call: ClientReadableStream<Buffer>): Promise<Ending> {
  return new Promise((resolve) => {
    call.on('data', (answer: Buffer) => {
      resolve({ answer });
      call.cancel();
    });
    call.on('error', (error: ServiceError) => {
      resolve({ code: error.code });
    });
    call.on('end', () => {
      resolve({ code: status.OK });
    });
  });
}

function duplex(client: Client, path: string, bytes: Uint8Array): Promise<Ending> {
  const call = client.makeBidiStreamRequest(path, asIs, asIs);
  call.write(bytes);
  return ending(call);
}

const UNARY = ['Evaluate', 'Endorse', 'Submit', 'CommitStatus'].map((name) => `/gateway.Gateway/${name}`);
const DUPLEX = ['Deliver', 'DeliverFiltered', 'DeliverWithPrivateData'].map((name) => `/protos.Deliver/${name}`);
const EVENTS = '/gateway.Gateway/ChaincodeEvents';
const PROPOSAL = '/protos.Endorser/ProcessProposal';
const METHODS = [...UNARY, ...DUPLEX, EVENTS, PROPOSAL];

function call(client: Client, path: string, bytes: Uint8Array): Promise<Ending> {
  if (DUPLEX.includes(path)) return duplex(client, path, bytes);
  if (path === EVENTS) return ending(client.makeServerStreamRequest(path, asIs, asIs, bytes));
  return unary(client, path, bytes);
}

/** A proposal whose layers are all there, with one of them replaced. */
function proposalWith(part: string, bytes: Uint8Array): peer.SignedProposal {
  const pick = (name: string, whole: Uint8Array): Uint8Array => (name === part ? bytes : whole);
  const id = new peer.ChaincodeID();
  id.setName('kv');
  const extension = new peer.ChaincodeHeaderExtension();
  extension.setChaincodeId(id);
  const channelHeader = new common.ChannelHeader();
  channelHeader.setType(3);
  channelHeader.setChannelId('calibration');
  channelHeader.setExtension$(pick('extension', extension.serializeBinary()));
  const header = new common.Header();
  header.setChannelHeader(pick('channelHeader', channelHeader.serializeBinary()));
  header.setSignatureHeader(pick('signatureHeader', new common.SignatureHeader().serializeBinary()));
  const spec = new peer.ChaincodeSpec();
  spec.setChaincodeId(id);
  spec.setInput(new peer.ChaincodeInput());
  const invocation = new peer.ChaincodeInvocationSpec();
  invocation.setChaincodeSpec(spec);
  const payload = new peer.ChaincodeProposalPayload();
  payload.setInput(pick('input', invocation.serializeBinary()));
  const proposal = new peer.Proposal();
  proposal.setHeader(pick('header', header.serializeBinary()));
  proposal.setPayload(pick('payload', payload.serializeBinary()));
  const signed = new peer.SignedProposal();
  signed.setProposalBytes(pick('proposal', proposal.serializeBinary()));
  return signed;
}

describe('An embedded network that is sent garbage', function () {
  this.timeout(60_000);
  let network: KvNetwork;
  let client: Client;

  before(async () => {
    network = await KvNetwork.start();
    client = network.connection('nmi-north');
  });

  after(() => network.end());

  afterEach(async () => {
    const alive = await network.contract('nmi-north').evaluateTransaction('noop');
    assert.equal(Buffer.from(alive).toString(), 'ok');
  });

  const mustFail = (end: Ending, what: string): void => {
    if ('code' in end) assert.notEqual(end.code, status.OK, what);
    else assert.equal(peer.DeliverResponse.deserializeBinary(end.answer).getStatus(), 400, what);
  };

  for (const path of METHODS) {
    it(`answers ${path} with a code, whatever the bytes`, async () => {
      const messages = [
        new Uint8Array(),
        Buffer.from([0xff, 0xff, 0xff]),
        Buffer.from([0x0a, 0x05, 0x01]),
        Buffer.from([0x0a, 0xff, 0xff, 0xff, 0xff, 0x7f]),
        TINY_FIELDS,
        ...Array.from({ length: 20 }, (_, index) => randomBytes(1 + index * 7)),
      ];
      for (const bytes of messages) {
        const end = await call(client, path, bytes);
        // An empty or accidental message may mean something to ProcessProposal: it then answers with status 500.
        if ('answer' in end && path === PROPOSAL) continue;
        mustFail(end, `${path} ${Buffer.from(bytes).subarray(0, 200).toString()}`);
      }
    });
  }

  it('takes a proposal apart without believing any part of it', async () => {
    for (const part of ['extension', 'channelHeader', 'signatureHeader', 'input', 'header', 'payload', 'proposal']) {
      for (const bytes of [new Uint8Array(), Buffer.from([0xff]), randomBytes(40), TINY_FIELDS]) {
        const signed = proposalWith(part, bytes);
        const evaluate = new gateway.EvaluateRequest();
        evaluate.setProposedTransaction(signed);
        const endorse = new gateway.EndorseRequest();
        endorse.setProposedTransaction(signed);
        mustFail(await unary(client, '/gateway.Gateway/Evaluate', evaluate.serializeBinary()), part);
        mustFail(await unary(client, '/gateway.Gateway/Endorse', endorse.serializeBinary()), part);
        mustFail(await unary(client, PROPOSAL, signed.serializeBinary()), part);
      }
    }
  });

  it('refuses to order envelopes that say nothing or lie about their parts', async () => {
    for (const payload of [new Uint8Array(), Buffer.from([0xff]), randomBytes(50), TINY_FIELDS]) {
      const envelope = new common.Envelope();
      envelope.setPayload(payload);
      envelope.setSignature(randomBytes(70));
      const submit = new gateway.SubmitRequest();
      submit.setChannelId('calibration');
      submit.setPreparedTransaction(envelope);
      mustFail(await unary(client, '/gateway.Gateway/Submit', submit.serializeBinary()), 'envelope');
    }
  });

  it('refuses a message of 200 MB as too large', async () => {
    const huge = Buffer.alloc(200 * 1024 * 1024);
    for (const path of ['/gateway.Gateway/Evaluate', '/protos.Deliver/Deliver']) {
      const end = await call(network.connection('nmi-north'), path, huge);
      assert.deepEqual(end, { code: status.RESOURCE_EXHAUSTED }, path);
    }
  });

  it('survives callers that hang up in the middle', async () => {
    for (const path of [...DUPLEX, EVENTS]) {
      const calls = Array.from({ length: 20 }, () => client.makeBidiStreamRequest(path, asIs, asIs));
      for (const each of calls) {
        each.on('error', () => undefined);
        each.write(randomBytes(10));
        each.cancel();
      }
    }
    const plain = new (await import('node:net')).Socket();
    const endpoint = network.network.organisations[0]!.gatewayEndpoint;
    await new Promise<void>((resolve) => {
      plain.connect(Number(endpoint.split(':')[1]), '127.0.0.1', () => {
        plain.write('GET / HTTP/1.1\r\n\r\n');
        plain.destroy();
        resolve();
      });
    });
  });
});
