import { createRequire } from 'node:module';
import type { peer as Peer } from '@hyperledger/fabric-protos';
import type { Context } from 'fabric-contract-api';

/**
 * Fabric 3.1 peers answer for several keys in one message, and say so when a chaincode registers. fabric-shim 2.5.8 neither
 * listens to that nor asks; this does both, through the shim's own handler and its own copy of the protobufs (a second copy
 * in one process breaks both). Where the peer did not offer it, keys are read one by one.
 */
type Stub = Context['stub'];

/** The part of the shim's handler, one a stream to a peer, that is used here. */
interface Handler {
  readonly _stream: { on(event: 'data', listener: (message: Peer.ChaincodeMessage) => void): void };
  chat: (this: Handler, greeting: unknown) => void;
  _askPeerAndListen(message: Peer.ChaincodeMessage, method: string): Promise<Buffer>;
}

interface StubInside {
  readonly handler?: Partial<Handler>;
}

const SHIM_HANDLER = 'fabric-shim/lib/handler.js';
/** Keys a message: with the largest records (4 MiB) the answer stays below the 100 MiB that a peer sends. */
const KEYS_A_MESSAGE = 16;

const fromHere = createRequire(__filename);
const { peer } = createRequire(fromHere.resolve(SHIM_HANDLER))('@hyperledger/fabric-protos') as { peer: typeof Peer };
const offers = new WeakSet<Partial<Handler>>();

/** Makes every stream that is opened from now on remember whether its peer offers several keys in one message. */
export function listenForOffers(): void {
  if (!('ChaincodeAdditionalParams' in peer)) {
    return; // The shim brought protobufs from before Fabric 3.1.
  }
  const { ChaincodeMessageHandler } = fromHere(SHIM_HANDLER) as { ChaincodeMessageHandler: { prototype: Handler } };
  const { prototype } = ChaincodeMessageHandler;
  const { chat } = prototype;
  prototype.chat = function (greeting) {
    this._stream.on('data', (message) => {
      if (message.getType() === peer.ChaincodeMessage.Type.READY && isOffer(message.getPayload_asU8())) {
        offers.add(this);
      }
    });
    chat.call(this, greeting);
  };
}

/** The values of keys, in their order; empty where there is none. Adds each to what the transaction has read. */
export async function getStates(stub: Stub, keys: readonly string[]): Promise<readonly Uint8Array[]> {
  const { handler } = stub as StubInside;
  const values: Uint8Array[] = [];
  if (keys.length > 1 && handler?._askPeerAndListen && offers.has(handler)) {
    for (let from = 0; from < keys.length; from += KEYS_A_MESSAGE) {
      const message = question(stub, keys.slice(from, from + KEYS_A_MESSAGE));
      const answer = await handler._askPeerAndListen(message, 'GetStateMultiple');
      values.push(...peer.GetStateMultipleResult.deserializeBinary(answer).getValuesList_asU8());
    }
    return values;
  }
  for (const key of keys) {
    values.push(await stub.getState(key));
  }
  return values;
}

function question(stub: Stub, keys: string[]): Peer.ChaincodeMessage {
  const wanted = new peer.GetStateMultiple();
  wanted.setKeysList(keys);
  const message = new peer.ChaincodeMessage();
  message.setType(peer.ChaincodeMessage.Type.GET_STATE_MULTIPLE);
  message.setPayload(wanted.serializeBinary());
  message.setTxid(stub.getTxID());
  message.setChannelId(stub.getChannelID());
  return message;
}

function isOffer(ready: Uint8Array): boolean {
  return peer.ChaincodeAdditionalParams.deserializeBinary(ready).getUseGetMultipleKeys();
}
