import { FrozenMemo, isOfEarlierEpoch, isUnsound, registrantOf, RegistryError } from '../../model/index.js';
import type { CertifiedEntry, Entry, Registered, StatementKind } from '../../model/index.js';
import { isIssuedBy, isOf, isSignedBy, readCertificate, signerName } from '../../signing/index.js';
import type { CalibrationCertificate, CertificateRole } from '../../signing/index.js';
import { said } from './statement.js';
import type { Said } from './statement.js';

/** A key that somebody may sign with, and the statement that vouches for it. */
export interface Key<Kind extends StatementKind = StatementKind> {
  readonly certificate: CalibrationCertificate;
  readonly said: Said<Kind>;
  /** When a newer key replaced it: it never counts again, even if those who vouched for the newer one no longer do. */
  readonly until?: Registered | undefined;
}

/** The key with which a signer signed: the signer's key when the statement was registered. */
export function signingKey<K extends Key>(entry: Entry, signer: string, keys: readonly K[]): K | undefined {
  return keysThen(keys, entry.registered).findLast(({ certificate }) =>
    isSignedBy(entry.jws, signer, certificate.publicKey, certificate.sha256),
  );
}

/**
 * A holder's keys at a time: a newer key ends the earlier ones from the next epoch on. In its own epoch both count: otherwise statements
 * that the old key signed just before would become invalid.
 */
export function keysThen<K extends Key>(keys: readonly K[], then: Registered): readonly K[] {
  const known = keys.filter(({ said: { registered } }) => registered.epoch <= then.epoch);
  const first = Math.max(
    0,
    known.findLastIndex(({ said }) => isOfEarlierEpoch(said.registered, then)),
  );
  return known.filter(({ until }, place) => place >= first && (until === undefined || !isOfEarlierEpoch(until, then)));
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
  return readOnce(entry, [registry, kind, organisation, id], () => readOwnKey(entry, registry, kind, organisation, id));
}

function readOwnKey<Kind extends 'organisation' | 'device'>(
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

/** A person's certificate with the organisation's statement about it, whoever signed that in the organisation's name. */
export function personKey(
  id: string,
  entry: CertifiedEntry,
  registry: string,
  issuers: readonly Key[],
): Key<'authorisation'> {
  const key = statedKey(id, entry, registry);
  const { role } = key.said.statement.body;
  if (!isIssuedByAny(key, issuers)) {
    throw flaw(`The certificate of ${role} ${id} was not issued by organisation ${registrantOf(id)}.`);
  }
  requireSignature(entry, signerName(role, id), [key]);
  return key;
}

/** The key that a person's statement names, whoever vouches for it. @throws RegistryError `CERTIFICATE_INVALID` */
export function statedKey(id: string, entry: CertifiedEntry, registry: string): Key<'authorisation'> {
  return readOnce(entry, [registry, 'authorisation', id], () => authorisedKey(id, entry, registry));
}

/** Whether a certificate was issued by a key that was in force when the ledger took it in. */
export function isIssuedByAny({ certificate, said: { entry } }: Key, issuers: readonly Key[]): boolean {
  return keysThen(issuers, entry.registered).some((issuer) => isIssuedBy(certificate, issuer.certificate));
}

function authorisedKey(id: string, entry: CertifiedEntry, registry: string): Key<'authorisation'> {
  const organisation = registrantOf(id);
  const word = said(entry, registry, 'authorisation');
  const { statement } = word;
  const { role } = statement.body;
  const certificate = certificateOf(entry, statement.body.certificateSha256, role, organisation, id);
  if (statement.subject.id !== id || statement.author !== organisation) {
    throw flaw(
      `What is on record as authorisation of ${id} is that of ${statement.subject.id} by ${statement.author}.`,
    );
  }
  return { certificate, said: word };
}

type Outcome = { readonly key: Key } | { readonly error: RegistryError };

const outcomes = new FrozenMemo<CertifiedEntry, Map<string, Outcome>>();

/** What an entry says by itself, whatever the ledger held at other times: each keyring asks for it again. */
function readOnce<K extends Key>(entry: CertifiedEntry, question: readonly string[], read: () => K): K {
  const known = outcomes.get(entry, () => new Map());
  const name = question.join(' ');
  const outcome = known.get(name) ?? outcomeOf(read);
  known.set(name, outcome);
  if ('error' in outcome) {
    throw outcome.error;
  }
  return outcome.key as K;
}

function outcomeOf(read: () => Key): Outcome {
  try {
    return { key: read() };
  } catch (error) {
    if (isUnsound(error)) {
      return { error };
    }
    throw error;
  }
}

/** The certificate beside a statement, if the statement names it and it belongs to the holder. */
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

/** Reads a part of a record; undefined if that part is not valid. */
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
