import { Server, ServerCredentials, type ServerDuplexStream, type UntypedServiceImplementation } from '@grpc/grpc-js';
import { common, orderer, peer } from '@hyperledger/fabric-protos';
import { NodeConnection } from '@tracecal/network/admin';
import type { TlsFixture } from './tlsFixture.js';

type Status = common.StatusMap[keyof common.StatusMap];

/** Nodes that answer as they are told, to try the cases that a healthy network does not show. */
export class FakeNodes {
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

  /** A peer that answers every query with what it has at the moment. */
  async witness(name: string, answer: () => Uint8Array) {
    const processProposal = (_call: unknown, reply: (error: null, value: peer.ProposalResponse) => void): void => {
      const response = new peer.Response();
      response.setStatus(200);
      response.setPayload(answer());
      const proposalResponse = new peer.ProposalResponse();
      proposalResponse.setResponse(response);
      reply(null, proposalResponse);
    };
    return this.#serve(name, [[peer.EndorserService, { processProposal }]]);
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

export function transactionIdOf(envelope: common.Envelope): string {
  const header = common.Payload.deserializeBinary(envelope.getPayload_asU8()).getHeader();
  return common.ChannelHeader.deserializeBinary(header?.getChannelHeader_asU8() ?? new Uint8Array()).getTxId();
}
