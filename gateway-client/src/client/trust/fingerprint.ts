import { sha256 } from '@tracecal/core/platform';
import { spokenFingerprint } from '@tracecal/core/signing';
import { trustText } from './trust.js';
import type { Trust } from './trust.js';

const GROUPS = 4;

/**
 * The first 100 bits of the SHA-256 of a trust's canonical text, short enough to read out: two people who compare it have the same
 * trust.
 *
 * @example
 * trustFingerprint(await readTrustFile('trust.json')); // '7K3QD 0VWX2 M9ZTA 4HB8C'
 */
export function trustFingerprint(trust: Trust): string {
  return spokenFingerprint(sha256(trustText(trust)), GROUPS);
}
