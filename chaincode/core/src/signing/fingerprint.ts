import { hexBytes } from '#platform';

/** Crockford's digits: none looks or sounds like another one. */
const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const BITS = 5;
const GROUP_LENGTH = 5;

/**
 * The beginning of a digest (hex), short enough to read out: 25 bits a group.
 *
 * @example
 * spokenFingerprint(sha256(text), 4); // '7K3QD 0VWX2 M9ZTA 4HB8C'
 */
export function spokenFingerprint(digest: string, groups: number): string {
  const bits = [...(hexBytes(digest) ?? [])].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const digit = (place: number): string =>
    DIGITS.charAt(Number.parseInt(bits.slice(place * BITS, (place + 1) * BITS), 2));
  return Array.from({ length: groups }, (_, group) =>
    Array.from({ length: GROUP_LENGTH }, (_, place) => digit(group * GROUP_LENGTH + place)).join(''),
  ).join(' ');
}
