import { ledger as protos, peer } from '@hyperledger/fabric-protos';
import { Timestamp } from 'google-protobuf/google/protobuf/timestamp_pb.js';
import type { HistoricValue, KeyValue } from '../ledger/types.js';
import { QueryIterator, queryResponse, TOTAL_QUERY_LIMIT } from './queryIterator.js';
import {
  decodeKeyRequest,
  decodeMultipleRequest,
  decodePutRequest,
  encodeValues,
  NO_BYTES,
  ShimType,
} from './shimMessage.js';
import type { ChaincodeInvoker, TransactionContext } from './transactionContext.js';

/**
 * Answers one request of a chaincode with the payload of the RESPONSE.
 * @throws an error whose message becomes the text of an ERROR
 */
export type ShimRequest = (
  context: TransactionContext,
  payload: Uint8Array,
  invoker: ChaincodeInvoker,
) => Promise<Uint8Array> | Uint8Array;

async function privateValue(context: TransactionContext, collection: string, key: string): Promise<Uint8Array> {
  context.readableCollection(collection);
  const { simulator, namespace } = context.invocation;
  return (await simulator.getPrivate(namespace, collection, key)) ?? NO_BYTES;
}

const getState: ShimRequest = (context, payload) => {
  const { key, collection } = decodeKeyRequest(payload);
  if (collection !== '') return privateValue(context, collection, key);
  const { simulator, namespace } = context.invocation;
  return simulator.getState(namespace, key).then((value) => value ?? NO_BYTES);
};

function put(context: TransactionContext, key: string, value: Uint8Array, collection: string): void {
  const { simulator, namespace } = context.invocation;
  if (collection === '') {
    simulator.putState(namespace, key, value);
    return;
  }
  context.writableCollection(collection);
  simulator.putPrivate(namespace, collection, key, value);
}

function remove(context: TransactionContext, key: string, collection: string): void {
  const { simulator, namespace } = context.invocation;
  if (collection === '') {
    simulator.deleteState(namespace, key);
    return;
  }
  context.writableCollection(collection);
  simulator.deletePrivate(namespace, collection, key);
}

function purge(context: TransactionContext, key: string, collection: string): void {
  if (collection === '') throw new Error('only applicable for private data');
  context.writableCollection(collection);
  context.invocation.simulator.purgePrivate(context.invocation.namespace, collection, key);
}

function putMetadata(
  context: TransactionContext,
  key: string,
  collection: string,
  metadata: peer.StateMetadata | undefined,
): void {
  if (!metadata) throw new Error('the metadata is missing');
  const { simulator, namespace } = context.invocation;
  if (collection === '') {
    simulator.putMetadata(namespace, key, metadata.getMetakey(), metadata.getValue_asU8());
    return;
  }
  context.writableCollection(collection);
  simulator.putPrivateMetadata(namespace, collection, key, metadata.getMetakey(), metadata.getValue_asU8());
}

const putState: ShimRequest = (context, payload) => {
  const { key, value, collection } = decodePutRequest(payload);
  put(context, key, value, collection);
  return NO_BYTES;
};

const deleteState: ShimRequest = (context, payload) => {
  const { key, collection } = decodeKeyRequest(payload);
  remove(context, key, collection);
  return NO_BYTES;
};

const purgePrivate: ShimRequest = (context, payload) => {
  const { key, collection } = decodeKeyRequest(payload);
  purge(context, key, collection);
  return NO_BYTES;
};

const getMetadata: ShimRequest = async (context, payload) => {
  const { key, collection } = decodeKeyRequest(payload);
  const { simulator, namespace } = context.invocation;
  if (collection !== '') context.readableCollection(collection);
  const metadata =
    collection === ''
      ? await simulator.getMetadata(namespace, key)
      : await simulator.getPrivateMetadata(namespace, collection, key);
  const result = new peer.StateMetadataResult();
  for (const [metakey, value] of metadata) {
    const entry = new peer.StateMetadata();
    entry.setMetakey(metakey);
    entry.setValue(value);
    result.addEntries(entry);
  }
  return result.serializeBinary();
};

