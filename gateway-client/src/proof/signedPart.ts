import { Block, METADATA, METADATA_KINDS } from '@tracecal/ledger/wire';

/** A block without what a peer adds to it and nobody signs. */
export function signedPart(bytes: Uint8Array): Uint8Array {
  const { header, data, metadata } = Block.decode(bytes);
  const kept: readonly number[] = [METADATA.signatures, METADATA.lastConfig];
  const all = Array.from({ length: METADATA_KINDS }, (_, place) =>
    kept.includes(place) ? (metadata?.metadata[place] ?? new Uint8Array()) : new Uint8Array(),
  );
  return Block.encode({ header, data, metadata: { metadata: all } });
}
