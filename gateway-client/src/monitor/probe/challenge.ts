import { RegistryError } from '@tracecal/core/model';
import { readMeasurement } from '../../device/measurement.js';
import type { SignedMeasurement } from '../../device/measurement.js';

/** The argument of a measurement that holds the nonce it answers. */
export const NONCE_ARGUMENT = 'nonce';

/** What an instrument was asked to sign. */
export interface Challenge {
  /** Random, and asked once. */
  readonly nonce: string;
  readonly device: string;
  /** The registry that knows the device. */
  readonly registry: string;
  /** The device's certificates (DER in base64). */
  readonly certificates: readonly string[];
}

/**
 * What an answer to a challenge is. Fresh: the device has signed it after it was asked. Replayed: the device has signed it, but not as an answer to
 * this question: it was recorded before, by whomever. Forged: the device has not signed it, or it was changed.
 */
export type JudgedAnswer =
  | { readonly is: 'fresh'; readonly measurement: SignedMeasurement }
  | { readonly is: 'replayed'; readonly measurement: SignedMeasurement }
  | { readonly is: 'forged'; readonly says: string };

/**
 * Judges the answer to a challenge: a measurement as the device signs all of its values, in its place of the chain, with the nonce among its
 * arguments. A value that was signed before the question cannot hold the nonce.
 */
export function judgeAnswer(signed: unknown, { nonce, device, registry, certificates }: Challenge): JudgedAnswer {
  try {
    const measurement = readMeasurement(signed, certificates);
    const { content } = measurement;
    if (content.device !== device || content.registry !== registry) {
      return { is: 'forged', says: `It is an answer of ${content.device}.` };
    }
    const answersIt = content.arguments?.some(({ name, value }) => name === NONCE_ARGUMENT && value === nonce);
    return { is: answersIt === true ? 'fresh' : 'replayed', measurement };
  } catch (error) {
    if (error instanceof RegistryError) return { is: 'forged', says: error.message };
    throw error;
  }
}