const setMetadata: ShimRequest = (context, payload) => {
  const request = peer.PutStateMetadata.deserializeBinary(payload);
  putMetadata(context, request.getKey(), request.getCollection(), request.getMetadata());
  return NO_BYTES;
};

const getPrivateHash: ShimRequest = async (context, payload) => {
  const { key, collection } = decodeKeyRequest(payload);
  context.collection(collection);
  const { simulator, namespace } = context.invocation;
  return (await simulator.getPrivateHash(namespace, collection, key)) ?? NO_BYTES;
};

function keyValueBytes(namespace: string, { key, value }: KeyValue): Uint8Array {
  const kv = new protos.queryresult.KV();
  kv.setNamespace(namespace);
  kv.setKey(key);
  kv.setValue(value);
  return kv.serializeBinary();
}

function modificationBytes(historic: HistoricValue): Uint8Array {
  const modification = new protos.queryresult.KeyModification();
  modification.setTxId(historic.txId);
  modification.setValue(historic.value);
  modification.setIsDelete(historic.isDelete);
  const timestamp = new Timestamp();
  timestamp.setSeconds(historic.timestamp.seconds);
  timestamp.setNanos(historic.timestamp.nanos);
  modification.setTimestamp(timestamp);
  return modification.serializeBinary();
}

async function* mapped<T>(source: AsyncIterable<T>, map: (value: T) => Uint8Array): AsyncGenerator<Uint8Array> {
  for await (const value of source) yield map(value);
}

async function nextBatch(context: TransactionContext, id: string): Promise<Uint8Array> {
  const iterator = context.iterators.get(id);
  if (!iterator) throw new Error('query iterator not found');
  try {
    const { results, more } = await iterator.next();
    if (!more) await context.closeIterator(id);
    return queryResponse(id, results, more);
  } catch (error) {
    await context.closeIterator(id);
    throw error;
  }
}

function startQuery(context: TransactionContext, source: AsyncIterator<Uint8Array>): Promise<Uint8Array> {
  return nextBatch(context, context.addIterator(new QueryIterator(source)));
}

async function page(
  context: TransactionContext,
  request: peer.GetStateByRange,
  metadata: peer.QueryMetadata,
): Promise<Uint8Array> {
  const { simulator, namespace } = context.invocation;
  const { entries, bookmark } = await simulator.getRangePage(
    namespace,
    request.getStartkey(),
    request.getEndkey(),
    pageSizeOf(metadata),
    metadata.getBookmark(),
  );
  const responseMetadata = new peer.QueryResponseMetadata();
  responseMetadata.setFetchedRecordsCount(entries.length);
  responseMetadata.setBookmark(bookmark);
  const results = entries.map((entry) => keyValueBytes(namespace, entry));
  return queryResponse('', results, false, responseMetadata.serializeBinary());
}

/** As in Fabric, a bookmark without a page size requests all following results. */
function pageSizeOf(metadata: peer.QueryMetadata): number {
  return Math.min(metadata.getPagesize() || TOTAL_QUERY_LIMIT, TOTAL_QUERY_LIMIT);
}

function privateRange(context: TransactionContext, request: peer.GetStateByRange): Promise<Uint8Array> {
  const { simulator, namespace } = context.invocation;
  const name = request.getCollection();
  context.readableCollection(name);
  const range = simulator.getPrivateRange(namespace, name, request.getStartkey(), request.getEndkey());
  return startQuery(
    context,
    mapped(range, (entry) => keyValueBytes(namespace, entry)),
  );
}

const getRange: ShimRequest = (context, payload) => {
  const request = peer.GetStateByRange.deserializeBinary(payload);
  if (request.getCollection() !== '') return privateRange(context, request);
  const metadata = peer.QueryMetadata.deserializeBinary(request.getMetadata_asU8());
  if (metadata.getPagesize() !== 0 || metadata.getBookmark() !== '') return page(context, request, metadata);
  const { simulator, namespace } = context.invocation;
  const range = simulator.getRange(namespace, request.getStartkey(), request.getEndkey());
  return startQuery(
    context,
    mapped(range, (entry) => keyValueBytes(namespace, entry)),
  );
};

