import { common, orderer, peer } from '@hyperledger/fabric-protos';
import { TIME_WINDOW_MS } from '@tracecal/core/model';
import { AccessError, type SignedData } from '@tracecal/ledger/identity';
import { fromStranger } from '../../../system/protobufGuard.js';
import type { ChannelLedger } from '../ledger/types.js';
import { CONCURRENCY } from '../limits.js';
import { parseRequest, type Caller, type DuplexMethod, type Send, type ServiceMethods } from '../rpc/index.js';
import type { BlockFeed } from './blockFeed.js';
import { filteredBlock } from './filteredBlock.js';
import { seekRange } from './seek.js';

type Status = common.StatusMap[keyof common.StatusMap];

/** Context of a peer's Deliver service. */
export interface DeliverContext {
  /** The organisation of the peer, which has the private data of its own collections. */
  readonly mspId: string;
  /** The channels that the organisation has joined, by name. */
  readonly feeds: ReadonlyMap<string, BlockFeed>;
  readonly clock: () => number;
}

/** Makes the message that carries one block to a client, whose MSP id is given. */
type Present = (block: common.Block, ledger: ChannelLedger, client: string) => Uint8Array;

interface Seek {
  readonly channelId: string;
  readonly timestamp: number;
  readonly info: Uint8Array;
  readonly signed: SignedData;
}

function readSeek(envelope: common.Envelope): Seek | undefined {
  try {
    return fromStranger(() => seekIn(envelope));
  } catch {
    return undefined;
  }
}

function seekIn(envelope: common.Envelope): Seek | undefined {
  const data = envelope.getPayload_asU8();
  const payload = common.Payload.deserializeBinary(data);
  const header = payload.getHeader();
  if (!header) return undefined;
  const channelHeader = common.ChannelHeader.deserializeBinary(header.getChannelHeader_asU8());
  const timestamp = channelHeader.getTimestamp();
  if (!timestamp) return undefined;
  return {
    channelId: channelHeader.getChannelId(),
    timestamp: timestamp.getSeconds() * 1000 + timestamp.getNanos() / 1e6,
    info: payload.getData_asU8(),
    signed: {
      data,
      identity: common.SignatureHeader.deserializeBinary(header.getSignatureHeader_asU8()).getCreator_asU8(),
      signature: envelope.getSignature_asU8(),
    },
  };
}

function readSeekInfo(bytes: Uint8Array): orderer.SeekInfo | undefined {
  try {
    return fromStranger(() => orderer.SeekInfo.deserializeBinary(bytes));
  } catch {
    return undefined;
  }
}

/** Checks that a client may read. Repeated for every block, because a certificate may expire or a configuration change in between. */
function mayRead(ledger: ChannelLedger, resource: string, signed: SignedData): boolean {
  try {
    ledger.access.identity(signed.identity);
  } catch (error) {
    if (error instanceof AccessError) return false;
    throw error;
  }
  return ledger.access.satisfies(ledger.access.policyFor(resource), [signed]).satisfied;
}

/** For one block stream, the result stays the same while the configuration does. */
function readerCheck(ledger: ChannelLedger, resource: string, signed: SignedData): () => boolean {
  let askedOf: unknown;
  return () => {
    if (askedOf === ledger.access) {
      try {
        ledger.access.identity(signed.identity);
        return true;
      } catch {
        return false;
      }
    }
    const allowed = mayRead(ledger, resource, signed);
    if (allowed) askedOf = ledger.access;
    return allowed;
  };
}

function statusMessage(status: Status): Uint8Array {
  const response = new peer.DeliverResponse();
  response.setStatus(status);
  return response.serializeBinary();
}

async function sendBlocks(
  feed: BlockFeed,
  info: orderer.SeekInfo,
  allowed: () => boolean,
  present: (block: common.Block) => Uint8Array,
  send: Send,
  signal: AbortSignal,
): Promise<Status> {
  const range = seekRange(info, feed.ledger.height);
  if (!range) return common.Status.BAD_REQUEST;
  const failsIfMissing = info.getBehavior() === orderer.SeekInfo.SeekBehavior.FAIL_IF_NOT_READY;
  // As Fabric: the next block can be waited for, one after it cannot.
  if (range.start > feed.ledger.height - (failsIfMissing ? 1n : 0n)) return common.Status.NOT_FOUND;
  let number = range.start;
  for await (const block of feed.blocks(range.start, signal)) {
    if (!allowed()) return common.Status.FORBIDDEN;
    await send(present(block));
    if (number++ >= range.stop) return common.Status.SUCCESS;
    if (failsIfMissing && number >= feed.ledger.height) return common.Status.NOT_FOUND;
  }
  return common.Status.SERVICE_UNAVAILABLE;
}

async function serve(
  context: DeliverContext,
  envelope: common.Envelope,
  resource: string,
  present: Present,
  send: Send,
  caller: Caller,
): Promise<Status> {
  const seek = readSeek(envelope);
  if (!seek || Math.abs(seek.timestamp - context.clock()) > TIME_WINDOW_MS) return common.Status.BAD_REQUEST;
  const feed = context.feeds.get(seek.channelId);
  if (!feed) return common.Status.NOT_FOUND;
  const info = readSeekInfo(seek.info);
  if (!info) return common.Status.BAD_REQUEST;
  const allowed = readerCheck(feed.ledger, resource, seek.signed);
  if (!allowed()) return common.Status.FORBIDDEN;
  caller.checked();
  const { mspId } = feed.ledger.access.identity(seek.signed.identity);
  return sendBlocks(feed, info, allowed, (block) => present(block, feed.ledger, mspId), send, caller.gone);
}

function deliver(context: DeliverContext, resource: string, present: Present): DuplexMethod {
  return async (requests, send, caller) => {
    for await (const bytes of requests) {
      const envelope = parseRequest(bytes, (raw) => common.Envelope.deserializeBinary(raw));
      const status = await serve(context, envelope, resource, present, send, caller);
      await send(statusMessage(status));
      if (status !== common.Status.SUCCESS) return;
    }
  };
}

/** Serialise each block once, for all streams. */
const serialized = new WeakMap<common.Block, Uint8Array>();

function wholeBlock(block: common.Block): Uint8Array {
  const known = serialized.get(block);
  if (known) return known;
  const response = new peer.DeliverResponse();
  response.setBlock(block);
  const bytes = response.serializeBinary();
  serialized.set(block, bytes);
  return bytes;
}

function filtered(block: common.Block, { channelId }: ChannelLedger): Uint8Array {
  const response = new peer.DeliverResponse();
  response.setFilteredBlock(filteredBlock(block, channelId));
  return response.serializeBinary();
}

function withPrivateData(mspId: string): Present {
  return (block, ledger, client) => {
    const both = new peer.BlockAndPrivateData();
    both.setBlock(block);
    for (const [transaction, writes] of ledger.privateWrites(block, mspId, client)) {
      both.getPrivateDataMapMap().set(transaction, writes);
    }
    const response = new peer.DeliverResponse();
    response.setBlockAndPrivateData(both);
    return response.serializeBinary();
  };
}

/** The `protos.Deliver` service of one organisation's peer. */
export function deliverService(context: DeliverContext): ServiceMethods {
  return {
    service: 'protos.Deliver',
    limit: CONCURRENCY.deliverService,
    duplex: {
      Deliver: deliver(context, 'event/Block', wholeBlock),
      DeliverFiltered: deliver(context, 'event/FilteredBlock', filtered),
      DeliverWithPrivateData: deliver(context, 'event/Block', withPrivateData(context.mspId)),
    },
  };
}
