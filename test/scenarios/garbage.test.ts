import { compressionAlgorithms } from '@grpc/grpc-js';
import { common, msp, peer } from '@hyperledger/fabric-protos';
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { connectTo, credentialsOf, type Credentials } from '../support/application.js';
import type { OrganisationEndpoint } from '@tracecal/network/engine';
import { sendHuge } from '../support/hugeRequest.js';
import { asyncProperty } from '../support/property.js';
import { callRaw, rawMethods, signedRequest, type Outcome, type RawMethod } from '../support/rawCalls.js';
import { freshKey, scenarios } from '../support/sharedNetwork.js';
import { damaged } from '../support/wire.js';
import type { Client } from '@grpc/grpc-js';
import fc from 'fast-check';

const METHODS = [
  '/gateway.Gateway/Evaluate',
  '/gateway.Gateway/Endorse',
  '/gateway.Gateway/Submit',
  '/gateway.Gateway/CommitStatus',
  '/protos.Endorser/ProcessProposal',
  '/gateway.Gateway/ChaincodeEvents',
  '/protos.Deliver/Deliver',
  '/protos.Deliver/DeliverFiltered',
  '/protos.Deliver/DeliverWithPrivateData',
] as const;
const AT_ONCE = 32;
const HUGE = 200 * 1024 * 1024;

/** An accident of the program, not an answer. */
const ACCIDENT = /undefined|is not a function|is not iterable|TypeError|RangeError|Cannot |Invalid array|Assertion/;

