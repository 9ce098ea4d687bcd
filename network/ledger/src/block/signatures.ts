import { checkSignature, type Member } from '../identity/index.js';
import {
  concatenate,
  IdentifierHeader,
  LastConfig,
  Metadata,
  METADATA,
  METADATA_KINDS,
  OrdererBlockMetadata,
  type BlockHeader,
  type MetadataSignature,
} from '../wire/index.js';
import { BlockError } from './errors.js';
import { headerBytes } from './hashes.js';
import type { Orderers } from './orderers.js';

/** An orderer whose signature counts. */
export interface BlockSigner {
  /** Its number among the consenters. */
  readonly id: number;
  readonly mspId: string;
  /** When its certificate ends, in milliseconds since 1970. A block stays valid after that, as in Fabric. */
  readonly notAfter: number;
}

/** The part that a block's orderers signed, besides its header. */
export interface Attested {
  /** The number of the config block that was in force; for a config block, its own number. */
  readonly lastConfig: number;
  readonly signers: readonly BlockSigner[];
}

const NONCE_BYTES = 24;

/**
 * The bytes that a consenter signs. They do not mark where one part ends, so a reader of parts from another source must
 * require their canonical form. Otherwise bytes could move from one part to another under the same signature.
 */
export function signedBytes(value: Uint8Array, identifierHeader: Uint8Array, header: BlockHeader): Uint8Array {
  return concatenate(value, identifierHeader, headerBytes(header));
}

/**
 * Checks that a quorum of the orderers signed a header.
 * @throws BlockError WRONG_METADATA if the metadata is not in the form that orderers store, NO_QUORUM
 */
export function checkQuorum(header: BlockHeader, metadata: readonly Uint8Array[], orderers: Orderers): Attested {
  const { value, signatures, lastConfig } = readSignatures(metadata);
  const signers = new Map<number, BlockSigner>();
  for (const signature of signatures) {
    const id = identifierOf(signature);
    const member = orderers.consenter(id);
    if (member !== undefined && !signers.has(id) && isValid(signature, member, value, header)) {
      signers.set(id, { id, mspId: member.mspId, notAfter: member.certificate.notAfter });
    }
  }
  if (signers.size < orderers.required) {
    throw new BlockError(
      'NO_QUORUM',
      `Block ${header.number} has valid signatures of ${signers.size} of the channel's ${orderers.consenters} orderers; it needs ${orderers.required}.`,
    );
  }
  return { lastConfig, signers: [...signers.values()] };
}

interface Signatures {
  readonly value: Uint8Array;
  readonly signatures: readonly MetadataSignature[];
  readonly lastConfig: number;
}

function readSignatures(metadata: readonly Uint8Array[]): Signatures {
  const unsigned = metadata[METADATA.lastConfig];
  const stored = metadata[METADATA.signatures];
  if (metadata.length < METADATA_KINDS || stored === undefined || unsigned === undefined) {
    throw new BlockError('WRONG_METADATA', 'The block has too little metadata.');
  }
  const { value, signatures } = exact('signatures', () => Metadata.decodeExact(stored));
  const { lastConfig } = exact('signed metadata', () => OrdererBlockMetadata.decodeExact(value));
  const copy = exact('last configuration', () => LastConfig.decodeExact(Metadata.decodeExact(unsigned).value));
  // If the signed one is missing, Fabric's nodes trust the other one, which nobody signed.
  if (lastConfig?.index !== copy.index) {
    throw new BlockError('WRONG_METADATA', 'The block does not say under which configuration it was signed.');
  }
  return { value, signatures, lastConfig: copy.index };
}

function identifierOf({ signatureHeader, identifierHeader }: MetadataSignature): number {
  const { identifier, nonce } = exact('identifier of an orderer', () => IdentifierHeader.decodeExact(identifierHeader));
  if (signatureHeader.length > 0 || nonce.length !== NONCE_BYTES) {
    throw new BlockError('WRONG_METADATA', 'A signature of the block is not in the form that orderers store.');
  }
  return identifier;
}

function isValid(
  { signature, identifierHeader }: MetadataSignature,
  { certificate }: Member,
  value: Uint8Array,
  header: BlockHeader,
): boolean {
  return checkSignature(certificate, signedBytes(value, identifierHeader, header), signature) === 'valid';
}

function exact<T>(what: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new BlockError('WRONG_METADATA', `The block's ${what} is not in the form that orderers store.`, { cause });
  }
}
