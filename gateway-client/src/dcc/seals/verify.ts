import { DccError } from '../errors.js';
import { withDocument } from '../libxml/index.js';
import type { OpenDocument } from '../libxml/index.js';
import { sha256Hex } from '../store.js';
import { ContentReader } from './content.js';
import type { SignedContent } from './content.js';
import { isSignedBy, isStrong } from './pki/algorithms.js';
import { allows, isValidAt, parseCertificate } from './pki/certificate.js';
import type { Certificate } from './pki/certificate.js';
import type { RevocationEvidence } from './pki/evidence.js';
import { loadPki } from './pki/load.js';
import type { Pki } from './pki/load.js';
import { pathTo } from './pki/path.js';
import type { Pool } from './pki/path.js';
import { pemBlocks } from './pki/pem.js';
import { readEvidence, standingOf } from './pki/revocation.js';
import { readStatements } from './properties.js';
import { stampedTime } from './provenTime.js';
import { SealProblem, unproven, wrong } from './seal.js';
import type { Seal, SealedCertificate, SealTrust } from './seal.js';

/**
 * Checks the signature of a certificate file (XML signature or XAdES, enveloped). Asks nobody: everything that it rests on
 * is in the file or given.
 *
 * @param bytes - the file, unchanged
 * @param trust - the anchors, and what is known beside the file; without anchors nothing is ever `verified`
 * @returns what the seal is worth, with the bytes that were signed
 * @throws DccError `XML_*` if the file is not acceptable XML, `ANCHOR_INVALID`
 * @example
 * const { seal, signedBytes } = await verifySeal(await readFile('dcc.xml'), { anchors: [await readFile('ca.pem', 'utf8')] });
 */
