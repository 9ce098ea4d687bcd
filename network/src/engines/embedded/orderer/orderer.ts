import { common } from '@hyperledger/fabric-protos';
import { createHash } from 'node:crypto';
import { applyConfigUpdate, ChannelError, configEnvelope, type ConfigSigner } from '../../../channel/index.js';
import { AccessError } from '@tracecal/ledger/identity';
import { accessFromConfig } from '@tracecal/ledger/policy';
import { fromStranger } from '../../../system/protobufGuard.js';
import type { ChannelLedger } from '../ledger/types.js';
import { Batcher } from './batcher.js';

/** An orderer's answer to a broadcast. */
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
    return fromStranger(() => headersOf(envelope));
  } catch {
    throw new Rejected(common.Status.BAD_REQUEST, 'could not determine channel ID: error unmarshalling the envelope');
  }
}

function headersOf(envelope: common.Envelope): ReadEnvelope {
  const header = common.Payload.deserializeBinary(envelope.getPayload_asU8()).getHeader();
  if (!header) throw new Error('no header');
  const channelHeader = common.ChannelHeader.deserializeBinary(header.getChannelHeader_asU8());
  return {
    channelId: channelHeader.getChannelId(),
    txId: channelHeader.getTxId(),
    type: channelHeader.getType(),
    creator: common.SignatureHeader.deserializeBinary(header.getSignatureHeader_asU8()).getCreator_asU8(),
  };
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
}

/** Check expiry before the signature, because it is cheaper. */
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

/**
 * All checks of an envelope before it is ordered.
 * @throws Rejected
 */
function admit(ledger: ChannelLedger, envelope: common.Envelope, { type, creator }: ReadEnvelope): void {
  checkType(type);
  checkSize(ledger, envelope);
  checkExpiry(ledger, creator);
  checkWriter(ledger, envelope, creator);
}

/**
 * The configuration that results from an update.
 * @throws Rejected
 */
function updated(ledger: ChannelLedger, update: common.Envelope): common.ConfigEnvelope {
  const { channelId, access } = ledger;
  try {
    return applyConfigUpdate(access, update);
  } catch (error) {
    if (!(error instanceof ChannelError)) throw error;
    const why = `error applying config update to existing channel '${channelId}': ${error.message}`;
    throw new Rejected(common.Status.BAD_REQUEST, why);
  }
}

/**
 * Refuses an update that no peer could read: it would make the channel unusable.
 * @throws Rejected
 */
function checkReadable(channelId: string, envelope: common.ConfigEnvelope): void {
  try {
    accessFromConfig(channelId, (envelope.getConfig() ?? new common.Config()).serializeBinary());
  } catch (error) {
    if (!(error instanceof AccessError)) throw error;
    throw new Rejected(
      common.Status.BAD_REQUEST,
      `the configuration that it leads to cannot be used: ${error.message}`,
    );
  }
}

interface OrderedChannel {
  readonly ledger: ChannelLedger;
  readonly batcher: Batcher;
  /** The running configuration update: the next one is checked against its result. */
  reconfiguring: Promise<unknown>;
}

/** The ordering service of every channel: admits envelopes as Fabric's orderers do and puts them into blocks. */
export class Orderer {
  readonly #channels = new Map<string, OrderedChannel>();
  readonly #signer: () => ConfigSigner;
  /** Envelopes that are being ordered, by digest: sending one again waits for the same block. */
  readonly #ordering = new Map<string, Promise<void>>();

  /** @param signer The orderer that signs admitted configurations; it must be a Writer of its channels */
  constructor(ledgers: Iterable<ChannelLedger>, signer: () => ConfigSigner) {
    this.#signer = signer;
    for (const ledger of ledgers) {
      const batcher = new Batcher(ledger);
      this.#channels.set(ledger.channelId, { ledger, batcher, reconfiguring: Promise.resolve() });
    }
  }

  /**
   * Admits and orders one envelope. SUCCESS means more than with a Fabric orderer: the block is durable. The same bytes sent twice are
   * ordered once. `admitted` is called when the sender's signature has been checked.
   */
  async broadcast(envelope: common.Envelope, admitted: () => void = () => undefined): Promise<BroadcastResult> {
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
      admit(channel.ledger, envelope, read);
      admitted();
      if (read.type === common.HeaderType.CONFIG_UPDATE) await this.#reconfigure(channel, envelope);
      else await this.#order(channel, envelope, read);
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

  /** Turns an update into the configuration transaction for a block. */
  async #reconfigure(channel: OrderedChannel, update: common.Envelope): Promise<void> {
    const { ledger, batcher } = channel;
    const turn = channel.reconfiguring.then(async () => {
      const config = updated(ledger, update);
      checkReadable(ledger.channelId, config);
      const envelope = await configEnvelope(ledger.channelId, config, this.#signer());
      await batcher.order({ envelope: envelope.serializeBinary(), alone: true, admit: () => undefined });
    });
    channel.reconfiguring = turn.catch(() => undefined);
    await turn;
  }

  async #order(channel: OrderedChannel, envelope: common.Envelope, read: ReadEnvelope): Promise<void> {
    const bytes = envelope.serializeBinary();
    const { channelId } = channel.ledger;
    const digest = createHash('sha256').update(channelId).update('\0').update(bytes).digest('base64');
    const underWay = this.#ordering.get(digest);
    if (underWay) return underWay;
    const ordered = this.#orderOnce(channel, bytes, read.txId, () => {
      admit(channel.ledger, envelope, read);
    });
    this.#ordering.set(digest, ordered);
    try {
      await ordered;
    } finally {
      this.#ordering.delete(digest);
    }
  }

  async #orderOnce(
    { ledger, batcher }: OrderedChannel,
    envelope: Uint8Array,
    txId: string,
    admitAgain: () => void,
  ): Promise<void> {
    if (txId !== '' && (await ledger.hasTransaction(txId))) {
      const committed = await ledger.transaction(txId);
      if (committed && Buffer.compare(committed.envelope, envelope) === 0) return;
    }
    await batcher.order({ envelope, alone: false, admit: admitAgain });
  }
}
