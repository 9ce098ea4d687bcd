import {
  canonicalJson,
  dateOf,
  instantOf,
  jwsSchema,
  millisecondsOf,
  RegistryError,
  shapeOf,
  shapes,
  uncertaintySchema,
} from '@tracecal/core/model';
import type { Instant, Jws, Uncertainty } from '@tracecal/core/model';
import { isSignedBy, isValidOn, readCertificate, signedContent, signerName } from '@tracecal/core/signing';
import type { CalibrationCertificate } from '@tracecal/core/signing';
import { VERDICT_STATUSES } from '@tracecal/core/trace';
import type { VerdictStatus } from '@tracecal/core/trace';
import * as z from '@tracecal/core/shape';

export const MEASUREMENT_TYPE = 'tracecal-measurement/1';

/** A UTC instant with milliseconds: `2026-03-01T09:30:00.250Z`. */
export type Moment = string;

/** What a device found. */
export interface Reading {
  /** Kind of quantity: `temperature`. */
  readonly quantity: string;
  /** D-SI unit of value and uncertainty: `\\degreecelsius`. */
  readonly unit: string;
  readonly value: number;
  /** What else it depends on, in the words of the device's calibration report. */
  readonly arguments?: readonly ReadingArgument[];
  /** It is null if nobody knows it. */
  readonly uncertainty: Uncertainty | null;
  /** The report by which the value was corrected; null for one as the instrument showed it. */
  readonly corrected: CorrectedBy | null;
}

export interface ReadingArgument {
  readonly name: string;
  /** A number in this unit, or the words of a setting. */
  readonly value: number | string;
  readonly unit?: string;
}

export interface CorrectedBy {
  readonly report: string;
  /** SHA-256 of the report's signed bytes, hex. */
  readonly digest: string;
}

/** The verdict about the device that its gateway had found last. */
export interface VerdictInForce {
  readonly status: VerdictStatus;
  readonly asOf: Instant;
  /** SHA-256 of the verdict's canonical JSON, hex. */
  readonly digest: string;
}

/** One value of a device, as it signs it: canonical JSON, in the same envelope as statements. */
export interface Measurement extends Reading {
  readonly type: typeof MEASUREMENT_TYPE;
  /** The registry that knows the device. */
  readonly registry: string;
  readonly device: string;
  /** Counts up by one, and never again from a lower number. After a power failure it may skip numbers, which `previous` then shows. */
  readonly sequence: number;
  /** The one before that the device knows of; null for its first. */
  readonly previous: Previous | null;
  /** By the device's clock. */
  readonly time: Moment;
  /** It is null if nothing had been checked. */
  readonly verdict: VerdictInForce | null;
}

export interface Previous {
  readonly sequence: number;
  /** SHA-256 of its signed bytes, hex. */
  readonly digest: string;
}

/** A measurement whose signature and shape have been checked. */
export interface SignedMeasurement {
  readonly content: Measurement;
  /** SHA-256 of the signed bytes, hex. */
  readonly digest: string;
  readonly jws: Jws;
}

const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;
const MOST_ARGUMENTS = 16;
const LIMITS = { maxLength: 16_384, maxDepth: 6, maxValues: 512 };

const moment = z
  .string()
  .check(
    z.refine(
      (text) => MOMENT.test(text) && new Date(text).toJSON() === text,
      'must be a UTC instant with milliseconds like 2026-03-01T09:30:00.250Z',
    ),
  );
const sequence = z.int().check(z.minimum(0));

const schema = z
  .strictObject({
    type: z.literal(MEASUREMENT_TYPE),
    registry: shapes.registry,
    device: shapes.ownedId,
    sequence,
    previous: z.nullable(z.strictObject({ sequence, digest: shapes.sha256 })),
    time: moment,
    quantity: shapes.quantity,
    unit: shapes.unit,
    value: shapes.finite,
    arguments: z.exactOptional(
      z
        .array(
          z.strictObject({
            name: shapes.text,
            value: z.union([shapes.finite, shapes.text]),
            unit: z.exactOptional(shapes.unit),
          }),
        )
        .check(
          z.minLength(1),
          z.maxLength(MOST_ARGUMENTS),
          z.refine(
            (all) => new Set(all.map(({ name }) => name.toLowerCase())).size === all.length,
            'must name every argument once',
          ),
        ),
    ),
    uncertainty: z.nullable(uncertaintySchema),
    corrected: z.nullable(z.strictObject({ report: shapes.ownedId, digest: shapes.sha256 })),
    verdict: z.nullable(
      z.strictObject({ status: z.enum(VERDICT_STATUSES), asOf: shapes.instant, digest: shapes.sha256 }),
    ),
  })
  .check(
    shapes.unitOfKind(),
    z.refine(
      ({ sequence: own, previous }) => previous === null || previous.sequence < own,
      'must come after the one that it names as previous',
    ),
  );