export async function verifySeal(bytes: Uint8Array, trust: SealTrust = { anchors: [] }): Promise<SealedCertificate> {
  const pki = await loadPki();
  return withDocument(bytes, (document) => new Verification(pki, bytes, trust).run(document));
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** One check; when a step fails, the seal keeps the results of the steps before. */
class Verification {
  readonly #pki: Pki;
  readonly #trust: SealTrust;
  readonly #facts: Mutable<Omit<Seal, 'state' | 'failedStep' | 'sentence'>>;
  #signedBytes: Buffer | null = null;

  constructor(pki: Pki, bytes: Uint8Array, trust: SealTrust) {
    this.#pki = pki;
    this.#trust = trust;
    const digests = { file: sha256Hex(bytes), signedInfo: null, certificates: [] };
    this.#facts = { signer: null, digests, provenTime: null, provenBy: null, claimedTime: null };
  }

  run(document: OpenDocument): SealedCertificate {
    try {
      const sentence = this.#check(document);
      const seal: Seal = { state: 'verified', failedStep: null, sentence, ...this.#facts };
      return { seal, signedBytes: this.#signedBytes };
    } catch (error) {
      if (!(error instanceof SealProblem)) {
        throw error;
      }
      const seal: Seal = { state: error.state, failedStep: error.step, sentence: error.message, ...this.#facts };
      return { seal, signedBytes: error.state === 'indeterminate' ? this.#signedBytes : null };
    }
  }

  #check(document: OpenDocument): string {
    const reader = new ContentReader(document);
    this.#facts.digests = { ...this.#facts.digests, signedInfo: sha256Hex(reader.signedInfo) };
    const content = reader.read();
    const signer = this.#signerOf(content);
    this.#checkSignature(content, signer);
    this.#checkCertificate(signer);
    const pool = this.#poolOf(content);
    const evidence = readEvidence(this.#pki, [...content.unsigned.revocation, ...this.#givenRevocation()]);
    const stamped = stampedTime(this.#pki, content.unsigned.timestamps, pool, evidence);
    this.#noteTime(stamped.time);
    const path = this.#pathOf(signer, pool);
    const time = this.#requireTime(stamped.reasons);
    this.#checkValidity(signer, time);
    return this.#checkRevocation(path, evidence, time);
  }

  /** The certificate in KeyInfo that the signer claims; without a claim, the one that issued no other. */
  #signerOf({ certificates, properties }: SignedContent): Certificate {
    const statements = readStatements(properties);
    this.#facts.claimedTime = statements.claimedTime?.toISOString() ?? null;
    const parsed = certificates.map(
      (der) => parseCertificate(this.#pki, der) ?? wrong('certificate', 'A certificate in KeyInfo cannot be read.'),
    );
    const named = parsed.filter((each) => statements.names(each) !== false);
    if (named.length === 0 && parsed.length > 0) {
      wrong('certificate', 'The signer states that they signed with another certificate than the one in KeyInfo.');
    }
    const leaves = named.filter((each) => !named.some((other) => other !== each && names(other, each)));
    const [signer, second] = leaves.filter(
      ({ sha256 }, index) => leaves.findIndex((each) => each.sha256 === sha256) === index,
    );
    if (!signer || second) {
      return wrong('certificate', "KeyInfo does not hold exactly one certificate that can be the signer's.");
    }
    this.#facts.signer = { subject: signer.subject, names: signer.names, sha256: signer.sha256 };
    this.#facts.digests = { ...this.#facts.digests, certificates: [signer.sha256] };
    return signer;
  }

  #checkSignature({ scheme, signedInfo, signatureValue, signedBytes }: SignedContent, signer: Certificate): void {
    if (!isSignedBy(scheme, signer.x509.publicKey, signedInfo, signatureValue, 'ieee-p1363')) {
      wrong('signature-value', 'The signature was not made with the key of its certificate, or was changed.');
    }
    this.#signedBytes = signedBytes;
  }

  #checkCertificate(signer: Certificate): void {
    if (!allows(signer, 'digitalSignature', 'nonRepudiation')) {
      wrong('certificate', `The certificate "${signer.subject}" is not for signatures.`);
    }
    if (!isStrong(signer.x509.publicKey)) {
      wrong('certificate', `The key of "${signer.subject}" is too short.`);
    }
    if (signer.unknownCritical.length > 0) {
      const list = signer.unknownCritical.join(', ');
      wrong(
        'certificate',
        `The certificate "${signer.subject}" has a critical extension not understood here (${list}).`,
      );
    }
  }

  #poolOf({ certificates, unsigned }: SignedContent): Pool {
    const { anchors, intermediates = [] } = this.#trust;
    const given = intermediates.flatMap((text) => pemBlocks(text, 'CERTIFICATE'));
    return {
      anchors: anchors.flatMap((text) => this.#anchorsIn(text)),
      others: this.#parse([...certificates, ...unsigned.certificates, ...given]),
    };
  }

  #anchorsIn(text: string): Certificate[] {
    const found = this.#parse(pemBlocks(text, 'CERTIFICATE'));
    if (found.length === 0) {
      throw new DccError('ANCHOR_INVALID');
    }
    return found;
  }

  #parse(ders: readonly Buffer[]): Certificate[] {
    return ders.flatMap((der) => parseCertificate(this.#pki, der) ?? []);
  }

  #givenRevocation(): Buffer[] {
    return (this.#trust.revocation ?? []).flatMap((bytes) => {
      const blocks = pemBlocks(Buffer.from(bytes).toString('latin1'), 'X509 CRL');
      return blocks.length > 0 ? blocks : [Buffer.from(bytes)];
    });
  }

  #noteTime(stamped: Date | null): void {
    const time = stamped ?? this.#trust.takenIn ?? null;
    this.#facts.provenTime = time?.toISOString() ?? null;
    this.#facts.provenBy = time && (stamped ? 'timestamp' : 'taken-in');
  }

  #pathOf(signer: Certificate, pool: Pool): readonly Certificate[] {
    if (pool.anchors.length === 0) {
      unproven('trust-anchor', 'The signature holds, but no trust anchor was given: nobody says who signed.');
    }
    // Without a proven time the outcome is indeterminate; then the path is searched only to report what is missing.
    const { provenTime, claimedTime } = this.#facts;
    const at = provenTime ?? claimedTime;
    const path = pathTo(signer, pool, at === null ? signer.notBefore : new Date(at));
    if (!path.found) {
      return unproven(
        'trust-anchor',
        `The signature holds, but its certificate leads to no trust anchor. ${path.reason}`,
      );
    }
    this.#facts.digests = { ...this.#facts.digests, certificates: path.certificates.map(({ sha256 }) => sha256) };
    return path.certificates;
  }

  #requireTime(reasons: readonly string[]): Date {
    const { provenTime, claimedTime } = this.#facts;
    if (provenTime !== null) {
      return new Date(provenTime);
    }
    const word = claimedTime === null ? '' : ` (the signer says ${claimedTime})`;
    const stamps = reasons.map((reason) => ` A timestamp does not count: ${reason}.`).join('');
    return unproven('time', `The signature holds, but nothing proves when it was made${word}.${stamps}`);
  }

  #checkValidity(signer: Certificate, time: Date): void {
    if (isValidAt(signer, time)) {
      return;
    }
    const [from, to] = [signer.notBefore.toISOString(), signer.notAfter.toISOString()];
    const sentence = `The certificate was valid from ${from} to ${to}, but the signature is proven for ${time.toISOString()} only.`;
    // Before the certificate was valid, nobody could sign with it. After its end, the signature may still be older than its
    // proof.
    if (time < signer.notBefore) {
      wrong('time', sentence);
    }
    unproven('time', sentence);
  }

  #checkRevocation(path: readonly Certificate[], evidence: readonly RevocationEvidence[], time: Date): string {
    const standing = standingOf(path, evidence, time);
    switch (standing.state) {
      case 'good':
        return `Signed by "${path[0]?.subject ?? ''}", at the latest at ${time.toISOString()}; its certificate was valid then and not revoked.`;
      case 'revoked': {
        const { certificate, since, source } = standing;
        return wrong(
          'revocation',
          `The certificate "${certificate.subject}" was revoked at ${since.toISOString()}, before the proven time (${source}).`,
        );
      }
      case 'unknown':
        return unproven(
          'revocation',
          `The signature holds, but no revocation data covers the certificate "${standing.certificate.subject}" at ${time.toISOString()}.`,
        );
    }
  }
}

/** Whether a certificate names this one as its issuer. */
function names({ issuerDer }: Certificate, issuer: Certificate): boolean {
  return issuerDer.equals(issuer.subjectDer);
}
