import { canonicalJson, instantOf, isKind } from '@tracecal/core/model';
import type { Instant, Result } from '@tracecal/core/model';
import { sha256 } from '@tracecal/core/platform';
import { payloadDigest } from '@tracecal/core/signing';
import { sourceOf } from '@tracecal/core/trace';
import { inForce, readStatement, trustedRoots } from '../../client/index.js';
import type { Trust } from '../../client/index.js';
import { Calibration } from '../../device/index.js';
import type { CorrectedBy, VerdictInForce } from '../../device/index.js';
import { MOST_BUNDLE_BYTES, readBundle, verifyBundle } from '../../proof/verify/index.js';
import type { Bundle, FreshnessAsked, ProofReport } from '../../proof/verify/index.js';
import { ApplicationError } from '../errors.js';
import { readExactText } from '../files/inputFile.js';
import { readItems } from '../operations/statementFile.js';

/** A device's calibration, as a bundle shows it to those who trust some roots. */
export interface ProvenCalibration {
  readonly bundle: Bundle;
  readonly report: ProofReport;
  readonly calibration: Calibration;
}

export interface ProvenAsked {
  readonly trust: Trust;
  /** The change log; absent: nothing is said about freshness. */
  readonly fresh?: FreshnessAsked;
  /** The moment that the bundle is judged at; by default now. Null on a machine without a clock, where the log or else the bundle tells the time. */
  readonly asOf?: Instant | null;
}

/** @throws ApplicationError `FILE_UNREADABLE`; RegistryError as {@link verifyBundle} */
export async function readProvenCalibration(path: string, asked: ProvenAsked): Promise<ProvenCalibration> {
  return provenCalibration(await readExactText(path, MOST_BUNDLE_BYTES), asked);
}

/** Verifies a bundle and makes its records ready to judge values by. @throws RegistryError as {@link verifyBundle} */
export async function provenCalibration(text: string, { trust, fresh, asOf }: ProvenAsked): Promise<ProvenCalibration> {
  const hasClock = asOf !== null;
  const { registry, validity } = hasClock ? inForce(trust) : trust;
  const roots = trustedRoots(trust);
  const moment = fresh ? { fresh } : hasClock ? { asOf: asOf ?? instantOf(Date.now()) } : {};
  const report = await verifyBundle(text, { roots, registry, ...(hasClock && { validity }), ...moment });
  if (!hasClock && report.fresh?.seen) {
    inForce(trust, report.fresh.seen.time);
  }
  const bundle = readBundle(text);
  return { bundle, report, calibration: await Calibration.of(bundle, roots) };
}

/** What a device says of the verdict that was found about it last. */
export function verdictInForce({ report: { verdict } }: ProvenCalibration): VerdictInForce {
  return { status: verdict.status, asOf: verdict.asOf, digest: sha256(canonicalJson(verdict)) };
}

/** The report by which a device's readings are corrected. */
export interface Correction {
  readonly device: string;
  readonly by: CorrectedBy;
  readonly results: readonly Result[];
}

/**
 * What a bundle holds of the device's current reports, one for each kind of quantity.
 *
 * @throws ApplicationError `INPUT_INVALID` if the device's reports cannot be relied on
 */
export async function correctionsIn({
  bundle,
  report: { verdict },
}: ProvenCalibration): Promise<readonly Correction[]> {
  const { device, evidence } = bundle;
  if (verdict.status === 'FAILED' || verdict.status === 'INCOMPLETE') {
    throw new ApplicationError('INPUT_INVALID', `Readings of ${device} cannot be corrected: ${verdict.reason}`);
  }
  const source = sourceOf(evidence);
  const counting = verdict.results.filter(({ counted }) => counted);
  const named = new Map(counting.map(({ report, quantity }) => [`${report} ${quantity}`, { report, quantity }]));
  const found: Correction[] = [];
  for (const { report, quantity } of named.values()) {
    const record = await source.report(report);
    const results = await source.results(report, quantity);
    if (record && results) {
      found.push({ device, by: { report, digest: payloadDigest(record.statement.jws) }, results });
    }
  }
  return found;
}

/** The report in a file of statements, as it was signed: nobody checks here whether the registry has it. */
export async function correctionInFile(path: string): Promise<Correction> {
  for (const { statement, results } of await readItems(path)) {
    const report = readStatement(statement);
    if (isKind(report, 'report') && results) {
      const by = { report: report.subject.id, digest: payloadDigest(statement) };
      return { device: report.body.device, by, results };
    }
  }
  throw new ApplicationError(
    'INPUT_INVALID',
    `${path} holds neither a bundle nor a report with its results: name one of the device.`,
  );
}
