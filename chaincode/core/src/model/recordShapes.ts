import * as z from '../shape/index.js';
import { MAX_INSTITUTES, MAX_KEYS, MAX_OF_AN_AUTHOR, MAX_RESULTS } from './bounds.js';
import type {
  DeviceRecord,
  Entry,
  HeartbeatRecord,
  OrganisationRecord,
  OwnerEntry,
  PersonRecord,
  RegistryRecord,
  ReportRecord,
} from './records.js';
import { resultSchema } from './resultSchema.js';
import type { Result } from './results.js';
import { acceptanceSchema, inclusionSchema, jwsSchema } from './schemas.js';
import { certificate, identifier, instant, organisationId, ownedId } from './shapes.js';

// On the ledger there is only what the contract wrote. These shapes are for records that come from anywhere else. What is
// signed in them is checked where it is read.

/** More than any record may have: a trace has limits of its own. */
const MOST = 4096;

const count = z.int().check(z.minimum(0));
const registered = z.strictObject({ epoch: count, date: instant, decisions: count, txId: identifier });
const entry = z.strictObject({ jws: jwsSchema, registered });
const certified = z.strictObject({ jws: jwsSchema, registered, certificate });
const perhapsCertified = z.strictObject({ jws: jwsSchema, registered, certificate: z.exactOptional(certificate) });
const ownerEntry = z.strictObject({ jws: jwsSchema, registered, applied: z.exactOptional(acceptanceSchema) });

const several = <T>(each: z.ZodMiniType<T>, most = MOST) => z.array(each).check(z.maxLength(most));
/** One author makes all of these, and the registry takes no more: each keyring reads all of them. */
const ownKeys = several(certified, MAX_KEYS);

/** The records that a trace reads, each in the shape that the contract gives it. */
export interface RecordShapes {
  readonly founding: RegistryRecord;
  readonly organisation: OrganisationRecord;
  readonly person: PersonRecord;
  readonly device: DeviceRecord;
  readonly report: ReportRecord;
  readonly results: readonly Result[];
  readonly settled: readonly OwnerEntry[];
  readonly consents: readonly Entry[];
  readonly reviews: readonly Entry[];
  readonly confirmations: readonly Entry[];
  readonly vouchings: readonly Entry[];
  readonly heartbeat: HeartbeatRecord;
}

export const recordShapes: { readonly [Kind in keyof RecordShapes]: z.ZodMiniType<RecordShapes[Kind]> } = {
  founding: z.strictObject({
    founding: entry,
    certificates: z.array(certificate).check(z.minLength(1), z.maxLength(MAX_INSTITUTES)),
    changes: several(perhapsCertified),
  }),
  organisation: z.strictObject({
    id: organisationId,
    memberships: ownKeys,
    accreditations: several(entry),
    requirements: several(entry),
    impediments: several(entry),
  }),
  person: z.strictObject({
    id: ownedId,
    authorisations: several(certified, MAX_OF_AN_AUTHOR),
    impediments: several(entry),
  }),
  device: z.strictObject({
    id: ownedId,
    imprints: ownKeys,
    ownership: several(ownerEntry),
    settledUntil: z.nullable(instant),
    impediments: several(entry),
  }),
  report: z.strictObject({
    id: ownedId,
    statement: entry,
    anchor: z.exactOptional(z.strictObject({ ...inclusionSchema.shape, registered })),
    supersededBy: z.nullable(ownedId),
    impediments: several(entry),
    fuller: z.exactOptional(z.strictObject({ report: ownedId, accepted: instant })),
  }),
  results: z.array(resultSchema).check(z.minLength(1), z.maxLength(MAX_RESULTS)),
  settled: several(ownerEntry),
  consents: several(entry),
  reviews: several(entry),
  confirmations: several(entry),
  vouchings: several(entry),
  heartbeat: z.strictObject({ institute: organisationId, statement: entry }),
};
