import { Server, ServerCredentials, type ServerDuplexStream } from '@grpc/grpc-js';
import { peer } from '@hyperledger/fabric-protos';

const Type = peer.ChaincodeMessage.Type;

type MessageType = peer.ChaincodeMessage.TypeMap[keyof peer.ChaincodeMessage.TypeMap];

/** One stream of a peer, as a chaincode sees it. */
export interface PeerStream {
  send(message: peer.ChaincodeMessage): void;
  /** Sends bytes that need not be a message. */
  sendBytes(bytes: Uint8Array): void;
  /** The next message of the peer for a transaction that is not itself a transaction to run. */
  answer(): Promise<peer.ChaincodeMessage>;
}

/** Runs one transaction; what it does not send, nobody sends. */
export type Behaviour = (transaction: peer.ChaincodeMessage, stream: PeerStream) => Promise<void> | void;

/** A message that belongs to the same transaction as another. */
export function reply(to: peer.ChaincodeMessage, type: MessageType, payload: Uint8Array): peer.ChaincodeMessage {
  const message = new peer.ChaincodeMessage();
  message.setType(type);
  message.setTxid(to.getTxid());
  message.setChannelId(to.getChannelId());
  message.setPayload(payload);
  return message;
}

/** The message that ends a transaction well. */
export function completed(to: peer.ChaincodeMessage, payload = ''): peer.ChaincodeMessage {
  const response = new peer.Response();
  response.setStatus(200);
  response.setPayload(Buffer.from(payload));
  return reply(to, Type.COMPLETED, response.serializeBinary());
}

/** PEM. `ca` vouches for the clients. */
export interface ServerTls {
  readonly ca: string;
  readonly certificate: string;
  readonly privateKey: string;
}

function serverCredentials(tls: ServerTls | undefined): ServerCredentials {
  if (!tls) return ServerCredentials.createInsecure();
  const pair = { private_key: Buffer.from(tls.privateKey), cert_chain: Buffer.from(tls.certificate) };
  return ServerCredentials.createSsl(Buffer.from(tls.ca), [pair], true);
}

const asIs = (bytes: Uint8Array): Buffer => Buffer.from(bytes);

/** A chaincode server whose conduct the test decides, transaction by transaction. */
export class FakeChaincode {
  behaviour: Behaviour = (transaction, stream) => {
    stream.send(completed(transaction, 'ok'));
  };
  streams = 0;
  readonly #server = new Server();

  /** Listens on the loopback interface, with TLS where material is given. */
  async listen(tls?: ServerTls): Promise<string> {
    const connect = {
      path: '/protos.Chaincode/Connect',
      requestStream: true,
      responseStream: true,
      requestSerialize: asIs,
      requestDeserialize: asIs,
      responseSerialize: asIs,
      responseDeserialize: asIs,
    };
    this.#server.addService(
      { connect },
      {
        connect: (call: ServerDuplexStream<Buffer, Uint8Array>) => {
          this.#serve(call);
        },
      },
    );
    const port = await new Promise<number>((resolve, reject) => {
      this.#server.bindAsync('127.0.0.1:0', serverCredentials(tls), (error, bound) => {
        if (error) reject(error);
        else resolve(bound);
      });
    });
    return `localhost:${port}`;
  }

  close(): void {
    this.#server.forceShutdown();
  }

  #serve(call: ServerDuplexStream<Buffer, Uint8Array>): void {
    this.streams++;
    const waiting: ((message: peer.ChaincodeMessage) => void)[] = [];
    const unread: peer.ChaincodeMessage[] = [];
    const stream: PeerStream = {
      send: (message) => call.write(message.serializeBinary()),
      sendBytes: (bytes) => call.write(bytes),
      answer: () =>
        new Promise((resolve) => {
          const message = unread.shift();
          if (message) resolve(message);
          else waiting.push(resolve);
        }),
    };
    call.on('error', () => undefined);
    call.on('data', (bytes: Buffer) => {
      const message = peer.ChaincodeMessage.deserializeBinary(bytes);
      if (message.getType() === Type.TRANSACTION) void this.behaviour(message, stream);
      else if (message.getType() === Type.RESPONSE || message.getType() === Type.ERROR) {
        const next = waiting.shift();
        if (next) next(message);
        else unread.push(message);
      }
    });
    const id = new peer.ChaincodeID();
    id.setName('fake:0');
    const register = new peer.ChaincodeMessage();
    register.setType(Type.REGISTER);
    register.setPayload(id.serializeBinary());
    stream.send(register);
  }
}
