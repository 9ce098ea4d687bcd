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
/** Keys a message: with records of up to 64 kB the answer has at most 4 MiB, of the 100 MiB that a peer sends. */
const KEYS_A_MESSAGE = 64;

const fromHere = createRequire(__filename);
const { peer } = createRequire(fromHere.resolve(SHIM_HANDLER))('@hyperledger/fabric-protos') as { peer: typeof Peer };
/** How many keys to ask for in one message, of the peers that offer it. */
const offers = new WeakMap<Partial<Handler>, number>();

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
      if (message.getType() === peer.ChaincodeMessage.Type.READY) {
        offers.set(this, keysOffered(message.getPayload_asU8()));
      }
    });
    chat.call(this, greeting);
  };
}

/**
 * The values of keys, in their order; empty where there is none. Adds each to what the transaction has read.
 * @throws Error if the peer answers with more or fewer values. It does when its state database fails, without an error: taken
 * for "not there", a revoked device would look clean.
 */
export async function getStates(stub: Stub, keys: readonly string[]): Promise<readonly Uint8Array[]> {
  const { handler } = stub as StubInside;
  const several = (handler?._askPeerAndListen && offers.get(handler)) ?? 0;
  const values: Uint8Array[] = [];
  if (keys.length > 1 && several > 1) {
    for (let from = 0; from < keys.length; from += several) {
      values.push(...(await askForSeveral(stub, keys.slice(from, from + several))));
    }
    return values;
  }
  for (const key of keys) {
    values.push(await stub.getState(key));
  }
  return values;
}

async function askForSeveral(stub: Stub, keys: string[]): Promise<readonly Uint8Array[]> {
  const { handler } = stub as StubInside;
  const answer = await handler?._askPeerAndListen?.(question(stub, keys), 'GetStateMultiple');
  const values = peer.GetStateMultipleResult.deserializeBinary(answer ?? new Uint8Array()).getValuesList_asU8();
  if (values.length !== keys.length) {
    throw new Error(
      `The peer answered ${keys.length} keys with ${values.length} values: its state database has failed. Look at the peer's log.`,
    );
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

/** 0: the peer does not offer it. */
function keysOffered(ready: Uint8Array): number {
  const offer = peer.ChaincodeAdditionalParams.deserializeBinary(ready);
  return offer.getUseGetMultipleKeys() ? Math.min(KEYS_A_MESSAGE, offer.getMaxSizeGetMultipleKeys()) : 0;
}
