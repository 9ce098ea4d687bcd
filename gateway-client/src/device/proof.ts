import { canonicalJson, jwsSchema, parseJson, RegistryError, shapeOf, withUnit } from '@tracecal/core/model';
import type { Jws } from '@tracecal/core/model';
import { readCertificate } from '@tracecal/core/signing';
import { sourceOf } from '@tracecal/core/trace';
import type { RecordSource, Verdict } from '@tracecal/core/trace';
import * as z from '@tracecal/core/shape';
import { MOST_BUNDLE_BYTES, readBundle, verifyBundle } from '../proof/verify/index.js';
import type { Asked, Bundle, FreshnessAsked, ProofReport } from '../proof/verify/index.js';
import { requireInForce } from '../proof/verify/requireInForce.js';
import { includes, inclusionShape } from './batch.js';
import type { Inclusion } from './batch.js';
import { Calibration, certificatesIn, verdictAbout } from './calibration.js';
import { requireSignature, unverified, wasInForce } from './measurement.js';
import type { Measurement, SignedMeasurement } from './measurement.js';

export const MEASUREMENT_PROOF_TYPE = 'tracecal-measurement-proof/1';

/** One value with what anybody needs to check it: its place in a batch, and its device's calibration. */
export interface MeasurementProof {
  readonly type: typeof MEASUREMENT_PROOF_TYPE;
  readonly measurement: Jws;
  /** It is null if the measurement is in no batch. */
  readonly inclusion: Inclusion | null;
  readonly calibration: Bundle;
}

export interface MeasurementReport {
  readonly measurement: Measurement;
  /** SHA-256 of its signed bytes, hex. */
  readonly digest: string;
  /** The Merkle root that it leads to; null if it is in no batch. Whether a ledger holds that root, the ledger says. */
  readonly root: string | null;
  /** Whether the device was soundly calibrated for this value at that moment, in the light of all that the records hold. */
  readonly verdict: Verdict;
  /**
   * Why the value claims more than its device's calibration gives, in a sentence: less uncertainty, or a correction by another report. It is null
   * if it does not.
   */
  readonly overclaimed: string | null;
  /** Whether anything has changed since the records were read, by the change log; null without one. */
  readonly fresh: (ProofReport['tiers']['fresh'] & { readonly seen: FreshnessAsked['seen'] }) | null;
  /** What nobody has shown, in sentences. */
  readonly notChecked: readonly string[];
}

const LIMITS = { maxLength: MOST_BUNDLE_BYTES, maxDepth: 26, maxValues: 2_000_000 };

const shape = z.strictObject({
  type: z.literal(MEASUREMENT_PROOF_TYPE),
  measurement: jwsSchema,
  inclusion: z.nullable(inclusionShape),
  calibration: z.looseObject({}),
});

/** The text of a proof: canonical JSON (RFC 8785). */
export function measurementProofText(proof: Omit<MeasurementProof, 'type'>): string {
  return canonicalJson({ type: MEASUREMENT_PROOF_TYPE, ...proof });
}

/**
 * Checks one value: its device's signature, its place in a batch, and the calibration of its device for this value at that moment, up to
 * the roots. It asks nobody.
 *
 * @param text The proof as it was made.
 * @param asked The roots that the verifier trusts (SHA-256 of certificates, hex), the registry that is meant, and when the trust file may be used.
 * @throws RegistryError `INPUT_INVALID` (also for a trust file that may not be used now), `SIGNATURE_INVALID`, `JSON_INVALID`, `JSON_TOO_LARGE`, `VERSION_UNKNOWN`
 */
export async function verifyMeasurement(
  text: string,
  asked: Pick<Asked, 'roots' | 'registry' | 'fresh' | 'validity'>,
): Promise<MeasurementReport> {
  requireInForce(asked);
  const { measurement: jws, inclusion, bundle } = readProof(text);
  const source = sourceOf(bundle.evidence);
  const measurement = await signedByDevice(jws, bundle, source);
  if (inclusion) {
    requireIn(inclusion, measurement.jws);
  }
  const { content, digest } = measurement;
  const verdict = await verdictAbout(content, source, asked.roots);
  requireRegistry(content, verdict, asked.registry);
  const calibration = await Calibration.of(bundle, asked.roots);
  const fresh = asked.fresh ? await freshOf(bundle, asked) : null;
  return {
    measurement: content,
    digest,
    root: inclusion?.root ?? null,
    verdict,
    overclaimed: calibration.whyOverclaimed(content),
    fresh,
    notChecked: [
      ...correctionNotChecked(content, verdict, calibration),
      ...(content.verdict && !wasInForce(content.verdict, content.time)
        ? [
            `whether anything had been checked about the device when it measured: the verdict that it names is of ${content.verdict.asOf}, later than the value`,
          ]
        : []),
      ...(fresh
        ? []
        : ['whether anything has changed since the records about its device were read: there is no change log']),
      ...(inclusion
        ? ['whether a ledger holds the root of its batch']
        : ['whether it existed at any time: it is in no batch']),
      'whether the device was where it should be, and its clock was right',
    ],
  };
}

