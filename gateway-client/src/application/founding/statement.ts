import { isKind } from '@tracecal/core/model';
import type { Instant, Jws, RegistryPolicy, StatementOf } from '@tracecal/core/model';
import { registryName } from '@tracecal/core/open';
import {
  claimedSigners,
  isIssuedBy,
  isOf,
  isSignedBy,
  jwsPayload,
  readCertificate,
  signerName,
} from '@tracecal/core/signing';
import { addSignature, certificateDigest, newStatement, readStatement, signStatement } from '../../client/index.js';
import type { Item, Signer } from '../../client/index.js';
import { ApplicationError } from '../errors.js';
import { findRegistryChannel } from '../session/consortium.js';
import type { Consortium, Member } from '../session/consortium.js';

/** What institutes agree on unless they say otherwise. */
export const FOUNDING_POLICY: RegistryPolicy = { transcriptionDays: 90, accreditors: 'either' };

/** Who founds a registry, and on which channel: by the description of their consortium. */
export interface Founders {
  readonly channel: string;
  /** In the order in which the statement names them; the first is its author. */
  readonly institutes: readonly Member[];
}

/** Undefined where a consortium has no registry, or no institute. */
export function foundersOf(consortium: Consortium<Member>): Founders | undefined {
  const channel = findRegistryChannel(consortium)?.name;
  const institutes = consortium.organisations.filter(({ kind }) => kind === 'NMI');
  return channel === undefined || institutes.length === 0 ? undefined : { channel, institutes };
}

interface Terms {
  readonly date: Instant;
  readonly policy: RegistryPolicy;
}

/**
 * A founding that nobody has signed yet.
 *
 * @param certificates The root certificates of the institutes, in any order: DER, base64.
 * @throws ApplicationError `INPUT_INVALID` if one is missing, comes twice, or is not the root of an institute; RegistryError
 *   `CERTIFICATE_INVALID`
 */
export function unsignedFounding(
  { channel, institutes }: Founders,
  certificates: readonly string[],
  { date, policy }: Terms,
): Item {
  const ordered = inOrder(institutes, certificates);
  const statement = newStatement('founding', {
    registry: channel,
    author: institutes[0]?.id ?? '',
    date,
    subject: { kind: 'registry', id: channel },
    body: {
      institutes: institutes.map(({ id }, place) => ({
        id,
        certificateSha256: certificateDigest(ordered[place] ?? ''),
      })),
      policy,
    },
  });
  return { statement: { payload: jwsPayload(statement), signatures: [] }, certificates: ordered, memberships: [] };
}

/**
 * Adds the signature of an institute: its own to the founding, and its statement of what it is in the registry that this founds.
 *
 * @throws ApplicationError `INPUT_INVALID` if it has signed already, or the founding names another certificate of it
 */
export async function signedByFounder(founders: Founders, item: Item, signer: Signer, id: string): Promise<Item> {
  const { institutes } = checkFounding(founders, item);
  const own = institutes.find((each) => each.id === id);
  if (own === undefined) {
    throw invalid(`${id} is no institute of this consortium, which has ${idsOf(founders)}.`);
  }
  if (own.hasSigned) throw invalid(`${id} has signed the founding already.`);
  if (own.certificateSha256 !== certificateDigest(signer.certificate)) {
    throw invalid(
      `the founding names another certificate of ${id} than the one beside its key here: ask who wrote it where theirs came from.`,
    );
  }
  const statement = await addSignature(item.statement, signer);
  const membership = await signStatement(membershipOf(founders, item.statement, id), [signer]);
  const memberships = [...(item.memberships ?? []), membership];
  const place = (jws: Jws): number => founders.institutes.findIndex((each) => each.id === readStatement(jws).author);
  return { ...item, statement, memberships: memberships.toSorted((a, b) => place(a) - place(b)) };
}

/** An institute in a founding. */
export interface FoundingInstitute {
  readonly id: string;
  /** SHA-256 of its root certificate. */
  readonly certificateSha256: string;
  readonly hasSigned: boolean;
}

/** What a founding says, and who has signed it. */
export interface FoundingState {
  /** The name of the registry that it founds. */
  readonly registry: string;
  readonly date: Instant;
  readonly policy: RegistryPolicy;
  readonly institutes: readonly FoundingInstitute[];
  /** Whether all of them have signed. */
  readonly isComplete: boolean;
}

/**
 * Checks a founding against the description of the consortium: who founds what, certificates, each signature and each membership statement
 * that is there. Some may still be missing.
 *
 * @throws ApplicationError `INPUT_INVALID`, saying what is wrong; RegistryError `CERTIFICATE_INVALID`
 */
