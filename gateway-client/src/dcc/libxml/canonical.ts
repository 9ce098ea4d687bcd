/** The canonical forms of XML that signatures and digests name. Comments are never part of the signed bytes here. */
export const CANONICAL_FORMS = ['c14n', 'c14n11', 'exc-c14n'] as const;
export type CanonicalForm = (typeof CANONICAL_FORMS)[number];

const WITH_COMMENTS = 'WithComments';

const FORM_OF_ALGORITHM: ReadonlyMap<string, CanonicalForm> = new Map([
  ['http://www.w3.org/TR/2001/REC-xml-c14n-20010315', 'c14n'],
  ['http://www.w3.org/2006/12/xml-c14n11', 'c14n11'],
  ['http://www.w3.org/2001/10/xml-exc-c14n#', 'exc-c14n'],
]);

/**
 * The canonical form that an algorithm identifier names, undefined if it names none. The variants with comments count as
 * the same: `URI=""` and `URI="#id"` drop comments before the first transform, and a seal with comments in its signed
 * parts is refused before this matters.
 */
export function canonicalFormOf(algorithm: string): CanonicalForm | undefined {
  const plain = algorithm.endsWith(WITH_COMMENTS) ? algorithm.slice(0, -WITH_COMMENTS.length) : algorithm;
  return FORM_OF_ALGORITHM.get(plain) ?? FORM_OF_ALGORITHM.get(plain.replace(/#$/, ''));
}
