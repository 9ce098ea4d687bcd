import { Server, ServerCredentials, type ServerDuplexStream, type UntypedServiceImplementation } from '@grpc/grpc-js';
import { common, orderer, peer } from '@hyperledger/fabric-protos';
import { NodeConnection, Signer, approveDefinition, type TransactionRoute } from '@tracecal/network/admin';
import { parsePolicy } from '@tracecal/network/channel';
import { generateKeyPair, isLowS } from '@tracecal/network/pki';
import assert from 'node:assert/strict';
import { verify } from 'node:crypto';
import { tlsFixture, type TlsFixture } from './tlsFixture.js';

const SUCCESS = common.Status.SUCCESS;
type Status = common.StatusMap[keyof common.StatusMap];

/** Nodes that answer as they are told, to try the cases that a healthy network does not show. */
class FakeNodes {
  readonly #servers: Server[] = [];
  readonly #connections: NodeConnection[] = [];

  constructor(private readonly tls: TlsFixture) {}

  /** An orderer that gives these answers one after the other, and then the last one again; it is silent without any. */
  async orderer(name: string, answers: readonly { status: Status; info?: string }[], received: common.Envelope[]) {
    const left = [...answers];
    const broadcast = (stream: ServerDuplexStream<common.Envelope, orderer.BroadcastResponse>): void => {
      stream.on('data', (envelope: common.Envelope) => {
        received.push(envelope);
        const answer = left.length > 1 ? left.shift() : left[0];
        if (answer === undefined) return;
        const response = new orderer.BroadcastResponse();
        response.setStatus(answer.status);
        response.setInfo(answer.info ?? '');
        stream.write(response);
      });
      stream.on('end', () => {
        stream.end();
      });
    };
    return this.#serve(name, [[orderer.AtomicBroadcastService, { broadcast, deliver: broadcast }]]);
  }

  /** A peer that endorses everything with this result, and reports the transaction as committed with this code. */
  async peer(name: string, result: string, outcome: number, received: readonly common.Envelope[]) {
    const processProposal = (_call: unknown, reply: (error: null, value: peer.ProposalResponse) => void): void => {
      const response = new peer.Response();
      response.setStatus(200);
      const endorsement = new peer.Endorsement();
      endorsement.setEndorser(Buffer.from(name));
      const proposalResponse = new peer.ProposalResponse();
      proposalResponse.setResponse(response);
      proposalResponse.setPayload(Buffer.from(result));
      proposalResponse.setEndorsement(endorsement);
      reply(null, proposalResponse);
    };
    const deliverFiltered = (stream: ServerDuplexStream<common.Envelope, peer.DeliverResponse>): void => {
      let reported = false;
      const poll = setInterval(() => {
        const [envelope] = received;
        if (envelope === undefined || reported) return;
        reported = true;
        stream.write(filteredBlock(transactionIdOf(envelope), outcome));
      }, 5);
      stream.on('data', () => stream.write(filteredBlock('somebody-elses', peer.TxValidationCode.VALID)));
      stream.on('cancelled', () => {
        clearInterval(poll);
      });
    };
    return this.#serve(name, [
      [peer.EndorserService, { processProposal }],
      [peer.DeliverService, { deliver: deliverFiltered, deliverFiltered, deliverWithPrivateData: deliverFiltered }],
    ]);
  }

  stop(): void {
    for (const connection of this.#connections) connection.close();
    for (const server of this.#servers) server.forceShutdown();
  }

  async #serve(name: string, services: readonly (readonly [object, object])[]): Promise<NodeConnection> {
    const own = await this.tls.issue(name, [name]);
    const server = new Server();
    for (const [definition, implementation] of services) {
      server.addService(
        definition as Parameters<Server['addService']>[0],
        implementation as UntypedServiceImplementation,
      );
    }
    const pair = { private_key: Buffer.from(own.privateKey), cert_chain: Buffer.from(own.certificate) };
    const port = await new Promise<number>((resolve, reject) => {
      server.bindAsync('127.0.0.1:0', ServerCredentials.createSsl(null, [pair]), (error, bound) => {
        if (error === null) resolve(bound);
        else reject(error);
      });
    });
    const connection = new NodeConnection({ name, address: `127.0.0.1:${port}`, tlsCa: this.tls.ca });
    this.#servers.push(server);
    this.#connections.push(connection);
    return connection;
  }
}

function filteredBlock(transactionId: string, code: number): peer.DeliverResponse {
  const transaction = new peer.FilteredTransaction();
  transaction.setTxid(transactionId);
  transaction.setTxValidationCode(code as peer.TxValidationCodeMap[keyof peer.TxValidationCodeMap]);
  const block = new peer.FilteredBlock();
  block.setFilteredTransactionsList([transaction]);
  const response = new peer.DeliverResponse();
  response.setFilteredBlock(block);
  return response;
}

