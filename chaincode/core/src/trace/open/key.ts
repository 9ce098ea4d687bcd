import { isUnsound, precedes, registrantOf, RegistryError } from '../../model/index.js';
import type { CertifiedEntry, Entry, Registered, StatementKind } from '../../model/index.js';
import { isIssuedBy, isOf, isSignedBy, readCertificate, signerName } from '../../signing/index.js';
import type { CalibrationCertificate, CertificateRole } from '../../signing/index.js';
import { said } from './statement.js';
import type { Said } from './statement.js';

/** A key that somebody may sign with, and the statement that vouches for it. */
export interface Key<Kind extends StatementKind = StatementKind> {
  readonly certificate: CalibrationCertificate;
  readonly said: Said<Kind>;
}

/** The key with which a signer signed: the one that was theirs when the ledger took it in. */
export function signingKey<K extends Key>(entry: Entry, signer: string, keys: readonly K[]): K | undefined {
  return keysThen(keys, entry.registered).findLast(({ certificate }) =>
    isSignedBy(entry.jws, signer, certificate.publicKey, certificate.sha256),
  );
}

/**
 * Somebody's key at that time: a newer one ends those before it, for all that comes after it. Of what the ledger took in within
 * one second nobody can tell later which was first: the old one counts for it, too, or what it signed just before would fall.
 */
export function keysThen<K extends Key>(keys: readonly K[], then: Registered): readonly K[] {
  const known = keys.filter(({ said: { registered } }) => registered.epoch <= then.epoch);
  return known.filter((_, place) => !known.slice(place + 1).some(({ said }) => !precedes(then, said.registered)));
}

/** @throws RegistryError `CERTIFICATE_INVALID` */
export function requireSignature<K extends Key>(entry: Entry, signer: string, keys: readonly K[]): K {
  const key = signingKey(entry, signer, keys);
  if (!key) {
    throw flaw(`The signature of ${signer} is missing or not valid.`);
  }
  return key;
}

/** The key of the certificate that a statement names, whose holder has signed the statement with it. */
export function ownKey<Kind extends 'organisation' | 'device'>(
  entry: CertifiedEntry,
  registry: string,
  kind: Kind,
  organisation: string,
  id: string,
): Key<Kind> {
  const own = said(entry, registry, kind);
  const { certificateSha256 } = own.statement.body as { readonly certificateSha256: string };
  const key = { certificate: certificateOf(entry, certificateSha256, kind, organisation, id), said: own };
  requireSignature(entry, signerName(kind, id), [key]);
  return key;
}

/** A person's certificate with what the organisation says of it, whoever signed that in its name. */
export function personKey(
  id: string,
  entry: CertifiedEntry,
  registry: string,
  issuers: readonly Key[],
): Key<'authorisation'> {
  const organisation = registrantOf(id);
  const word = said(entry, registry, 'authorisation');
  const { statement } = word;
  const { role } = statement.body;
  const key = { certificate: certificateOf(entry, statement.body.certificateSha256, role, organisation, id) };
  if (statement.subject.id !== id || statement.author !== organisation) {
    throw flaw(
      `What is on record as authorisation of ${id} is that of ${statement.subject.id} by ${statement.author}.`,
    );
  }
  if (!keysThen(issuers, entry.registered).some((issuer) => isIssuedBy(key.certificate, issuer.certificate))) {
    throw flaw(`The certificate of ${role} ${id} was not issued by organisation ${organisation}.`);
  }
  const own = { ...key, said: word };
  requireSignature(entry, signerName(role, id), [own]);
  return own;
}

/** The certificate beside a statement, if it is the one that the statement names, and its holder's. */
export function certificateOf(
  { certificate }: { readonly certificate: string },
  sha256: string,
  role: CertificateRole,
  organisation: string,
  id: string,
): CalibrationCertificate {
  const read = readCertificate(certificate, role);
  if (read.sha256 !== sha256) {
    throw flaw(`The certificate beside the statement about ${role} ${id} is not the one that it names.`);
  }
  if (!isOf(read, organisation, id)) {
    throw flaw(`The ${role} certificate of ${id} names ${read.id} of ${read.organisation}.`);
  }
  return read;
}

/** Whether CA certificates may follow below this one. */
export function mayIssue({ certificate: { pathLength } }: Key): boolean {
  return pathLength === null || pathLength > 0;
}

/** What is read; undefined where the record does not hold it as it should be. */
export function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (isUnsound(error)) {
      return undefined;
    }
    throw error;
  }
}

export function flaw(sentence: string): RegistryError {
  return new RegistryError('CERTIFICATE_INVALID', sentence);
}
