import type { XmlNode } from 'libxml2-wasm' with { 'resolution-mode': 'import' };
import type { OpenDocument } from '../libxml/index.js';
import type { XmlElement } from '../xml.js';
import { allowOnly, childrenOf, DSIG, isElement, walk } from './elements.js';
import { SealProblem, wrong } from './seal.js';

/** The signature of a certificate, as seen by both parsers. */
export interface Located {
  readonly element: XmlElement;
  readonly node: XmlNode;
}

/**
 * The one signature over a certificate: a child of its root. A signature elsewhere belongs to something else, and an empty
 * element is not a signature; neither seals the certificate.
 *
 * @throws SealProblem `absent`, or `structure` if there are several
 */
export function locateSignature(document: OpenDocument): Located {
  const [element, second] = childrenOf(document.tree, DSIG, 'Signature');
  if (!element) {
    return nothing(document);
  }
  const others = [...walk(document.tree)].filter(
    (each) => each !== element && isElement(each, DSIG, 'Signature') && !isInside(each, element),
  );
  if (second || others.length > 0) {
    wrong('structure', 'The file holds more than one signature: it is not plain which of them counts.');
  }
  if (isEmpty(element)) {
    throw new SealProblem('absent', null, 'The file holds an empty Signature element, which is not a signature.');
  }
  allowOnly(element, 'SignedInfo', 'SignatureValue', 'KeyInfo', 'Object');
  const [node, ...more] = document.find('/*/ds:Signature');
  return node && more.length === 0 ? { element, node } : wrong('structure', 'Two parsers disagree about the file.');
}

function nothing({ tree }: OpenDocument): never {
  const isForeign = [...walk(tree)].some((each) => isElement(each, DSIG, 'Signature'));
  throw new SealProblem(
    'absent',
    null,
    isForeign
      ? 'The file holds a signature of something inside it, not of the certificate.'
      : 'The certificate is not signed.',
  );
}

function isEmpty(element: XmlElement): boolean {
  return element.children.length === 0 || element.children.every((child) => isBlank(child));
}

function isBlank(element: XmlElement): boolean {
  return element.text.trim() === '' && element.attributes.size === 0 && element.children.every(isBlank);
}

function isInside(element: XmlElement, ancestor: XmlElement): boolean {
  for (let above = element.parent; above; above = above.parent) {
    if (above === ancestor) {
      return true;
    }
  }
  return false;
}
