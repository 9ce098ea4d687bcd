import { IDENTIFIER, OWNED_ID } from '@tracecal/core/model';
import type { KeyObject } from 'node:crypto';
import { z } from 'zod';
import { instantSchema } from './delegation.js';
import { readSigned, signAs } from './keys.js';
import type { Signed, UserKey } from './keys.js';

const OBSERVATION = 'tracecal-observation';

/** Most characters of an observation. */
export const MOST_TEXT = 2000;

export const userObservationSchema = z
  .strictObject({
    monitor: z.string().regex(IDENTIFIER),
    device: z.string().regex(OWNED_ID),
    time: instantSchema,
    text: z.string().min(1).max(MOST_TEXT),
  })
  .readonly();

/** What a user noticed about a device, in words. */
export type UserObservation = z.infer<typeof userObservationSchema>;

/** @returns A compact JWS. */
export function signObservation(observation: UserObservation, key: KeyObject): Promise<string> {
  return signAs(OBSERVATION, observation, key);
}

/** @throws Refusal `SIGNATURE_INVALID`, `CONTENT_INVALID` */
export function readObservation(jws: string, signer: UserKey): Promise<Signed<UserObservation>> {
  return readSigned(jws, OBSERVATION, userObservationSchema, signer);
}
