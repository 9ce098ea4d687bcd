import { registrantOf } from '@tracecal/core/model';
import type { DeviceKind } from '@tracecal/core/model';
import { ApplicationError } from '../errors.js';
import type { SealTrust } from '../../dcc/index.js';
import type { Readership } from '../operations/bodies.js';
import { deliver } from '../operations/deliver.js';
import type { Delivered, Delivery } from '../operations/deliver.js';
import { registeredId, requireRegistered } from '../operations/ids.js';
import type { Session } from '../session/session.js';
import { candidateOf, inOrderOfDescent, isNamedBy, namesakeOf, readCandidate } from './candidate.js';
import type { Candidate } from './candidate.js';
import { givenParents } from './givenParents.js';
import { HalfImported, importCertificate } from './importCertificate.js';
import type { Imported, SignedImport } from './imported.js';
import type { ImportRole } from './importRole.js';
import { readMappingFile } from './mappingFile.js';
import { planCertificate, signCertificate } from './signCertificate.js';

/** Options of an import of certificates. */
export interface ImportOptions extends Delivery {
  readonly technician: string;
  readonly imprinter?: string;
  readonly owner?: string;
  readonly kind: DeviceKind;
  /** Path of a file with information that the certificates lack. */
  readonly mapping?: string;
  readonly parent?: readonly string[];
  readonly paperParent?: readonly string[];
  readonly amends?: string;
  readonly device?: string;
  readonly newDevice?: true;
  readonly issuer?: string;
  readonly skipRefused?: true;
  /** Certificates that the user trusts for seals; without it no seal is verified. */
  readonly trust?: SealTrust;
  /** Kinds of quantity whose results are confidential; true: all; absent: none. */
  readonly private?: readonly string[] | true;
  /** Amendments may put on the ledger what the reports that they replace keep confidential. */
  readonly public?: true;
  /** To whom they are encrypted. */
  readonly readership?: Readership;
  /** False leaves it to the device's owner to accept the report later. */
  readonly accept: boolean;
}

/** Result for a certificate file, or for one of its items. */
export type ImportOutcome =
  | { readonly file: string; readonly ok: true; readonly imported: Imported }
  | { readonly file: string; readonly ok: true; readonly signed: SignedImport; readonly delivered: Delivered }
  | RefusedImport;

export interface RefusedImport {
  readonly file: string;
  readonly ok: false;
  /** Has a code. */
  readonly error: Error;
  /** Registered before the report was refused. */
  readonly device: string | null;
}

/**
 * Imports files one after the other. If one of several files is refused by the checks that run before registration, nothing is written.
 * Refusals that only the registry can find (a result better than its standards allow) are reported for each file.
 */
export async function importFiles(
  session: Session,
  files: readonly string[],
  options: ImportOptions,
  progress: (text: string) => void,
): Promise<readonly ImportOutcome[]> {
  await requireSignatories(session, options);
  const { candidates, refused } = await readAll(files, options);
  const ordered = inOrderOfDescent(candidates);
  const isOnlyFile = files.length === 1;
  const optionsFor = (candidate: Candidate) => ({ ...options, kind: kindAmong(candidate, ordered, options) });
  const outcomes: ImportOutcome[] = [...refused];
  const left: Candidate[] = [];
  for (const candidate of isOnlyFile ? [] : ordered) {
    progress(`Looking at ${candidate.file}`);
    const refusal = await refusalOf(session, candidate, ordered, await roleOf(session, optionsFor(candidate), false));
    outcomes.push(...(refusal ? [refusal] : []));
    left.push(...(refusal ? [] : [candidate]));
  }
  if (outcomes.length > 0 && !isOnlyFile && !options.skipRefused) {
    return [...outcomes, ...left.map(({ file }) => failed(file, new ApplicationError('INPUT_INVALID', HELD)))];
  }
  const going = isOnlyFile ? ordered : left;
  for (const [place, candidate] of going.entries()) {
    const count = going.length > 1 ? ` (${place + 1} of ${going.length})` : '';
    progress(`Importing ${candidate.file}${count}`);
    outcomes.push(...(await attempt(session, candidate, optionsFor(candidate), isOnlyFile)));
  }
  return outcomes;
}

