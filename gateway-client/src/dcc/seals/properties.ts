import { createHash } from 'node:crypto';
import type { XmlElement } from '../xml.js';
import { digestAlgorithm } from './algorithms.js';
import { algorithmIn, base64Of, childOf, DSIG, requiredChild, XADES } from './elements.js';
import type { Certificate } from './pki/certificate.js';

/** A signer's statements about the signature, inside the signed bytes. */
export interface SignerStatements {
  readonly claimedTime: Date | null;
  /** Whether the signer claims this certificate; null without a statement. */
  names(certificate: Certificate): boolean | null;
}

/** Reads XAdES SignedProperties from their canonical, signed bytes. */
export function readStatements(properties: XmlElement | null): SignerStatements {
  const signed = properties && childOf(properties, XADES, 'SignedSignatureProperties');
  if (!signed) {
    return { claimedTime: null, names: () => null };
  }
  const list = childOf(signed, XADES, 'SigningCertificateV2') ?? childOf(signed, XADES, 'SigningCertificate');
  // The first one is the signer's; further ones name its issuers.
  const first = list?.children.find(({ namespace, name }) => namespace === XADES && name === 'Cert');
  const stated = first && requiredChild(first, XADES, 'CertDigest');
  return {
    claimedTime: timeOf(childOf(signed, XADES, 'SigningTime')),
    names: ({ der }) => {
      if (!stated) {
        return null;
      }
      const digest = base64Of(requiredChild(stated, DSIG, 'DigestValue'));
      return createHash(digestAlgorithm(algorithmIn(stated, 'DigestMethod')))
        .update(der)
        .digest()
        .equals(digest);
    },
  };
}

const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

/** A time without a zone is not a definite moment. */
function timeOf(element: XmlElement | undefined): Date | null {
  const text = element?.text.trim() ?? '';
  const time = new Date(text);
  return DATE_TIME.test(text) && !Number.isNaN(time.getTime()) ? time : null;
}