/** What nobody has shown of the errors that were taken out of the value, or were not. */
function correctionNotChecked(
  { corrected, uncertainty, quantity, device }: Measurement,
  { results }: Verdict,
  calibration: Calibration,
): readonly string[] {
  if (corrected === null) {
    return uncertainty === null
      ? []
      : ['whether its uncertainty holds: the errors in the calibration report are not taken out of the value'];
  }
  const named = `whether its correction holds: it names report ${corrected.report}`;
  if (!calibration.holdsReport(corrected.report)) {
    return [`${named}, and the records hold no such report about ${device}`];
  }
  const used = results.filter((result) => result.counted && result.quantity === quantity).map(({ report }) => report);
  return used.includes(corrected.report)
    ? []
    : [`${named}, and its calibration at that moment is ${used.length > 0 ? [...new Set(used)].join(', ') : 'none'}`];
}

/** The records are the same for every question, and so is what the log says of them. */
async function freshOf(bundle: Bundle, asked: Pick<Asked, 'roots' | 'registry' | 'fresh' | 'validity'>) {
  const { tiers, fresh } = await verifyBundle(canonicalJson(bundle), asked);
  return { ...tiers.fresh, seen: fresh?.seen ?? null };
}

/**
 * Reads a proof and checks that its measurement is in its batch; not who signed it, and not its calibration.
 *
 * @throws RegistryError `INPUT_INVALID`, `JSON_INVALID`, `JSON_TOO_LARGE`
 */
export function requireIncluded(text: string): { readonly measurement: Measurement; readonly inclusion: Inclusion } {
  const { measurement, inclusion } = readProof(text);
  if (inclusion === null) {
    throw new RegistryError('INPUT_INVALID', 'the measurement is in no batch: prove it again when it is anchored.');
  }
  const { content, jws } = unverified(measurement);
  requireIn(inclusion, jws);
  return { measurement: content, inclusion };
}

function requireIn(inclusion: Inclusion, jws: Jws): void {
  if (!includes(inclusion, jws)) {
    throw new RegistryError('INPUT_INVALID', 'the measurement is not in the batch that its proof names.');
  }
}

function readProof(text: string): {
  readonly measurement: Jws;
  readonly inclusion: Inclusion | null;
  readonly bundle: Bundle;
} {
  const value = parseJson(text, LIMITS);
  const { measurement, inclusion, calibration } = shapeOf(shape, 'proof of a measurement', value);
  if (canonicalJson(value) !== text) {
    throw new RegistryError('INPUT_INVALID', 'the proof is not canonical JSON: take the file as it was made.');
  }
  return { measurement: measurement, inclusion, bundle: readBundle(canonicalJson(calibration)) };
}

/** A key counts only if somebody whom the records lead to vouches for it as the device's. */
async function signedByDevice(jws: Jws, bundle: Bundle, source: RecordSource): Promise<SignedMeasurement> {
  const { device } = bundle;
  const measurement = unverified(jws);
  if (measurement.content.device !== device) {
    throw new RegistryError(
      'INPUT_INVALID',
      `the measurement is of ${measurement.content.device}, and the calibration of ${device}.`,
    );
  }
  const certificates = await certificatesIn(bundle, source);
  requireSignature(
    measurement,
    certificates.map((certificate) => readCertificate(certificate, 'device')),
  );
  return measurement;
}

function requireRegistry({ registry: named, value, unit }: Measurement, { registry }: Verdict, meant = registry): void {
  if (named !== registry || registry !== meant) {
    throw new RegistryError(
      'INPUT_INVALID',
      `${withUnit(value, unit)} names registry ${named}, its calibration is of ${registry}, and you mean ${meant}.`,
    );
  }
}
