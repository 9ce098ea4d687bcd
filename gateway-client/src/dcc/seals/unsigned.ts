import type { OpenDocument } from '../libxml/index.js';
import type { XmlElement } from '../xml.js';
import { base64Of, childOf, childrenOf, DSIG, walk, XADES } from './elements.js';
import type { Located } from './locate.js';
import { readCanonicalisation } from './references.js';

/** A timestamp of the signature, and the bytes that it must cover. */
export interface SignatureTimestamp {
  readonly token: Buffer;
  readonly stamped: Buffer;
}

/** Data that XAdES stores with a signature for later (T, LT). It is not signed and must prove itself. */
export interface Unsigned {
  readonly timestamps: readonly SignatureTimestamp[];
  readonly certificates: readonly Buffer[];
  /** CRLs and OCSP responses. */
  readonly revocation: readonly Buffer[];
}

const MAX_OF_EACH = 64;
/** Each covers its own canonical form. */
const MAX_TIMESTAMPS = 8;

export function readUnsigned(document: OpenDocument, { element, node }: Located): Unsigned {
  const properties = childrenOf(element, DSIG, 'Object')
    .flatMap((each) => childrenOf(each, XADES, 'QualifyingProperties'))
    .flatMap((each) => childrenOf(each, XADES, 'UnsignedProperties'))
    .flatMap((each) => childrenOf(each, XADES, 'UnsignedSignatureProperties'));
  const [value] = document.find('ds:SignatureValue', node);
  const stamps = properties.flatMap((each) => childrenOf(each, XADES, 'SignatureTimeStamp'));
  return {
    timestamps: stamps.slice(0, MAX_TIMESTAMPS).flatMap((stamp) => {
      const method = childOf(stamp, DSIG, 'CanonicalizationMethod');
      const stamped = document.canonical(method ? readCanonicalisation(method) : { form: 'c14n' }, value);
      return childrenOf(stamp, XADES, 'EncapsulatedTimeStamp').map((each) => ({ token: base64Of(each), stamped }));
    }),
    certificates: encapsulated(properties, 'EncapsulatedX509Certificate'),
    revocation: encapsulated(properties, 'EncapsulatedCRLValue', 'EncapsulatedOCSPValue'),
  };
}

/** At any place: XAdES has several places for them, and they prove themselves. */
function encapsulated(properties: readonly XmlElement[], ...names: readonly string[]): Buffer[] {
  return properties
    .flatMap((each) => [...walk(each)])
    .filter(({ namespace, name }) => namespace === XADES && names.includes(name))
    .slice(0, MAX_OF_EACH)
    .map(base64Of);
}
