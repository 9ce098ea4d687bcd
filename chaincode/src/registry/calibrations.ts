import type { ChangedCalibration } from '@tracecal/core/contracts';
import { canonicalJson, isKind } from '@tracecal/core/model';
import type { Acceptance, OwnerEntry, ReportBody, ResultsDigest, Statement } from '@tracecal/core/model';
import { acceptanceOf, said } from '@tracecal/core/open';

/** Short description of the calibration that a report states, or that an owner accepts; undefined for other statements. */
export function calibrationIn(
  { jws, applied, registered }: OwnerEntry,
  statement: Statement,
): ChangedCalibration | undefined {
  if (isKind(statement, 'report')) {
    const stated = acceptanceOf(said({ jws, registered }, statement.registry, 'report'));
    return { device: statement.body.device, ...calibrationOf(stated) };
  }
  const accepted = isKind(statement, 'acceptance') ? statement.body : applied;
  return accepted && calibrationOf(accepted);
}

function calibrationOf({ performed, results, adjusted, supersedes }: Acceptance): ChangedCalibration {
  const out = results.filter(({ foundOutOfLimits }) => foundOutOfLimits).map(({ quantity }) => quantity);
  return {
    performed,
    quantities: results.map(({ quantity }) => quantity),
    ...(out.length > 0 && { foundOutOfLimits: out }),
    ...(adjusted && { adjusted }),
    ...(supersedes !== undefined && { supersedes }),
  };
}

/** The differences between an amendment and the report that it amends. */
export function amendedParts(before: ReportBody, after: ReportBody): readonly string[] {
  const parts = (Object.keys(PARTS) as (keyof typeof PARTS)[]).filter((part) => !isSame(before[part], after[part]));
  return [...amendedResults(before.results, after.results), ...parts.map((part) => PARTS[part])];
}

const PARTS = {
  parents: 'standards',
  performed: 'days of the work',
  technician: 'technician',
  place: 'place',
  adjusted: 'adjustment',
  accredited: 'accreditation',
  certificate: 'certificate',
  certificateSha256: 'certificate file',
  recalibrateBy: 'date of recalibration',
  issued: 'date of issue',
} as const satisfies Record<Exclude<keyof ReportBody, 'device' | 'results' | 'supersedes'>, string>;

function amendedResults(before: readonly ResultsDigest[], after: readonly ResultsDigest[]): readonly string[] {
  const digests = (results: readonly ResultsDigest[]) =>
    new Map(results.map(({ quantity, sha256 }) => [quantity, sha256]));
  const [old, now] = [digests(before), digests(after)];
  return [...new Set([...old.keys(), ...now.keys()])]
    .filter((quantity) => old.get(quantity) !== now.get(quantity))
    .sort()
    .map((quantity) => `results of ${quantity}`);
}

function isSame(one: unknown, other: unknown): boolean {
  return canonicalJson(one ?? null) === canonicalJson(other ?? null);
}