export function checkFounding(
  founders: Founders,
  { statement: jws, certificates = [], memberships = [] }: Item,
): FoundingState {
  const statement = readStatement(jws);
  const { channel, institutes } = founders;
  if (!isKind(statement, 'founding')) throw invalid('it holds no founding statement.');
  if (statement.registry !== channel || statement.subject.id !== channel) {
    throw invalid(`it founds a registry on channel ${statement.subject.id}, and the consortium has it on ${channel}.`);
  }
  const named = statement.body.institutes;
  if (named.map(({ id }) => id).join() !== institutes.map(({ id }) => id).join()) {
    throw invalid(
      `it names ${named.map(({ id }) => id).join(', ')} as institutes, and the description of the consortium ${idsOf(founders)}.`,
    );
  }
  if (statement.author !== named[0]?.id) throw invalid(`its author must be ${named[0]?.id ?? ''}.`);
  const states = named.map(({ id, certificateSha256 }, place) => {
    const certificate = rootOf(id, certificates[place] ?? '');
    if (certificate.sha256 !== certificateSha256)
      throw invalid(`the certificate of ${id} is not the one that it names.`);
    return { id, certificateSha256, hasSigned: hasSigned(founders, { jws, memberships }, certificate) };
  });
  requireNobodyElse(jws, memberships, states);
  const { date, body } = statement;
  const isComplete = states.every((each) => each.hasSigned);
  return { registry: registryName(channel, jws), date, policy: body.policy, institutes: states, isComplete };
}

type Root = ReturnType<typeof readCertificate>;

/** Whether an institute has signed both; one without the other is refused, as is any signature that does not hold. */
function hasSigned(
  founders: Founders,
  { jws, memberships }: { readonly jws: Jws; readonly memberships: readonly Jws[] },
  root: Root,
): boolean {
  const { id } = root;
  const name = signerName('organisation', id);
  const isClaimed = claimedSigners(jws).includes(name);
  const own = memberships.filter((each) => readStatement(each).author === id);
  if (!isClaimed && own.length === 0) return false;
  const [membership] = own;
  const holds = (signed: Jws): boolean => isSignedBy(signed, name, root.publicKey, root.sha256);
  if (membership === undefined || own.length > 1 || !holds(jws) || !holds(membership)) {
    throw invalid(`the signature of ${id} does not hold: it is not by the key of its certificate, or not over this.`);
  }
  if (membership.payload !== jwsPayload(membershipOf(founders, jws, id, readStatement(membership).date))) {
    throw invalid(
      `what ${id} states about itself is not what the description of the consortium says (kind, MSP, name, country, certificate, registry).`,
    );
  }
  return true;
}

/** The registry refuses a founding with signatures of others. */
function requireNobodyElse(jws: Jws, memberships: readonly Jws[], institutes: readonly FoundingInstitute[]): void {
  const count = institutes.filter((each) => each.hasSigned).length;
  if (claimedSigners(jws).length !== count || memberships.length !== count) {
    throw invalid('it has a signature of somebody who is not one of its institutes.');
  }
}

function membershipOf(founders: Founders, founding: Jws, id: string, date?: Instant): StatementOf<'organisation'> {
  const member = founders.institutes.find((each) => each.id === id);
  if (member === undefined) throw invalid(`${id} is no institute of this consortium, which has ${idsOf(founders)}.`);
  const { mspId, name, country } = member;
  const statement = readStatement(founding);
  const named = isKind(statement, 'founding') ? statement.body.institutes.find((each) => each.id === id) : undefined;
  return newStatement('organisation', {
    registry: registryName(founders.channel, founding),
    author: id,
    date: date ?? statement.date,
    subject: { kind: 'organisation', id },
    body: { kind: 'NMI', mspId, name, country, certifier: null, certificateSha256: named?.certificateSha256 ?? '' },
  });
}

/** The certificates in the order of the institutes. */
function inOrder(institutes: readonly Member[], certificates: readonly string[]): readonly string[] {
  const roots = certificates.map((der) => ({ der, id: readCertificate(der, 'organisation').id }));
  const other = roots.find(({ id }) => !institutes.some((each) => each.id === id));
  if (other !== undefined) throw invalid(`${other.id} is no institute of this consortium.`);
  return institutes.map(({ id }) => {
    const [own, another] = roots.filter((root) => root.id === id);
    if (own === undefined) throw invalid(`the root certificate of ${id} is missing: ask ${id} for it.`);
    if (another !== undefined) throw invalid(`${id} has two certificates here: name one.`);
    rootOf(id, own.der);
    return own.der;
  });
}

function rootOf(id: string, der: string): Root {
  const certificate = readCertificate(der, 'organisation');
  if (!isOf(certificate, id, id) || !isIssuedBy(certificate, certificate)) {
    throw invalid(`the certificate of ${id} is no root of ${id}, signed by itself.`);
  }
  return certificate;
}

function idsOf({ institutes }: Founders): string {
  return institutes.map(({ id }) => id).join(', ');
}

function invalid(why: string): ApplicationError {
  return new ApplicationError('INPUT_INVALID', `The founding cannot be used: ${why}`);
}
