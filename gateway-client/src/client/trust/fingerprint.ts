import { hexBytes, sha256 } from '@tracecal/core/platform';
import { trustText } from './trust.js';
import type { Trust } from './trust.js';

/** Crockford's digits: none looks or sounds like another one. */
const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const BITS = 5;
const GROUPS = 4;
const GROUP_LENGTH = 5;

/**
 * The first 100 bits of the SHA-256 of a trust's canonical text, short enough to read out: two people who compare it have the same
 * trust.
 *
 * @example
 * trustFingerprint(await readTrustFile('trust.json')); // '7K3QD 0VWX2 M9ZTA 4HB8C'
 */
export function trustFingerprint(trust: Trust): string {
  const bits = [...(hexBytes(sha256(trustText(trust))) ?? [])]
    .map((byte) => byte.toString(2).padStart(8, '0'))
    .join('');
  const digit = (place: number): string =>
    DIGITS.charAt(Number.parseInt(bits.slice(place * BITS, (place + 1) * BITS), 2));
  return Array.from({ length: GROUPS }, (_, group) =>
    Array.from({ length: GROUP_LENGTH }, (_, place) => digit(group * GROUP_LENGTH + place)).join(''),
  ).join(' ');
}
