import { peer } from '@hyperledger/fabric-protos';
import type { ClientHttp2Session } from 'node:http2';
import { setTimeout as pause } from 'node:timers/promises';

const Type = peer.ChaincodeMessage.Type;
type MessageType = (typeof Type)[keyof typeof Type];

/** A chaincode has registered, as far as it knows; then comes a message of a kind that ends fabric-shim at once. */
export const ENDING_MESSAGES = [Type.REGISTERED, Type.READY, Type.KEEPALIVE] as const;

/**
 * Opens a chaincode's stream as a peer does and says something.
 *
 * @returns Whether the chaincode spoke to us.
 */
export function isHeard(session: ClientHttp2Session, messages: readonly MessageType[] = []): Promise<boolean> {
  return new Promise((resolve) => {
    let heard = false;
    const settle = (): void => {
      session.destroy();
      resolve(heard);
    };
    session.on('error', settle);
    const stream = session.request({
      ':method': 'POST',
      ':path': '/protos.Chaincode/Connect',
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    // A session that the other side refuses may end without a word.
    stream.on('error', settle);
    stream.on('close', settle);
    stream.once('data', () => {
      heard = true;
      for (const type of messages) stream.write(framed(type));
      // What it makes of that takes a moment.
      void pause(messages.length > 0 ? 500 : 0).then(settle);
    });
  });
}

function framed(type: MessageType): Buffer {
  const message = new peer.ChaincodeMessage();
  message.setType(type);
  const bytes = message.serializeBinary();
  const head = Buffer.alloc(5);
  head.writeUInt32BE(bytes.length, 1);
  return Buffer.concat([head, bytes]);
}
