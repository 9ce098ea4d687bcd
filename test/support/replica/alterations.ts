import { randomBytes } from 'node:crypto';
import { headerHash, dataHash, readConfigBlock, readConsenters, signedBytes } from '@tracecal/ledger/block';
import {
  Block,
  ConfigEnvelope,
  ConfigUpdateEnvelope,
  Envelope,
  IdentifierHeader,
  Metadata,
  METADATA,
  NO_BYTES,
  Payload,
  type BlockHeader,
} from '@tracecal/ledger/wire';
import { loadSigningIdentity, ordererTree } from '@tracecal/network/pki';
import type { Consortium } from '@tracecal/network/topology';
import { signLowS } from '@tracecal/pki';

interface Parts {
  readonly header: BlockHeader;
  readonly data: readonly Uint8Array[];
  readonly metadata: readonly Uint8Array[];
}

/** A block with some of its parts changed; nobody signs it anew. */
export function altered(bytes: Uint8Array, change: (parts: Parts) => Partial<Parts>): Uint8Array {
  const { header, data, metadata } = Block.decode(bytes);
  const parts = { header: header!, data: data!.data, metadata: metadata!.metadata };
  const changed = { ...parts, ...change(parts) };
  return Block.encode({
    header: changed.header,
    data: { data: changed.data },
    metadata: { metadata: changed.metadata },
  });
}

/** Another part of the metadata. */
export function withMetadata(
  metadata: readonly Uint8Array[],
  part: keyof typeof METADATA,
  change: (before: Uint8Array) => Uint8Array,
): readonly Uint8Array[] {
  return metadata.with(METADATA[part], change(metadata[METADATA[part]] ?? NO_BYTES));
}

/** One byte changed. */
export function damaged(bytes: Uint8Array, place = Math.floor(bytes.length / 2)): Uint8Array {
  return bytes.with(place, bytes[place]! ^ 1);
}

/** The data of a block replaced, with a header that fits. */
export function withData(bytes: Uint8Array, data: readonly Uint8Array[]): Uint8Array {
  return altered(bytes, ({ header }) => ({ header: { ...header, dataHash: dataHash(data) }, data }));
}

/** The orderers of an embedded network, all bribed: they sign whatever they are given. */
export class BribedOrderers {
  readonly #consortium: Consortium;
  readonly #cryptoDir: string;
  readonly #genesis: Uint8Array;

  constructor({ consortium, cryptoDir }: { consortium: Consortium; cryptoDir: string }, genesis: Uint8Array) {
    this.#consortium = consortium;
    this.#cryptoDir = cryptoDir;
    this.#genesis = genesis;
  }

  /** The block with the signatures of all orderers. */
  sign(bytes: Uint8Array): Uint8Array {
    return altered(bytes, ({ header, metadata }) => ({
      metadata: withMetadata(metadata, 'signatures', (before) => {
        const { value } = Metadata.decode(before);
        return Metadata.encode({ value, signatures: this.#signatures(header, value) });
      }),
    }));
  }

  #signatures(header: BlockHeader, value: Uint8Array) {
    return readConsenters(readConfigBlock(this.#genesis).config).map(({ id, mspId }) => {
      const node = this.#consortium.orderers.find((orderer) => orderer.mspId === mspId)!;
      const { msp } = ordererTree(this.#cryptoDir, node).node(node.name);
      const { privateKey } = loadSigningIdentity(msp, mspId);
      const identifierHeader = IdentifierHeader.encode({ identifier: id, nonce: randomBytes(24) });
      const signature = signLowS(privateKey, signedBytes(value, identifierHeader, header));
      return { signatureHeader: NO_BYTES, signature, identifierHeader };
    });
  }
}

/** A configuration block whose update nobody has signed. */
export function withoutAdministrators(bytes: Uint8Array): Uint8Array {
  const [data] = Block.decode(bytes).data!.data;
  const envelope = Envelope.decode(data!);
  const payload = Payload.decode(envelope.payload);
  const config = ConfigEnvelope.decode(payload.data);
  const update = Envelope.decode(config.lastUpdate);
  const updatePayload = Payload.decode(update.payload);
  const { configUpdate } = ConfigUpdateEnvelope.decode(updatePayload.data);
  const lastUpdate = Envelope.encode({
    ...update,
    payload: Payload.encode({ ...updatePayload, data: ConfigUpdateEnvelope.encode({ configUpdate, signatures: [] }) }),
  });
  const changed = Payload.encode({ ...payload, data: ConfigEnvelope.encode({ ...config, lastUpdate }) });
  return withData(bytes, [Envelope.encode({ ...envelope, payload: changed })]);
}

export function hashOf(bytes: Uint8Array): Uint8Array {
  return headerHash(Block.decode(bytes).header!);
}
