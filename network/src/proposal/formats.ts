import * as z from '@tracecal/core/shape';
import { CHANNEL_NAME } from '../topology/index.js';

export const PROPOSAL_TYPE = 'tracecal-proposal/1';

/** An administrator's signature of a proposal, as Fabric takes it. */
export interface ProposalSignature {
  /** A serialised `common.SignatureHeader`: who signs, and a random value. Base64. */
  readonly header: string;
  /** ECDSA over the header's bytes and those of the update, DER. Base64. */
  readonly signature: string;
}

/**
 * A change of a channel's configuration that its members sign one after another. It contains no words about itself: what it does follows
 * from the configuration and the update alone.
 */
export interface ProposalFile {
  readonly type: typeof PROPOSAL_TYPE;
  readonly channel: string;
  /** The configuration for which it was made: a serialised `common.Config` with its map entries in the order of their names. Base64. */
  readonly config: string;
  /** What the administrators sign: a serialised `common.ConfigUpdate`. Base64. */
  readonly update: string;
  /** In the order of their headers, one for each administrator. */
  readonly signatures: readonly ProposalSignature[];
}

/** Characters of a file. */
export const MAX_PROPOSAL_CHARACTERS = 2_097_152;
const MAX_CONFIG = 1_048_576;
const MAX_SIGNATURES = 200;
const MAX_HEADER = 8192;
const MAX_SIGNATURE = 256;

const base64 = (most: number) =>
  z.string().check(z.maxLength(most), z.regex(/^[A-Za-z0-9+/]+={0,2}$/, 'must be base64'));

export const proposalShape = z.strictObject({
  type: z.literal(PROPOSAL_TYPE),
  channel: z.string().check(z.maxLength(249), z.regex(CHANNEL_NAME, 'must be the name of a channel')),
  config: base64(MAX_CONFIG),
  update: base64(MAX_CONFIG),
  signatures: z
    .array(z.strictObject({ header: base64(MAX_HEADER), signature: base64(MAX_SIGNATURE) }))
    .check(z.maxLength(MAX_SIGNATURES)),
});
