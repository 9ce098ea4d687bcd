import { common } from '@hyperledger/fabric-protos';
import { createHash } from 'node:crypto';
import { AccessError } from '../access/index.js';
import type { ChannelLedger } from '../ledger/types.js';
import { Batcher } from './batcher.js';

/** How an orderer answers a broadcast. */
export interface BroadcastResult {
  /** `common.Status`. */
  readonly status: number;
  readonly info: string;
}

const SUCCESS: BroadcastResult = { status: common.Status.SUCCESS, info: '' };

class Rejected extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

interface ReadEnvelope {
  readonly channelId: string;
  readonly txId: string;
  readonly type: number;
  readonly creator: Uint8Array;
}

function readEnvelope(envelope: common.Envelope): ReadEnvelope {
  try {
    const header = common.Payload.deserializeBinary(envelope.getPayload_asU8()).getHeader();
    if (!header) throw new Error('no header');
    const channelHeader = common.ChannelHeader.deserializeBinary(header.getChannelHeader_asU8());
    return {
      channelId: channelHeader.getChannelId(),
      txId: channelHeader.getTxId(),
      type: channelHeader.getType(),
      creator: common.SignatureHeader.deserializeBinary(header.getSignatureHeader_asU8()).getCreator_asU8(),
    };
  } catch {
    throw new Rejected(common.Status.BAD_REQUEST, 'could not determine channel ID: error unmarshalling the envelope');
  }
}

function checkSize(ledger: ChannelLedger, envelope: common.Envelope): void {
  const size = envelope.getPayload_asU8().length + envelope.getSignature_asU8().length;
  const { maxBytes } = ledger.access.batch;
  if (size > maxBytes) {
    const why = `message payload is ${size} bytes and exceeds maximum allowed ${maxBytes} bytes`;
    throw new Rejected(common.Status.BAD_REQUEST, why);
  }
}

function checkType(type: number): void {
  const types = common.HeaderType;
  if (type === types.CONFIG || type === types.ORDERER_TRANSACTION) {
    const name = type === types.CONFIG ? 'CONFIG' : 'ORDERER_TRANSACTION';
    throw new Rejected(common.Status.BAD_REQUEST, `message is of type that cannot be processed directly: ${name}`);
  }
  if (type === types.CONFIG_UPDATE) {
    throw new Rejected(
      common.Status.BAD_REQUEST,
      'channel configuration updates are not supported by the embedded network',
    );
  }
}

/** Expiry comes before the signature: it is the cheaper refusal. */
function checkExpiry(ledger: ChannelLedger, creator: Uint8Array): void {
  try {
    ledger.access.identity(creator);
  } catch (error) {
    if (error instanceof AccessError && error.code === 'EXPIRED') {
      throw new Rejected(common.Status.BAD_REQUEST, 'broadcast client identity expired');
    }
  }
}

function checkWriter(ledger: ChannelLedger, envelope: common.Envelope, creator: Uint8Array): void {
  const data = envelope.getPayload_asU8();
  const signed = { data, identity: creator, signature: envelope.getSignature_asU8() };
  const outcome = ledger.access.satisfies('/Channel/Writers', [signed]);
  if (!outcome.satisfied) throw new Rejected(common.Status.FORBIDDEN, `${outcome.why}: permission denied`);
}

/** The ordering service of every channel: admits envelopes as Fabric's orderers do and puts them into blocks. */
export class Orderer {
  readonly #channels = new Map<string, { readonly ledger: ChannelLedger; readonly batcher: Batcher }>();
  /** What is on its way into a block, by digest: sending it again waits for the same block. */
  readonly #ordering = new Map<string, Promise<void>>();

  constructor(ledgers: Iterable<ChannelLedger>) {
    for (const ledger of ledgers) this.#channels.set(ledger.channelId, { ledger, batcher: new Batcher(ledger) });
  }

  /**
   * Admits and orders one envelope. SUCCESS means more than from a Fabric orderer: the block that holds it is durable.
   * The same bytes sent twice are ordered once.
   */
  async broadcast(envelope: common.Envelope): Promise<BroadcastResult> {
    try {
      const read = readEnvelope(envelope);
      const channel = this.#channels.get(read.channelId);
      if (!channel) {
        throw new Rejected(
          common.Status.BAD_REQUEST,
          `channel ID '${read.channelId}' not found: channel does not exist`,
        );
      }
      if (envelope.getPayload_asU8().length === 0) throw new Rejected(common.Status.BAD_REQUEST, 'Message was empty');
      checkType(read.type);
      checkSize(channel.ledger, envelope);
      checkExpiry(channel.ledger, read.creator);
      checkWriter(channel.ledger, envelope, read.creator);
      await this.#order(channel, envelope.serializeBinary(), read.txId);
      return SUCCESS;
    } catch (error) {
      if (error instanceof Rejected) return { status: error.status, info: error.message };
      const info = `failed to submit request: ${error instanceof Error ? error.message : String(error)}`;
      return { status: common.Status.SERVICE_UNAVAILABLE, info };
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#channels.values()].map(({ batcher }) => batcher.close()));
  }

  async #order(
    { ledger, batcher }: { readonly ledger: ChannelLedger; readonly batcher: Batcher },
    envelope: Uint8Array,
    txId: string,
  ): Promise<void> {
    const digest = createHash('sha256').update(ledger.channelId).update('\0').update(envelope).digest('base64');
    const underWay = this.#ordering.get(digest);
    if (underWay) return underWay;
    const ordered = this.#orderOnce(ledger, batcher, envelope, txId);
    this.#ordering.set(digest, ordered);
    try {
      await ordered;
    } finally {
      this.#ordering.delete(digest);
    }
  }

  async #orderOnce(ledger: ChannelLedger, batcher: Batcher, envelope: Uint8Array, txId: string): Promise<void> {
    if (txId !== '' && (await ledger.hasTransaction(txId))) {
      const committed = await ledger.transaction(txId);
      if (committed && Buffer.compare(committed.envelope, envelope) === 0) return;
    }
    await batcher.order(envelope);
  }
}