/** A measurement of the right shape. @throws RegistryError `INPUT_INVALID` */
export function measurementOf(value: unknown): Measurement {
  return shapeOf<Measurement>(schema, 'measurement', value);
}

/** In place of a number and a digest that are not known yet: none is longer. */
const SOME_PLACE = {
  sequence: Number.MAX_SAFE_INTEGER,
  previous: { sequence: Number.MAX_SAFE_INTEGER - 1, digest: '0'.repeat(64) },
} as const;

/**
 * A measurement of the right shape, with a place in the chain that is still to be replaced by its own.
 *
 * @param certificate That of the key which is to sign it.
 * @throws RegistryError `INPUT_INVALID`, `JSON_TOO_LARGE`, `CERTIFICATE_INVALID`
 */
export function unplacedMeasurement(
  content: Omit<Measurement, 'sequence' | 'previous'>,
  certificate: CalibrationCertificate,
): Measurement {
  const measurement = measurementOf({ ...content, ...SOME_PLACE });
  const { device, time } = measurement;
  // Only names and values of arguments can be so long.
  if (measurement.arguments && canonicalJson(measurement).length > LIMITS.maxLength) {
    throw new RegistryError('JSON_TOO_LARGE', 'the arguments of the measurement are too long: shorten them.');
  }
  const day = dateOf(secondOf(time));
  if (!holds(certificate, device, day)) {
    throw new RegistryError('CERTIFICATE_INVALID', `the certificate of the key is not one of ${device} on ${day}.`);
  }
  return measurement;
}

/**
 * Reads a measurement that a device has signed.
 *
 * @param certificates The device's certificates (DER in base64): one of them has to hold the key that signed, on the day of the measurement.
 * Whether they lead to a root is the business of a trace.
 * @throws RegistryError `SIGNATURE_INVALID`, `JSON_INVALID`, `JSON_TOO_LARGE`, `INPUT_INVALID`, `CERTIFICATE_INVALID`
 */
export function readMeasurement(signed: unknown, certificates: readonly string[]): SignedMeasurement {
  return verified(unverified(signed), certificates);
}

/** As {@link readMeasurement}, of what was read already. */
export function verified(measurement: SignedMeasurement, certificates: readonly string[]): SignedMeasurement {
  requireSignature(
    measurement,
    certificates.map((certificate) => readCertificate(certificate, 'device')),
  );
  return measurement;
}

/** @throws RegistryError `SIGNATURE_INVALID` unless one of the device's keys has signed, on a day on which it held */
export function requireSignature(
  { content, jws }: SignedMeasurement,
  certificates: readonly CalibrationCertificate[],
): void {
  const signer = signerName('device', content.device);
  const day = dateOf(secondOf(content.time));
  const isSigned = certificates.some(
    (own) => holds(own, content.device, day) && isSignedBy(jws, signer, own.publicKey, own.keySha256),
  );
  if (jws.signatures.length !== 1 || !isSigned) {
    throw new RegistryError(
      'SIGNATURE_INVALID',
      `measurement ${content.sequence} of ${content.device} is not signed by a key that was the device's own on ${day}.`,
    );
  }
}

/** Reads a measurement without checking who signed it: of a log that only its own device writes. */
export function unverified(signed: unknown): SignedMeasurement {
  const jws = shapeOf<Jws>(jwsSchema, 'signed measurement', signed);
  return { ...signedContent(jws, 'measurement', LIMITS, measurementOf), jws };
}

function holds(certificate: CalibrationCertificate, device: string, day: string): boolean {
  return certificate.id === device && isValidOn(certificate, day);
}

/** The moment by this clock. */
export function momentOf(milliseconds: number): Moment {
  return new Date(milliseconds).toJSON();
}

export function millisecondsOfMoment(time: Moment): number {
  return Date.parse(time);
}

/** Whether a verdict had been found when a value was taken: a later one says nothing about then. */
export function wasInForce({ asOf }: VerdictInForce, time: Moment): boolean {
  return millisecondsOf(asOf) <= millisecondsOfMoment(time);
}

/** The whole second that a moment lies in. */
export function secondOf(time: Moment): Instant {
  return instantOf(Date.parse(time));
}