const getHistory: ShimRequest = (context, payload) => {
  const request = peer.GetHistoryForKey.deserializeBinary(payload);
  const { simulator, namespace } = context.invocation;
  return startQuery(context, mapped(simulator.getHistory(namespace, request.getKey()), modificationBytes));
};

const queryNext: ShimRequest = (context, payload) =>
  nextBatch(context, peer.QueryStateNext.deserializeBinary(payload).getId());

const queryClose: ShimRequest = async (context, payload) => {
  const id = peer.QueryStateClose.deserializeBinary(payload).getId();
  await context.closeIterator(id);
  return queryResponse(id, [], false);
};

const richQuery: ShimRequest = () => {
  throw new Error('ExecuteQuery not supported for leveldb');
};

const invokeChaincode: ShimRequest = (context, payload, invoker) => {
  const spec = peer.ChaincodeSpec.deserializeBinary(payload);
  const target = spec.getChaincodeId()?.getName() ?? '';
  if (target === '') throw new Error('the name of the chaincode to invoke must not be empty');
  const input = spec.getInput();
  return invoker.invokeFrom(context.invocation, target, input ? input.serializeBinary() : NO_BYTES);
};

function applyWrite(context: TransactionContext, record: peer.WriteRecord): void {
  const [key, collection] = [record.getKey(), record.getCollection()];
  switch (record.getType()) {
    case peer.WriteRecord.Type.PUT_STATE:
      put(context, key, record.getValue_asU8(), collection);
      return;
    case peer.WriteRecord.Type.DEL_STATE:
      remove(context, key, collection);
      return;
    case peer.WriteRecord.Type.PURGE_PRIVATE_DATA:
      purge(context, key, collection);
      return;
    case peer.WriteRecord.Type.PUT_STATE_METADATA:
      putMetadata(context, key, collection, record.getMetadata());
      return;
    default:
      throw new Error('unknown operation type');
  }
}

const writeBatch: ShimRequest = (context, payload) => {
  for (const record of peer.WriteBatchState.deserializeBinary(payload).getRecList()) applyWrite(context, record);
  return NO_BYTES;
};

const getMultiple: ShimRequest = async (context, payload) => {
  const { keys, collection } = decodeMultipleRequest(payload);
  const { simulator, namespace } = context.invocation;
  if (collection === '') return encodeValues(await simulator.getStates(namespace, keys));
  const values: Uint8Array[] = [];
  for (const key of keys) values.push(await privateValue(context, collection, key));
  return encodeValues(values);
};

/** If the caller has gone, the chaincode's next request ends it: nobody needs its result. */
function whileWaitedFor(request: ShimRequest): ShimRequest {
  return (context, payload, invoker) => {
    context.invocation.gone?.throwIfAborted();
    return request(context, payload, invoker);
  };
}

const REQUESTS: readonly (readonly [number, ShimRequest])[] = [
  [ShimType.GET_STATE, getState],
  [ShimType.PUT_STATE, putState],
  [ShimType.DEL_STATE, deleteState],
  [ShimType.INVOKE_CHAINCODE, invokeChaincode],
  [ShimType.GET_STATE_BY_RANGE, getRange],
  [ShimType.GET_QUERY_RESULT, richQuery],
  [ShimType.QUERY_STATE_NEXT, queryNext],
  [ShimType.QUERY_STATE_CLOSE, queryClose],
  [ShimType.GET_HISTORY_FOR_KEY, getHistory],
  [ShimType.GET_STATE_METADATA, getMetadata],
  [ShimType.PUT_STATE_METADATA, setMetadata],
  [ShimType.GET_PRIVATE_DATA_HASH, getPrivateHash],
  [ShimType.PURGE_PRIVATE_DATA, purgePrivate],
  [ShimType.WRITE_BATCH_STATE, writeBatch],
  [ShimType.GET_STATE_MULTIPLE, getMultiple],
];

/** Every request a chaincode may make, by message type. */
export const SHIM_REQUESTS: ReadonlyMap<number, ShimRequest> = new Map(
  REQUESTS.map(([type, request]) => [type, whileWaitedFor(request)]),
);
