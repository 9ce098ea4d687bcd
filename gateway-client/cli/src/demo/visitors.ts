import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { dateOf, instantOf, plusDays } from '@tracecal/core/model';
import {
  accreditationItem,
  accreditorOf,
  ApplicationError,
  describeFailure,
  importCertificate,
  inOrderOfDescent,
  isNamedBy,
  isNewlyImported,
  personItem,
  readCandidate,
  register,
  unreadable,
} from '@tracecal/gateway-client/application';
import type { Candidate, ImportRole, Session } from '@tracecal/gateway-client/application';
import { isNationalInstitute } from './institutes.js';
import type { Evidence, ImportedDevice, RefusedFile } from './story.js';
import { claimedScopes } from './visitorScopes.js';

/** Result of importing the user's own certificates. */
export interface Visitors {
  readonly reports: readonly ImportedDevice[];
  readonly refused: readonly RefusedFile[];
  readonly evidence: readonly Evidence[];
}

interface Guest {
  readonly candidate: Candidate;
  /** The organisation of the cast that plays the laboratory. */
  readonly host: string;
  readonly isRoot: boolean;
}

export interface Folder {
  readonly candidates: readonly Candidate[];
  readonly refused: readonly RefusedFile[];
}

/** Reads all certificates of a folder; those that cannot be read are listed with the reason. */
export async function readFolder(folder: string): Promise<Folder> {
  const candidates: Candidate[] = [];
  const refused: RefusedFile[] = [];
  for (const file of await certificateFiles(folder)) {
    try {
      candidates.push(await readCandidate(file));
    } catch (error) {
      refused.push(refusedFile(file, error));
    }
  }
  return { candidates: inOrderOfDescent(candidates), refused };
}

/**
 * Attaches the user's own certificates to the hierarchy: nmi-north plays the institutes, lab-alpha all others. Each is accredited for what
 * its certificates claim, because the demo is about traceability, not competence.
 */
export async function attach(
  session: Session,
  { candidates, refused }: Folder,
  step: (what: string) => void,
): Promise<Visitors> {
  const guests = candidates.map(guestOf);
  const reports: ImportedDevice[] = [];
  const refusals = [...refused];
  const evidence: Evidence[] = [];
  for (const host of new Set(guests.map((guest) => guest.host))) {
    const own = guests.filter((guest) => guest.host === host).map(({ candidate }) => candidate);
    evidence.push(...(await welcome(session, host, own)));
  }
  for (const guest of guests) {
    step(`Importing ${guest.candidate.file}`);
    const role = roleOf(guest, candidates);
    try {
      const imported = await importCertificate(session, guest.candidate, role);
      reports.push(...imported.filter(isNewlyImported).map((each) => ({ kind: role.kind, imported: each })));
    } catch (error) {
      refusals.push(refusedFile(guest.candidate.file, error));
    }
  }
  return { reports, refused: refusals, evidence };
}

function guestOf(candidate: Candidate): Guest {
  const isInstitute = isNationalInstitute(candidate.laboratory);
  return {
    candidate,
    host: isInstitute ? 'nmi-north' : 'lab-alpha',
    isRoot: isInstitute && candidate.draft.parents.length === 0,
  };
}

function roleOf({ candidate, host, isRoot }: Guest, all: readonly Candidate[]): ImportRole {
  const technician = visitorOf(host);
  const calibratesOthers = all.some(({ draft }) => draft.parents.some((parent) => isNamedBy(candidate, parent)));
  return {
    technician,
    imprinter: technician,
    owner: host,
    kind: isRoot || calibratesOthers ? 'standard' : 'field',
    issuer: host,
    playsSeveral: true,
  };
}

/** Accredits the host for what the certificates claim, and gives it a technician who may sign for it. */
async function welcome(session: Session, host: string, candidates: readonly Candidate[]): Promise<readonly Evidence[]> {
  const scopes = claimedScopes(candidates, plusDays(dateOf(instantOf(Date.now())), 1));
  const quantities = [...new Set(['temperature', ...scopes.map(({ quantity }) => quantity)])];
  const person = { role: 'technician', id: visitorOf(host), organisation: host, quantities } as const;
  const technician = await register(session, await personItem(session, person));
  const evidence: Evidence[] = [{ what: `technician ${visitorOf(host)}`, committed: technician }];
  if (scopes.length > 0) {
    const item = await accreditationItem(session, host, await accreditorOf(session, host), {
      body: null,
      number: null,
      lines: scopes,
    });
    evidence.push({ what: `accreditation of ${host}`, committed: await register(session, item) });
  }
  return evidence;
}

function visitorOf(host: string): string {
  return `${host}/t-visitor`;
}

async function certificateFiles(folder: string): Promise<readonly string[]> {
  let names: readonly string[];
  try {
    names = await readdir(folder);
  } catch (cause) {
    throw new ApplicationError('FILE_UNREADABLE', unreadable(folder, cause), { cause });
  }
  const certificates = names.filter((name) => name.toLowerCase().endsWith('.xml'));
  if (certificates.length === 0) {
    throw new ApplicationError(
      'INPUT_INVALID',
      `Folder ${folder} holds no certificate: they are files that end in .xml.`,
    );
  }
  return certificates.sort().map((name) => join(folder, name));
}

/** A refused certificate is part of the story; a program error is not. */
function refusedFile(file: string, error: unknown): RefusedFile {
  if (!(error instanceof Error && 'code' in error)) {
    throw error;
  }
  return { file, error: describeFailure(error) };
}
