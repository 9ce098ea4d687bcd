import { elementSize, fieldSize, varintSize, WireReader, WireWriter } from './wire.js';

/** `protos.ChaincodeMessage.Type`, by its names on the wire. */
export const ShimType = {
  UNDEFINED: 0,
  REGISTER: 1,
  REGISTERED: 2,
  INIT: 3,
  READY: 4,
  TRANSACTION: 5,
  COMPLETED: 6,
  ERROR: 7,
  GET_STATE: 8,
  PUT_STATE: 9,
  DEL_STATE: 10,
  INVOKE_CHAINCODE: 11,
  RESPONSE: 13,
  GET_STATE_BY_RANGE: 14,
  GET_QUERY_RESULT: 15,
  QUERY_STATE_NEXT: 16,
  QUERY_STATE_CLOSE: 17,
  KEEPALIVE: 18,
  GET_HISTORY_FOR_KEY: 19,
  GET_STATE_METADATA: 20,
  PUT_STATE_METADATA: 21,
  GET_PRIVATE_DATA_HASH: 22,
  PURGE_PRIVATE_DATA: 23,
  WRITE_BATCH_STATE: 24,
  GET_STATE_MULTIPLE: 25,
} as const;

const NAMES = new Map<number, string>(Object.entries(ShimType).map(([name, value]) => [value, name]));

/** The name of a message type, for error texts. */
export function shimTypeName(type: number): string {
  return NAMES.get(type) ?? String(type);
}

/** A `protos.ChaincodeMessage`. Nested messages stay as received bytes. */
export interface ShimMessage {
  readonly type: number;
  readonly payload: Uint8Array;
  readonly txId: string;
  readonly channelId: string;
  /** Serialised `protos.SignedProposal`. */
  readonly proposal?: Uint8Array;
  /** Serialised `protos.ChaincodeEvent`. */
  readonly event?: Uint8Array;
}

export const NO_BYTES: Uint8Array = Buffer.alloc(0);

/** @throws WireError when the bytes are not a message */
export function decodeShimMessage(bytes: Uint8Array): ShimMessage {
  const reader = new WireReader(bytes);
  const message: { -readonly [K in keyof ShimMessage]: ShimMessage[K] } = {
    type: 0,
    payload: NO_BYTES,
    txId: '',
    channelId: '',
  };
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field === 1) message.type = reader.uint32();
    else if (field === 3) message.payload = reader.bytes();
    else if (field === 4) message.txId = reader.string();
    else if (field === 5) message.proposal = reader.bytes();
    else if (field === 6) message.event = reader.bytes();
    else if (field === 7) message.channelId = reader.string();
    else reader.skip();
  }
  return message;
}

export function encodeShimMessage(message: ShimMessage): Buffer {
  const txIdLength = Buffer.byteLength(message.txId);
  const channelLength = Buffer.byteLength(message.channelId);
  const proposal = message.proposal ?? NO_BYTES;
  const event = message.event ?? NO_BYTES;
  const size =
    1 +
    varintSize(message.type) +
    fieldSize(message.payload.length) +
    fieldSize(txIdLength) +
    fieldSize(proposal.length) +
    fieldSize(event.length) +
    fieldSize(channelLength);
  return new WireWriter(size)
    .uint32(1, message.type)
    .bytes(3, message.payload)
    .string(4, message.txId, txIdLength)
    .bytes(5, proposal)
    .bytes(6, event)
    .string(7, message.channelId, channelLength).buffer;
}

/** `GetState`, `DelState`, `PurgePrivateState`, `GetStateMetadata`: all are a key (1) and a collection (2). */
export interface KeyRequest {
  readonly key: string;
  readonly collection: string;
}

export function decodeKeyRequest(bytes: Uint8Array): KeyRequest {
  const reader = new WireReader(bytes);
  let key = '';
  let collection = '';
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field === 1) key = reader.string();
    else if (field === 2) collection = reader.string();
    else reader.skip();
  }
  return { key, collection };
}

/** `PutState`: key (1), value (2), collection (3). */
export interface PutRequest extends KeyRequest {
  readonly value: Uint8Array;
}

export function decodePutRequest(bytes: Uint8Array): PutRequest {
  const reader = new WireReader(bytes);
  let key = '';
  let value: Uint8Array = NO_BYTES;
  let collection = '';
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field === 1) key = reader.string();
    else if (field === 2) value = reader.bytes();
    else if (field === 3) collection = reader.string();
    else reader.skip();
  }
  return { key, value, collection };
}

/** `GetStateMultiple`: keys (1) and a collection (2). */
export interface MultipleRequest {
  readonly keys: readonly string[];
  readonly collection: string;
}

export function decodeMultipleRequest(bytes: Uint8Array): MultipleRequest {
  const reader = new WireReader(bytes);
  const keys: string[] = [];
  let collection = '';
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field === 1) keys.push(reader.string());
    else if (field === 2) collection = reader.string();
    else reader.skip();
  }
  return { keys, collection };
}

/** A `GetStateMultipleResult`: values (1), empty where there is none. */
export function encodeValues(values: readonly (Uint8Array | undefined)[]): Buffer {
  const size = values.reduce((sum, value) => sum + elementSize(value?.length ?? 0), 0);
  const writer = new WireWriter(size);
  for (const value of values) writer.element(1, value ?? NO_BYTES);
  return writer.buffer;
}
