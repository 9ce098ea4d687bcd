/** The supported digests. SHA-1 and older are not supported: two different files with the same digest can be made. */
export const DIGEST_ALGORITHMS = ['sha256', 'sha384', 'sha512'] as const;
export type DigestAlgorithm = (typeof DIGEST_ALGORITHMS)[number];

/** A certificate's text about how the digest of another one was made. */
export type DigestProcedure =
  | {
      readonly kind: 'digest';
      readonly algorithm: DigestAlgorithm;
      /** False if the text contains unknown words: then a mismatch proves nothing. */
      readonly isUnderstood: boolean;
    }
  | { readonly kind: 'analogue' }
  | { readonly kind: 'unknown'; readonly reason: string };

const ANALOGUE = /^analog(?:ue)?$/i;
const BROKEN = /\b(?:sha-?1|md-?5)\b|#sha1$/i;
const SHA2 = /(?<![a-z0-9])sha[-_ ]?(?:2[-_ ])?(256|384|512)(?!\d|[-/_]\d)/i;
/** Words about which bytes are meant. All forms are tried, so these words are ignored. */
const ABOUT_BYTES: readonly RegExp[] = [
  /https?:\/\/www\.w3\.org\/[\w/.-]*#?/gi,
  /(?:exc(?:lusive)?[-_ ]?)?(?:xml[-_ ]?)?(?:c14n|canonical(?:i[sz]ation|i[sz]ed| xml)?)(?:[-_ ]?v?1\.?[01])?/gi,
  /\b(?:with|without|no|enveloped|signature|ds:signature|comments?|file|bytes|hex|base64|of|the|over)\b/gi,
];

/** Reads the text of `dcc:procedure` (with what may be said about the algorithm elsewhere). */
export function readProcedure(text: string): DigestProcedure {
  const words = text.trim();
  if (ANALOGUE.test(words)) {
    return { kind: 'analogue' };
  }
  if (words === '' || /^none$/i.test(words)) {
    return { kind: 'unknown', reason: 'no digest is stated' };
  }
  if (BROKEN.test(words)) {
    return { kind: 'unknown', reason: 'this digest algorithm is broken and not accepted' };
  }
  const bits = SHA2.exec(words)?.[1];
  const algorithm = DIGEST_ALGORITHMS.find((each) => each === `sha${bits ?? ''}`);
  return algorithm
    ? { kind: 'digest', algorithm, isUnderstood: isUnderstood(words) }
    : { kind: 'unknown', reason: 'the procedure names no digest that is known here' };
}

function isUnderstood(words: string): boolean {
  const rest = [SHA2, ...ABOUT_BYTES].reduce((text, pattern) => text.replaceAll(new RegExp(pattern, 'gi'), ' '), words);
  return !/[\p{L}\p{N}]/u.test(rest);
}
