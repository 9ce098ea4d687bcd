import { canonicalJson } from '@tracecal/core/model';
import { createHash } from 'node:crypto';

/** Digests of evidence that a recorded finding can have. */
const MOST_EVIDENCE = 200;

/**
 * Digests as a finding can have them: each once, and of more than 200 one digest of the list, which is the SHA-256 of their canonical JSON
 * in their order.
 */
export function evidenceOf(digests: readonly string[]): readonly string[] {
  const once = [...new Set(digests)];
  return once.length <= MOST_EVIDENCE ? once : [createHash('sha256').update(canonicalJson(once)).digest('hex')];
}
