import { createRequire } from 'node:module';
import type { peer as Peer } from '@hyperledger/fabric-protos';
import type { Context } from 'fabric-contract-api';
import { MESSAGE_TYPE, parametersIn, stateMultiple, valuesOf, writeBatch } from './multiKeyMessages.js';
import type { Write } from './multiKeyMessages.js';

/**
 * Fabric 3.1 peers accept several reads or writes in one message, and announce this when a chaincode registers. fabric-shim
 * 2.5.8 ignores the announcement. This module uses it, through the shim's own handler and its own copy of the protobufs. If
 * the peer does not offer it, keys are read and written one by one.
 */
type Stub = Context['stub'];

/** The part of the shim's handler that is used here; there is one handler for each stream to a peer. */
interface Handler {
  readonly _stream: { on(event: 'data', listener: (message: Peer.ChaincodeMessage) => void): void };
  chat: (this: Handler, greeting: unknown) => void;
  _askPeerAndListen(message: Peer.ChaincodeMessage, method: string): Promise<Buffer>;
}

interface StubInside {
  readonly handler?: Partial<Handler>;
}

const SHIM_HANDLER = 'fabric-shim/lib/handler.js';
/** Keys per message: with records of up to 64 kB the answer has at most 4 MiB, of the 100 MiB that a peer sends. */
const KEYS_A_MESSAGE = 64;

const fromHere = createRequire(__filename);
const { peer } = createRequire(fromHere.resolve(SHIM_HANDLER))('@hyperledger/fabric-protos') as { peer: typeof Peer };
/**
 * Writes per message: at most as many bytes as the answer to {@link KEYS_A_MESSAGE} keys, and more keys, since most writes
 * are index entries.
 */
const BYTES_A_MESSAGE = 4 * 1024 * 1024;

/** How many keys to request from a peer in one message; 0 if it does not offer this. */
interface Offer {
  readonly reads: number;
  readonly writes: number;
}

const offers = new WeakMap<Partial<Handler>, Offer>();

/** Makes every stream opened from now on remember what its peer accepts in one message. */
export function listenForOffers(): void {
  const { ChaincodeMessageHandler } = fromHere(SHIM_HANDLER) as { ChaincodeMessageHandler: { prototype: Handler } };
  const { prototype } = ChaincodeMessageHandler;
  const { chat } = prototype;
  prototype.chat = function (greeting) {
    this._stream.on('data', (message) => {
      if ((message.getType() as number) === MESSAGE_TYPE.READY) {
        offers.set(this, offerIn(message.getPayload_asU8()));
      }
    });
    chat.call(this, greeting);
  };
}

/**
 * The values of keys, in their order; empty for a key without a value. Adds each to the transaction's reads.
 * @throws Error if the peer answers with more or fewer values. It does that when its state database fails, and reports no
 * error. Treated as "not found", such an answer would make a revoked device look valid.
 */
export async function getStates(stub: Stub, keys: readonly string[]): Promise<readonly Uint8Array[]> {
  const most = offerOf(stub).reads;
  const values: Uint8Array[] = [];
  if (keys.length > 1 && most > 1) {
    for (let from = 0; from < keys.length; from += most) {
      values.push(...(await multiGet(stub, keys.slice(from, from + most))));
    }
    return values;
  }
  for (const key of keys) {
    values.push(await stub.getState(key));
  }
  return values;
}

/** Writes the values of keys; undefined deletes a key. If a transaction writes a key twice, the last value counts. */
export async function putStates(stub: Stub, writes: ReadonlyMap<string, Uint8Array | undefined>): Promise<void> {
  const most = offerOf(stub).writes;
  if (writes.size > 1 && most > 1) {
    for (const batch of inBatches([...writes], most)) {
      await ask(stub, MESSAGE_TYPE.WRITE_BATCH_STATE, writeBatch(batch), 'WriteBatchState');
    }
    return;
  }
  for (const [key, value] of writes) {
    await (value === undefined ? stub.deleteState(key) : stub.putState(key, value));
  }
}

function* inBatches(writes: readonly Write[], most: number): Generator<readonly Write[]> {
  let [batch, bytes]: [Write[], number] = [[], 0];
  for (const write of writes) {
    const own = write[1]?.length ?? 0;
    if (batch.length === most || (batch.length > 0 && bytes + own > BYTES_A_MESSAGE)) {
      yield batch;
      [batch, bytes] = [[], 0];
    }
    batch.push(write);
    bytes += own;
  }
  yield batch;
}

function offerOf(stub: Stub): Offer {
  const { handler } = stub as StubInside;
  return (handler?._askPeerAndListen && offers.get(handler)) ?? { reads: 0, writes: 0 };
}

async function multiGet(stub: Stub, keys: readonly string[]): Promise<readonly Uint8Array[]> {
  const values = valuesOf(await ask(stub, MESSAGE_TYPE.GET_STATE_MULTIPLE, stateMultiple(keys), 'GetStateMultiple'));
  if (values.length !== keys.length) {
    throw new Error(
      `The peer answered ${keys.length} keys with ${values.length} values: its state database has failed. Look at the peer's log.`,
    );
  }
  return values;
}

async function ask(stub: Stub, type: number, payload: Uint8Array, method: string): Promise<Uint8Array> {
  const message = new peer.ChaincodeMessage();
  // The shim's copy may not know the name of this type.
  message.setType(type as Parameters<Peer.ChaincodeMessage['setType']>[0]);
  message.setPayload(payload);
  message.setTxid(stub.getTxID());
  message.setChannelId(stub.getChannelID());
  const answer = await (stub as StubInside).handler?._askPeerAndListen?.(message, method);
  return answer ?? new Uint8Array();
}

function offerIn(ready: Uint8Array): Offer {
  const { usesMultipleKeys, maxMultipleKeys, usesWriteBatch, maxWriteBatch } = parametersIn(ready);
  return {
    reads: usesMultipleKeys ? Math.min(KEYS_A_MESSAGE, maxMultipleKeys) : 0,
    writes: usesWriteBatch ? maxWriteBatch : 0,
  };
}
