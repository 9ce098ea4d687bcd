import { draftReport, oneLine, readCertificate, readCertificateFile, sha256Hex } from '../../dcc/index.js';
import type { Certificate, ParentDraft, ReportDraft } from '../../dcc/index.js';
import { CliError } from '../errors.js';
import { slug } from './slug.js';

/** A certificate file that could become a report. */
export interface Candidate {
  readonly file: string;
  readonly bytes: Uint8Array;
  readonly sha256: string;
  readonly uniqueIdentifier: string;
  readonly laboratory: string | null;
  /** The device that was calibrated; of several items the first. */
  readonly device: CalibratedItem;
  readonly draft: ReportDraft;
  /** The id that its report gets unless another has it. */
  readonly report: string;
}

export interface CalibratedItem {
  /** The id that it gets unless another has it. */
  readonly id: string;
  readonly serial: string;
  readonly model: string;
  readonly manufacturer: string;
}

/** Reads a certificate file. @throws DccError */
export async function readCandidate(file: string): Promise<Candidate> {
  const bytes = await readCertificateFile(file);
  const certificate = readCertificate(bytes);
  const sha256 = sha256Hex(bytes);
  const { uniqueIdentifier } = certificate.core;
  return {
    file,
    bytes,
    sha256,
    uniqueIdentifier,
    laboratory: certificate.laboratory.name?.text ?? null,
    device: itemOf(certificate, sha256),
    draft: draftReport(certificate),
    report: slug(uniqueIdentifier) ?? `dcc-${sha256.slice(0, 16)}`,
  };
}

function itemOf({ items }: Certificate, sha256: string): CalibratedItem {
  const [item] = items.items;
  const identification = item?.serial ?? item?.identifications[0]?.value;
  const serial = stated(identification, `item of ${sha256.slice(0, 16)}`);
  return {
    id: slug(serial) ?? `device-${sha256.slice(0, 16)}`,
    serial,
    model: stated(item?.model ?? item?.name?.text),
    manufacturer: stated(item?.manufacturer),
  };
}

function stated(text: string | null | undefined, otherwise = 'not stated'): string {
  return oneLine(text) || otherwise;
}

/** What of it becomes a report. @throws CliError `INPUT_INVALID` if it holds no result: nothing could rest on such a report */
export function contentOf({ draft }: Candidate): ReportDraft {
  if (draft.results.length === 0) {
    const [first] = draft.omitted;
    const why = first ? ` ${first.name}: ${first.reason}` : '';
    throw new CliError('INPUT_INVALID', `The certificate states nothing that can be a result of a report.${why}`);
  }
  return draft;
}

/** Whether this certificate is the parent that another one names, as far as the two files tell. */
export function isNamedBy(
  { device, sha256, uniqueIdentifier }: Candidate,
  { analogue, certificate, serial, sha256: stated }: ParentDraft,
): boolean {
  if (stated !== null) {
    return stated === sha256;
  }
  return !analogue && certificate === uniqueIdentifier && [device.serial, ''].includes(oneLine(serial));
}

/** Parents before what rests on them, as far as they are among the candidates; otherwise as they came. */
export function inOrderOfDescent(candidates: readonly Candidate[]): readonly Candidate[] {
  const ordered = new Set<Candidate>();
  const visiting = new Set<Candidate>();
  const visit = (candidate: Candidate) => {
    if (ordered.has(candidate) || visiting.has(candidate)) {
      return;
    }
    visiting.add(candidate);
    for (const parent of candidate.draft.parents) {
      candidates.filter((other) => isNamedBy(other, parent)).forEach(visit);
    }
    ordered.add(candidate);
  };
  candidates.forEach(visit);
  return [...ordered];
}
