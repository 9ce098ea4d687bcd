import { isSameNumber, mayBeSameName, proposeKind } from '@tracecal/core/model';
import {
  draftCertificate,
  oneLine,
  readCertificate,
  readCertificateFile,
  reportsOf,
  sha256Hex,
} from '../../dcc/index.js';
import type { CertificateDraft, CertificateReports, DraftParent, ItemIdentity, Mapping } from '../../dcc/index.js';
import { ApplicationError } from '../errors.js';
import { slug } from '../operations/slug.js';
import { contradictMakers, contradictModels, isSerial } from './sameMaker.js';

/** A certificate file that could become reports, one an item. */
export interface Candidate {
  readonly file: string;
  readonly bytes: Uint8Array;
  readonly sha256: string;
  readonly uniqueIdentifier: string;
  readonly laboratory: string | null;
  readonly draft: CertificateDraft;
  /** The id of its report, unless another report has it; for several items, each adds its own part. */
  readonly report: string;
}

export interface CalibratedItem {
  /** The id of the device, unless another device has it. */
  readonly id: string;
  readonly serial: string;
  /** All numbers of it on the certificate: the maker's, the owner's, the laboratory's. */
  readonly numbers: readonly string[];
  readonly model: string;
  readonly manufacturer: string;
  /** Whether the certificate states a number of it. If not, the serial number is derived from the file's digest. */
  readonly isNumbered: boolean;
}

/** Reads a certificate file. @throws DccError */
export async function readCandidate(file: string, mapping?: Mapping): Promise<Candidate> {
  return candidateOf(file, await readCertificateFile(file), mapping);
}

/** Placeholders in forms instead of a number: they do not identify a certificate. */
const PLACEHOLDER = /^([xX0?*_-])\1{2,}$/;

/** The name of a report whose certificate has no number. */
export function nameOfFile(sha256: string): string {
  return `dcc-${sha256.slice(0, 16)}`;
}

/** @throws DccError */
export function candidateOf(file: string, bytes: Uint8Array, mapping?: Mapping): Candidate {
  const draft = draftCertificate(readCertificate(bytes), { proposeKind, ...(mapping && { mapping }) });
  const sha256 = sha256Hex(bytes);
  const { uniqueIdentifier, laboratory } = draft;
  return {
    file,
    bytes,
    sha256,
    uniqueIdentifier,
    laboratory: laboratory.name === '' ? null : laboratory.name,
    draft,
    report: slug(PLACEHOLDER.test(uniqueIdentifier) ? null : uniqueIdentifier) ?? nameOfFile(sha256),
  };
}

/**
 * The part of a certificate that becomes reports.
 *
 * @throws ApplicationError `INPUT_INVALID` if nothing in it can become a result, or if only a person can answer an open question
 */
export function contentOf({ draft }: Candidate, places?: readonly (number | null)[]): CertificateReports {
  const reports = reportsOf(draft, places);
  const [why, ...more] = reports.refusals;
  if (why !== undefined) {
    const others = more.length > 0 ? ` (and ${more.length} more such questions)` : '';
    throw new ApplicationError('INPUT_INVALID', `${why}${others}${remedyFor(draft)}`);
  }
  return reports;
}

function remedyFor({ questions }: CertificateDraft): string {
  return questions.length > 0
    ? ' Give the file with --mapping FILE; `tracecal dcc import --help` shows what to put in it.'
    : '';
}

/** How an item of a certificate is registered as a device. */
export function calibratedItem({ sha256, draft }: Candidate, item: ItemIdentity): CalibratedItem {
  const place = draft.items.findIndex((each) => each.item === item) + 1;
  const [number] = item.numbers;
  const nameless =
    draft.items.length > 1 ? `item ${place} of ${sha256.slice(0, 16)}` : `item of ${sha256.slice(0, 16)}`;
  const serial = stated(item.serial ?? number?.value, nameless);
  return {
    id: slug(serial) ?? `device-${sha256.slice(0, 16)}`,
    serial,
    numbers: [...new Set([serial, ...item.numbers.map(({ value }) => oneLine(value))])],
    model: stated(item.model ?? (item.name === 'not named' ? null : item.name)),
    manufacturer: stated(item.manufacturer ?? draft.set?.manufacturer),
    isNumbered: serial !== nameless && isSerial(serial),
  };
}

function stated(text: string | null | undefined, otherwise = 'not stated'): string {
  return oneLine(text) || otherwise;
}

/** The name of an item's report: the certificate's number; for one of several items, also a part that distinguishes it. */
export function reportName({ report, draft }: Candidate, { id }: Pick<CalibratedItem, 'id'>): string {
  return draft.items.length > 1 ? `${report}:${id}` : report;
}

/** Whether this certificate is the parent that another one names, judging by the two files. */
export function isNamedBy(
  { draft, sha256, uniqueIdentifier }: Candidate,
  { certificate, serial }: DraftParent,
): boolean {
  if (certificate === null) {
    return false;
  }
  if (certificate.digest?.value === sha256) {
    return true;
  }
  const serials = draft.items.flatMap(({ item }) => [item.serial, ...item.numbers.map(({ value }) => value)]);
  const isSame = oneLine(serial) === '' || serials.some((each) => oneLine(each) === oneLine(serial));
  return !certificate.analogue && certificate.number === uniqueIdentifier && isSame;
}

/** An earlier file among these with the same number of the same laboratory: one amends the other, or is a forgery. */
export function namesakeOf(own: Candidate, all: readonly Candidate[]): Candidate | undefined {
  const isNumbered = own.report !== nameOfFile(own.sha256);
  return all
    .slice(0, all.indexOf(own))
    .find(
      (other) =>
        isNumbered &&
        other.sha256 !== own.sha256 &&
        isSameNumber(other.uniqueIdentifier, own.uniqueIdentifier) &&
        mayBeSameName(other.laboratory ?? '', own.laboratory ?? ''),
    );
}

/** Whether this certificate is about an earlier calibration of a device of the other one. */
function isEarlierOfSame(one: Candidate, other: Candidate): boolean {
  return (
    one.draft.performed.end < other.draft.performed.end &&
    one.draft.items.some(({ item }) => {
      const own = calibratedItem(one, item);
      return other.draft.items.some((each) => {
        const { serial, manufacturer, model } = calibratedItem(other, each.item);
        const isOther = contradictMakers(manufacturer, own.manufacturer) || contradictModels(model, own.model);
        return serial === own.serial && !isOther;
      });
    })
  );
}

/**
 * Sorts parents before children, and earlier calibrations of a device before later ones, because the last accepted one is current.
 * Otherwise keeps the order.
 */
export function inOrderOfDescent(candidates: readonly Candidate[]): readonly Candidate[] {
  const ordered = new Set<Candidate>();
  const visiting = new Set<Candidate>();
  const visit = (candidate: Candidate) => {
    if (ordered.has(candidate) || visiting.has(candidate)) {
      return;
    }
    visiting.add(candidate);
    candidates.filter((other) => isEarlierOfSame(other, candidate)).forEach(visit);
    for (const parent of candidate.draft.parents) {
      candidates.filter((other) => isNamedBy(other, parent)).forEach(visit);
    }
    ordered.add(candidate);
  };
  candidates.forEach(visit);
  return [...ordered];
}
