import { IDENTIFIER, isInstant, SHA256_HEX } from '@tracecal/core/model';
import type { KeyObject } from 'node:crypto';
import { z } from 'zod';
import { claimedContent, readSigned, signAs, userKeySchema } from './keys.js';
import type { Signed, UserKey } from './keys.js';
import { sliceSchema } from './slice.js';

const DELEGATION = 'tracecal-delegation';
const REVOCATION = 'tracecal-revocation';

/** Longest chain of delegations below an officer. */
export const MOST_LINKS = 3;
/** Longest time that a delegation holds for, in days. */
export const MOST_DAYS = 92;

export const instantSchema = z.string().refine(isInstant);
const digestSchema = z.string().regex(SHA256_HEX);
const name = z.string().regex(IDENTIFIER);

export const delegationSchema = z
  .strictObject({
    /** The monitor that it is for. */
    monitor: name,
    /** The digest of the delegation that its giver holds; null: the giver is an officer. */
    above: digestSchema.nullable(),
    /** Makes two delegations of the same content differ. */
    nonce: z.string().regex(/^[A-Za-z0-9_-]{16,64}$/),
    to: z.strictObject({ name, key: userKeySchema }).readonly(),
    slice: sliceSchema,
    from: instantSchema,
    /** Holds until before this time. */
    until: instantSchema,
  })
  .readonly();

export const revocationSchema = z
  .strictObject({ monitor: name, delegation: digestSchema, date: instantSchema })
  .readonly();

/** Part of what somebody may do, given to somebody else. */
export type Delegation = z.infer<typeof delegationSchema>;
/** Ends a delegation, and all that were given on from it, for good. */
export type Revocation = z.infer<typeof revocationSchema>;

/** @returns A compact JWS: the link of a chain. */
export function signDelegation(delegation: Delegation, key: KeyObject): Promise<string> {
  return signAs(DELEGATION, delegation, key);
}

/** @throws Refusal `SIGNATURE_INVALID`, `CONTENT_INVALID` */
export function readDelegation(link: string, giver: UserKey): Promise<Signed<Delegation>> {
  return readSigned(link, DELEGATION, delegationSchema, giver);
}

/** What a link claims, without a look at its signature. @throws Refusal `CONTENT_INVALID` */
export function claimedDelegation(link: string): Signed<Delegation> {
  return claimedContent(link, delegationSchema);
}

export function signRevocation(revocation: Revocation, key: KeyObject): Promise<string> {
  return signAs(REVOCATION, revocation, key);
}

/** @throws Refusal `SIGNATURE_INVALID`, `CONTENT_INVALID` */
export function readRevocation(jws: string, signer: UserKey): Promise<Signed<Revocation>> {
  return readSigned(jws, REVOCATION, revocationSchema, signer);
}

/** What a revocation claims, without a look at its signature. @throws Refusal `CONTENT_INVALID` */
export function claimedRevocation(jws: string): Signed<Revocation> {
  return claimedContent(jws, revocationSchema);
}
