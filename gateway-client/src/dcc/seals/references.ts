import { canonicalFormOf } from '../libxml/index.js';
import type { Canonicalisation } from '../libxml/index.js';
import type { XmlElement } from '../xml.js';
import { digestAlgorithm } from './algorithms.js';
import { algorithmIn, allowOnly, base64Of, childOf, childrenOf, DSIG, inclusivePrefixesOf } from './elements.js';
import { requiredChild, walk } from './elements.js';
import type { HashName } from './pki/algorithms.js';
import { wrong } from './seal.js';

/** A signature's statement of what it covers, with the digest. */
export interface Reference {
  readonly target: 'document' | 'root' | 'properties';
  readonly canonicalisation: Canonicalisation;
  readonly hash: HashName;
  readonly digest: Buffer;
}

const ENVELOPED = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature';
const ID_ATTRIBUTES = ['Id', 'ID', 'id', '{http://www.w3.org/XML/1998/namespace}id'];

/**
 * The references of a signature, read from the signed bytes. Exactly one covers the whole certificate, and at most one the
 * signer's own statements (XAdES). With any other reference, less could be signed than it appears.
 *
 * @throws SealProblem `structure`
 */
export function readReferences(signedInfo: XmlElement, root: XmlElement, properties: XmlElement | null): Reference[] {
  allowOnly(signedInfo, 'CanonicalizationMethod', 'SignatureMethod', 'Reference');
  const elements = childrenOf(signedInfo, DSIG, 'Reference');
  if (elements.length > 2) {
    wrong('structure', 'The signature has more references than the certificate and the statements of its signer.');
  }
  const references = elements.map((element) => readReference(element, root, properties));
  if (references.filter(({ target }) => target !== 'properties').length !== 1) {
    wrong('structure', 'The signature does not cover the whole certificate exactly once.');
  }
  return references;
}

function readReference(element: XmlElement, root: XmlElement, properties: XmlElement | null): Reference {
  allowOnly(element, 'Transforms', 'DigestMethod', 'DigestValue');
  const target = targetOf(element.attributes.get('URI'), root, properties);
  return {
    target,
    canonicalisation: canonicalisationOf(element, target),
    hash: digestAlgorithm(algorithmIn(element, 'DigestMethod')),
    digest: base64Of(requiredChild(element, DSIG, 'DigestValue')),
  };
}

function targetOf(uri: string | undefined, root: XmlElement, properties: XmlElement | null): Reference['target'] {
  if (uri === '') {
    return 'document';
  }
  if (uri === undefined || !/^#[^()\s]+$/.test(uri)) {
    return wrong('structure', `A reference points outside the certificate (${uri ?? 'without URI'}).`);
  }
  const id = uri.slice(1);
  const [found, second] = [...walk(root)].filter((each) =>
    ID_ATTRIBUTES.some((name) => each.attributes.get(name) === id),
  );
  if (second) {
    wrong('structure', `More than one element has the id "${id}".`);
  }
  if (found && found === root) {
    return 'root';
  }
  return found && found === properties
    ? 'properties'
    : wrong('structure', `The reference "${uri}" covers a part of the file, or nothing.`);
}

/** `enveloped-signature` removes the signature itself; besides it only a canonical form is accepted: no XSLT, no XPath. */
function canonicalisationOf(reference: XmlElement, target: Reference['target']): Canonicalisation {
  const list = childOf(reference, DSIG, 'Transforms');
  if (list) {
    allowOnly(list, 'Transform');
  }
  const transforms = list?.children ?? [];
  const [first] = transforms;
  const isEnveloped = first?.attributes.get('Algorithm') === ENVELOPED;
  if (isEnveloped !== (target !== 'properties')) {
    wrong('structure', 'The transform enveloped-signature is missing, or stands where it does not belong.');
  }
  if (isEnveloped && first.children.length > 0) {
    wrong('structure', 'The transform enveloped-signature has parameters.');
  }
  const [form, more] = isEnveloped ? transforms.slice(1) : transforms;
  if (more) {
    wrong('structure', 'A reference has more transforms than are accepted.');
  }
  return form ? readCanonicalisation(form) : { form: 'c14n' };
}

/** The algorithm of a `CanonicalizationMethod` or a `Transform`. */
export function readCanonicalisation(method: XmlElement): Canonicalisation {
  const algorithm = method.attributes.get('Algorithm') ?? '';
  const form = canonicalFormOf(algorithm);
  if (form === undefined) {
    return wrong('structure', `The transform "${algorithm}" is not accepted.`);
  }
  const parameters = form === 'exc-c14n' ? inclusivePrefixesOf(method) : {};
  const known = parameters.inclusivePrefixes === undefined ? 0 : 1;
  return method.children.length === known
    ? { form, ...parameters }
    : wrong('structure', `The transform "${algorithm}" has parameters that are not accepted.`);
}
