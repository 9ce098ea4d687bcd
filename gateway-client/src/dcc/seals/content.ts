import { createHash, timingSafeEqual } from 'node:crypto';
import type { OpenDocument } from '../libxml/index.js';
import { parseXml } from '../xml.js';
import type { XmlElement } from '../xml.js';
import { signatureAlgorithm } from './algorithms.js';
import { algorithmIn, base64Of, childOf, childrenOf, DSIG, requiredChild, XADES } from './elements.js';
import { locateSignature } from './locate.js';
import type { Located } from './locate.js';
import type { Scheme } from './pki/algorithms.js';
import { readCanonicalisation, readReferences } from './references.js';
import type { Reference } from './references.js';
import { wrong } from './seal.js';
import { readUnsigned } from './unsigned.js';
import type { Unsigned } from './unsigned.js';

const MAX_CERTIFICATES = 16;

/** The parts of a signature that its digests bind together. Nothing here shows who signed. */
export interface SignedContent {
  readonly signedInfo: Buffer;
  readonly scheme: Scheme;
  readonly signatureValue: Buffer;
  /** DER, as they stand in KeyInfo. */
  readonly certificates: readonly Buffer[];
  /** The certificate file without its signature, in canonical form. */
  readonly signedBytes: Buffer;
  /** The signer's statements about the signature, from the signed bytes; null without XAdES. */
  readonly properties: XmlElement | null;
  /** Timestamps, certificates and revocation data: anybody may add them later, so each must prove itself. */
  readonly unsigned: Unsigned;
}

/** Reads the signature of a document. Removes the signature from the native document. */
export class ContentReader {
  readonly #document: OpenDocument;
  readonly #located: Located;
  readonly signedInfo: Buffer;

  /** @throws SealProblem `absent` or `structure` */
  constructor(document: OpenDocument) {
    this.#document = document;
    this.#located = locateSignature(document);
    this.signedInfo = this.#canonicalSignedInfo();
  }

  /** @throws SealProblem `structure` or `reference-digest` */
  read(): SignedContent {
    const { element } = this.#located;
    const signedInfo = parseXml(this.signedInfo);
    const scheme = signatureAlgorithm(algorithmIn(signedInfo, 'SignatureMethod'));
    const signatureValue = base64Of(requiredChild(element, DSIG, 'SignatureValue'));
    const references = readReferences(signedInfo, this.#document.tree, propertiesOf(element));
    const unsigned = readUnsigned(this.#document, this.#located);
    const ofProperties = references.find(({ target }) => target === 'properties');
    const properties = ofProperties ? parseXml(this.#checked(ofProperties)) : null;
    const signedBytes = this.#signedBytes(references);
    return {
      signedInfo: this.signedInfo,
      scheme,
      signatureValue,
      certificates: certificatesIn(element),
      signedBytes,
      properties,
      unsigned,
    };
  }

  #signedBytes(references: readonly Reference[]): Buffer {
    const ofDocument = references.find(({ target }) => target !== 'properties');
    this.#located.node.remove();
    return ofDocument ? this.#checked(ofDocument) : wrong('structure', 'The signature covers nothing.');
  }

  /** The bytes that a reference covers, if they have its digest. */
  #checked({ target, canonicalisation, hash, digest }: Reference): Buffer {
    const bytes = this.#document.canonical(canonicalisation, this.#nodeOf(target));
    const found = createHash(hash).update(bytes).digest();
    if (found.length !== digest.length || !timingSafeEqual(found, digest)) {
      const what = target === 'properties' ? "The signer's statements were" : 'The certificate was';
      wrong('reference-digest', `${what} changed after signing: the digest in the signature does not match.`);
    }
    return bytes;
  }

  #nodeOf(target: Reference['target']) {
    switch (target) {
      case 'document':
        return undefined;
      case 'root':
        return this.#document.native.root;
      case 'properties':
        return this.#only('ds:Object/xades:QualifyingProperties/xades:SignedProperties');
    }
  }

  #canonicalSignedInfo(): Buffer {
    // A comment could split a digest, so that two readers see different digests.
    for (const part of ['ds:SignedInfo', 'ds:SignatureValue']) {
      if (this.#find(`${part}//comment() | ${part}//processing-instruction()`).length > 0) {
        wrong('structure', `${part} holds a comment or a processing instruction.`);
      }
    }
    const method = requiredChild(
      requiredChild(this.#located.element, DSIG, 'SignedInfo'),
      DSIG,
      'CanonicalizationMethod',
    );
    return this.#document.canonical(readCanonicalisation(method), this.#only('ds:SignedInfo'));
  }

  #find(xpath: string) {
    return this.#document.find(xpath, this.#located.node);
  }

  #only(xpath: string) {
    const [node, second] = this.#find(xpath);
    return node && !second ? node : wrong('structure', `There is not exactly one ${xpath}.`);
  }
}

/** The signer's statements, at the place that XAdES defines; they must refer to this signature. */
function propertiesOf(signature: XmlElement): XmlElement | null {
  const qualifying = childrenOf(signature, DSIG, 'Object').flatMap((each) =>
    childrenOf(each, XADES, 'QualifyingProperties'),
  );
  const [only, second] = qualifying;
  if (second) {
    wrong('structure', 'The signature holds QualifyingProperties more than once.');
  }
  const id = signature.attributes.get('Id');
  if (only && (id === undefined || only.attributes.get('Target') !== `#${id}`)) {
    wrong('structure', 'The QualifyingProperties belong to another signature.');
  }
  return (only && childOf(only, XADES, 'SignedProperties')) ?? null;
}

function certificatesIn(signature: XmlElement): Buffer[] {
  const keyInfo = childOf(signature, DSIG, 'KeyInfo');
  const data = keyInfo ? childrenOf(keyInfo, DSIG, 'X509Data') : [];
  const certificates = data.flatMap((each) => childrenOf(each, DSIG, 'X509Certificate'));
  return certificates.length > MAX_CERTIFICATES
    ? wrong('structure', `KeyInfo holds more than ${MAX_CERTIFICATES} certificates.`)
    : certificates.map(base64Of);
}