/** Reported once, not for each file. */
async function requireSignatories(session: Session, { technician, imprinter = technician }: ImportOptions) {
  for (const person of new Set([technician, imprinter])) {
    await requireRegistered(session, 'person', person);
  }
}

const HELD =
  'Nothing of this import is written, because other files are refused. Import what is left with --skip-refused, or without them.';

/** Why a file cannot be imported, as far as it can be known before anything is written. */
async function refusalOf(
  session: Session,
  candidate: Candidate,
  all: readonly Candidate[],
  role: ImportRole,
): Promise<RefusedImport | undefined> {
  try {
    const namesake = namesakeOf(candidate, all);
    if (namesake) {
      throw new ApplicationError(
        'INPUT_INVALID',
        `It has the number ${candidate.uniqueIdentifier} of the same laboratory as ${namesake.file}, and other content: import the one that was issued first, and then the other one alone with --amends REPORT.`,
      );
    }
    await planCertificate(session, candidate, role);
    return undefined;
  } catch (error) {
    return failed(candidate.file, error);
  }
}

/** A device is a standard if another of the certificates depends on it. */
function kindAmong(candidate: Candidate, all: readonly Candidate[], { kind }: ImportOptions): DeviceKind {
  return all.some(({ draft }) => draft.parents.some((parent) => isNamedBy(candidate, parent))) ? 'standard' : kind;
}

async function readAll(files: readonly string[], options: ImportOptions) {
  const mapping = options.mapping === undefined ? undefined : await readMappingFile(options.mapping);
  const candidates: Candidate[] = [];
  const refused: RefusedImport[] = [];
  for (const file of files) {
    try {
      const candidate = await readCandidate(file);
      // With several files, a mapping for one certificate does not apply to the others.
      const isOther =
        files.length > 1 && (mapping?.certificate ?? candidate.uniqueIdentifier) !== candidate.uniqueIdentifier;
      candidates.push(mapping && !isOther ? candidateOf(file, candidate.bytes, mapping) : candidate);
    } catch (error) {
      refused.push(failed(file, error));
    }
  }
  return { candidates, refused };
}

async function attempt(
  session: Session,
  candidate: Candidate,
  options: ImportOptions,
  isOnlyFile: boolean,
): Promise<readonly ImportOutcome[]> {
  try {
    const { file } = candidate;
    const role = await roleOf(session, options, isOnlyFile);
    if (options.signOnly === undefined) {
      const all = await importCertificate(session, candidate, role, options.via);
      return all.map((imported) => ({ file, ok: true, imported }));
    }
    const all = await signCertificate(session, candidate, role);
    const delivered = await deliver(
      session,
      all.flatMap(({ items }) => items),
      options,
    );
    return all.map((signed) => ({ file, ok: true, signed, delivered }));
  } catch (error) {
    return [failed(candidate.file, error)];
  }
}

async function roleOf(session: Session, options: ImportOptions, isOnlyFile: boolean): Promise<ImportRole> {
  const { keys } = session;
  const { parent = [], paperParent = [], amends, issuer, device } = options;
  const technician = await keys.find('technician', options.technician);
  const imprinter = options.imprinter === undefined ? technician : await keys.find('technician', options.imprinter);
  return {
    technician,
    imprinter,
    owner: options.owner ?? registrantOf(imprinter),
    kind: options.kind,
    parents: await givenParents(session, parent, paperParent, isOnlyFile),
    ...(options.trust && { trust: options.trust }),
    ...(issuer !== undefined && { issuer }),
    ...(amends !== undefined && { amends: await registeredId(session, 'report', amends) }),
    ...(device !== undefined && { device: await registeredId(session, 'device', device) }),
    ...(options.newDevice && { isNewDevice: true }),
    ...secrecyIn(options),
    unaccepted: !options.accept,
  };
}

function secrecyIn(options: Pick<ImportOptions, 'private' | 'public' | 'readership'>) {
  return {
    ...(options.private && { confidential: options.private }),
    ...(options.public && { isPublic: options.public }),
    ...(options.readership && { readership: options.readership }),
  };
}

/** One bad file does not stop the others; a program error does. */
function failed(file: string, thrown: unknown): RefusedImport {
  const [error, device] = thrown instanceof HalfImported ? [thrown.cause, thrown.device] : [thrown, null];
  if (!(error instanceof Error && 'code' in error)) {
    throw error;
  }
  return { file, ok: false, error, device };
}