function transactionIdOf(envelope: common.Envelope): string {
  const header = common.Payload.deserializeBinary(envelope.getPayload_asU8()).getHeader();
  return common.ChannelHeader.deserializeBinary(header?.getChannelHeader_asU8() ?? new Uint8Array()).getTxId();
}

describe('A transaction of administration', () => {
  const keys = generateKeyPair();
  const signer = new Signer({ mspId: 'LabAlphaMSP', certificate: 'certificate', privateKey: keys.privateKey });
  const definition = {
    name: 'registry',
    version: '1.0',
    sequence: 1,
    endorsement: parsePolicy("OR('LabAlphaMSP.peer')"),
  };
  const VALID = peer.TxValidationCode.VALID;
  let nodes: FakeNodes;
  let received: common.Envelope[];

  beforeEach(async () => {
    received = [];
    nodes = new FakeNodes(await tlsFixture());
  });

  afterEach(() => {
    nodes.stop();
  });

  function approve(route: Omit<TransactionRoute, 'signer'>): Promise<void> {
    return approveDefinition('calibration', definition, 'registry_1.0:00', { ...route, signer });
  }

  it('is done when the peer has committed it, whatever single orderers say', async () => {
    const endorser = await nodes.peer('peer0.lab-alpha.example', 'result', VALID, received);
    const down = {
      status: common.Status.SERVICE_UNAVAILABLE,
      info: 'failed to submit request: request already processed',
    };
    const orderers = [
      await nodes.orderer('orderer1.example', [{ status: SUCCESS }], received),
      await nodes.orderer('orderer2.example', [down], received),
      await nodes.orderer('orderer3.example', [{ status: common.Status.FORBIDDEN, info: 'no' }], received),
    ];
    await approve({ endorsers: [endorser], orderers });
    assert.ok(received.length > 0);
  });

  it('is not held up by an orderer that takes it and says nothing', async () => {
    const endorser = await nodes.peer('peer0.lab-alpha.example', 'result', VALID, received);
    const orderers = [
      await nodes.orderer('orderer1.example', [], received),
      await nodes.orderer('orderer2.example', [{ status: SUCCESS }], received),
    ];
    await approve({ endorsers: [endorser], orderers, timeoutMs: 600_000 });
  });

  it('bears the signature of its administrator over exactly what is ordered', async () => {
    const endorser = await nodes.peer('peer0.lab-alpha.example', 'result', VALID, received);
    await approve({
      endorsers: [endorser],
      orderers: [await nodes.orderer('orderer1.example', [{ status: SUCCESS }], received)],
    });
    const [envelope] = received;
    assert.ok(envelope);
    assert.ok(verify('sha256', envelope.getPayload_asU8(), keys.publicKey, envelope.getSignature_asU8()));
    assert.ok(isLowS(envelope.getSignature_asU8()));
  });

  it('is offered again while the orderers have no leader, as the same envelope', async () => {
    const endorser = await nodes.peer('peer0.lab-alpha.example', 'result', VALID, received);
    const answers = [{ status: common.Status.SERVICE_UNAVAILABLE, info: 'no leader' }, { status: SUCCESS }];
    const orderers = [await nodes.orderer('orderer1.example', answers, received)];
    await approve({ endorsers: [endorser], orderers });
    assert.equal(received.length, 2);
    assert.deepEqual(received[0]?.serializeBinary(), received[1]?.serializeBinary());
  });

  it('is refused in the words of an orderer when none takes it', async () => {
    const endorser = await nodes.peer('peer0.lab-alpha.example', 'result', VALID, received);
    const refusal = { status: common.Status.FORBIDDEN, info: 'signature set did not satisfy policy' };
    const orderers = [await nodes.orderer('orderer1.example', [refusal], received)];
    await assert.rejects(approve({ endorsers: [endorser], orderers }), {
      code: 'REFUSED',
      node: 'orderer1.example',
      message: /did not satisfy policy/,
    });
  });

  it('is not sent at all when its endorsers disagree', async () => {
    const first = await nodes.peer('peer0.lab-alpha.example', 'result', VALID, received);
    const second = await nodes.peer('peer0.lab-beta.example', 'another', VALID, received);
    const orderers = [await nodes.orderer('orderer1.example', [{ status: SUCCESS }], received)];
    await assert.rejects(approve({ endorsers: [first, second], orderers }), {
      code: 'MISMATCH',
      node: 'peer0.lab-beta.example',
    });
    assert.equal(received.length, 0);
  });

  it('has failed when it commits as invalid, with the reason', async () => {
    const code = peer.TxValidationCode.ENDORSEMENT_POLICY_FAILURE;
    const endorser = await nodes.peer('peer0.lab-alpha.example', 'result', code, received);
    const orderers = [await nodes.orderer('orderer1.example', [{ status: SUCCESS }], received)];
    await assert.rejects(approve({ endorsers: [endorser], orderers }), {
      code: 'INVALIDATED',
      message: /ENDORSEMENT_POLICY_FAILURE/,
    });
  });
});