scenarios('Garbage', (stage) => {
  let client: Client;
  let credentials: Credentials;
  let methods: ReadonlyMap<string, RawMethod>;

  before(async () => {
    credentials = credentialsOf(stage.network, 'alpha');
    client = connectTo(stage.network, 'alpha');
    // For the method that would wait for one.
    await stage.as('alpha').submit('emit', freshKey('event'), '');
    methods = new Map((await rawMethods(stage.as('alpha'))).map((method) => [method.path, method]));
    assert.deepEqual([...methods.keys()].sort(), [...METHODS].sort());
  });

  after(() => {
    client.close();
  });

  // Whatever was sent: the network still works for those who know how to use it.
  afterEach(async () => {
    const key = freshKey();
    await stage.as('alpha').submit('put', key, 'alive');
    assert.equal(await stage.as('alpha').evaluate('get', key), 'alive');
  });

  const alphasEndpoint = (): OrganisationEndpoint => stage.network.organisations.find(({ id }) => id === 'alpha')!;

  function check(outcome: Outcome): void {
    if (outcome.kind !== 'refused') return;
    assert.doesNotMatch(outcome.message, ACCIDENT);
    assert.doesNotMatch(outcome.message, /ECONN|Connection dropped/);
    if (outcome.code === 'INTERNAL') assert.match(outcome.message, /^grpc: error unmarshalling request/);
  }

  async function sendAll(method: RawMethod, requests: Iterable<Buffer | Promise<Buffer>>): Promise<void> {
    const left = requests[Symbol.iterator]();
    const worker = async (): Promise<void> => {
      for (let next = left.next(); next.done !== true; next = left.next()) {
        check(await callRaw(client, method, await next.value, 300));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  }

  for (const path of METHODS) {
    describe(`at ${path}`, () => {
      const method = (): RawMethod => methods.get(path)!;

      it('is told from a good request', async () => {
        const outcome = await callRaw(client, method(), await signedRequest(method(), method().content, credentials));
        // A transaction's second coming is no error either.
        assert.equal(outcome.kind, 'answered');
      });

      it('is refused when nothing is in it', async () => {
        const outcome = await callRaw(client, method(), Buffer.alloc(0));
        refused(outcome);
      });

      it('is refused when it is no protobuf', async () => {
        refused(await callRaw(client, method(), Buffer.from('GET / HTTP/1.1\r\n\r\n')));
      });

      it('does no harm with any part of the request left out, cut or of another type', async function () {
        this.timeout(60_000);
        const good = await signedRequest(method(), method().content, credentials);
        await sendAll(method(), damaged(good));
      });

      it('does no harm when it is signed, either', async function () {
        this.timeout(60_000);
        const signed = function* (): Generator<Promise<Buffer>> {
          for (const content of damaged(method().content)) yield signedRequest(method(), content, credentials);
        };
        await sendAll(method(), signed());
      });

      it('does no harm with random bytes', async () => {
        const random = fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: AT_ONCE, maxLength: AT_ONCE });
        await asyncProperty(
          random,
          (batch) =>
            sendAll(
              method(),
              batch.map((bytes) => Buffer.from(bytes)),
            ),
          5,
        );
      });

      it('is refused when it has 200 megabytes', async function () {
        this.timeout(60_000);
        assert.equal(await sendHuge(alphasEndpoint(), path, HUGE), 'RESOURCE_EXHAUSTED');
      });
    });
  }

  /** With a gRPC status, or with the status that a Deliver stream sends as its only message. */
  function refused(outcome: Outcome): void {
    check(outcome);
    if (outcome.kind === 'answered') {
      assert.notEqual(outcome.bytes.length, 0);
      const { status } = peer.DeliverResponse.deserializeBinary(outcome.bytes).toObject();
      assert.ok(status >= common.Status.BAD_REQUEST, `status ${status}`);
    } else assert.equal(outcome.kind, 'refused');
  }

  it('is refused when little of it becomes 200 megabytes', async function () {
    this.timeout(60_000);
    const bomber = connectTo(stage.network, 'alpha', {
      'grpc.default_compression_algorithm': compressionAlgorithms.gzip,
    });
    const outcome = await callRaw(bomber, methods.get('/protos.Deliver/Deliver')!, Buffer.alloc(HUGE), 30_000);
    assert.equal('code' in outcome && outcome.code, 'RESOURCE_EXHAUSTED');
    bomber.close();
  });

  it('is refused when its author shows a thousand certificates', async () => {
    const creator = new msp.SerializedIdentity();
    creator.setMspid('AlphaMSP');
    creator.setIdBytes(Buffer.concat(Array<Uint8Array>(1000).fill(credentials.identity.credentials)));
    const evaluate = methods.get('/gateway.Gateway/Evaluate')!;
    const proposal = peer.Proposal.deserializeBinary(evaluate.content);
    const header = common.Header.deserializeBinary(proposal.getHeader_asU8());
    const signatureHeader = common.SignatureHeader.deserializeBinary(header.getSignatureHeader_asU8());
    signatureHeader.setCreator(creator.serializeBinary());
    header.setSignatureHeader(signatureHeader.serializeBinary());
    proposal.setHeader(header.serializeBinary());
    const request = await signedRequest(evaluate, Buffer.from(proposal.serializeBinary()), credentials);
    refused(await callRaw(client, evaluate, request, 10_000));
  });

  it('is refused at a method that is not there', async () => {
    const nowhere = { ...methods.get('/gateway.Gateway/Evaluate')!, path: '/gateway.Gateway/Everything' };
    const outcome = await callRaw(client, nowhere, Buffer.alloc(0));
    assert.equal('code' in outcome && outcome.code, 'UNIMPLEMENTED');
  });

  it('does no harm below gRPC: no TLS, no HTTP/2, half a frame', async () => {
    const [host = '', port] = alphasEndpoint().gatewayEndpoint.split(':');
    const plain = connectTcp(Number(port), host).on('error', () => undefined);
    plain.end('hello\r\n');
    await once(plain, 'close');
    for (const bytes of [
      Buffer.from('GET / HTTP/1.1\r\n\r\n'),
      Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
      Buffer.concat([Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), Buffer.alloc(1000, 0xff)]),
      Buffer.concat([Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), Buffer.from('000004040000000000', 'hex')]),
    ]) {
      const socket: TLSSocket = connectTls({
        host,
        port: Number(port),
        rejectUnauthorized: false,
        ALPNProtocols: ['h2'],
      });
      socket.on('error', () => undefined);
      await once(socket, 'secureConnect');
      socket.write(bytes);
      socket.end();
      socket.resume();
      socket.setTimeout(500, () => socket.destroy());
      await once(socket, 'close');
    }
  });
});
