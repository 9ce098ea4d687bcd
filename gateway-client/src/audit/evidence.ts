import { canonicalJson, parseJson, RegistryError, shapeOf } from '@tracecal/core/model';
import { base64Text } from '@tracecal/core/platform';
import * as z from '@tracecal/core/shape';
import { bytesShape } from '../proof/verify/bytes.js';
import { MOST_BUNDLE_BYTES } from '../proof/verify/bundle.js';
import { signedPart } from '../proof/signedPart.js';
import type { Audit } from './audit.js';
import { auditShape, requireVersion } from './shape.js';

export const EVIDENCE_TYPE = 'tracecal-evidence/1';

/** An audit, with the blocks that it follows from: `tracecal proof verify` finds it again from them. */
export interface AuditEvidence {
  readonly type: typeof EVIDENCE_TYPE;
  readonly audit: Audit;
  /** Configuration blocks of the channel, the first one first, without the metadata that nobody signs, in base64. */
  readonly configurations: readonly string[];
  /** The blocks with its transactions and with the seals around them, in order, in the same form. */
  readonly blocks: readonly string[];
}

export const evidenceFileShape = z.strictObject({
  type: z.literal(EVIDENCE_TYPE),
  audit: auditShape,
  configurations: z.array(bytesShape).check(z.maxLength(4096)),
  blocks: z.array(bytesShape).check(z.maxLength(100_000)),
});

const LIMITS = { maxLength: MOST_BUNDLE_BYTES, maxDepth: 24, maxValues: 4_000_000 };

/** Serialised blocks as a peer sent them. */
export interface EvidenceBlocks {
  readonly configurations: readonly Uint8Array[];
  readonly blocks: readonly Uint8Array[];
}

/**
 * The evidence of an audit. Verdicts are left out: a bundle shows those.
 *
 * @throws RegistryError `INPUT_INVALID` if the file would be larger than `proof verify` reads
 */
export function evidenceText(audit: Audit, { configurations, blocks }: EvidenceBlocks): string {
  const parts = (all: readonly Uint8Array[]) => all.map((block) => base64Text(signedPart(block)));
  const evidence: AuditEvidence = {
    type: EVIDENCE_TYPE,
    audit: { ...audit, known: null },
    configurations: parts(configurations),
    blocks: parts(blocks),
  };
  const text = canonicalJson(evidence);
  if (text.length <= MOST_BUNDLE_BYTES) return text;
  throw new RegistryError(
    'INPUT_INVALID',
    `the evidence has ${text.length} characters, and at most ${MOST_BUNDLE_BYTES} are read: have a device or a report audited instead.`,
  );
}

/**
 * Reads evidence from anywhere. What it says is checked by `verifyEvidence`.
 *
 * @throws RegistryError `VERSION_UNKNOWN`, `JSON_INVALID`, `JSON_TOO_LARGE` or `INPUT_INVALID`
 */
export function readEvidence(text: string): AuditEvidence {
  const value = parseJson(text, LIMITS);
  requireVersion('evidence', EVIDENCE_TYPE, value);
  return shapeOf(evidenceFileShape, 'evidence', value);
}
