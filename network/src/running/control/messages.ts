import { z } from 'zod';
import { chaincodeSchema, membershipChangeSchema } from '../../topology/index.js';

/** What a running network may be asked for. */
export const requestSchema = z.union([
  z.strictObject({
    changeMembers: z.strictObject({ change: membershipChangeSchema, joinFrom: z.enum(['genesis', 'snapshot']) }),
  }),
  z.strictObject({ upgrade: chaincodeSchema }),
  z.strictObject({
    rotateAuthority: z.strictObject({ organisation: z.string(), authority: z.enum(['identity', 'tls']) }),
  }),
  z.strictObject({ rotateOrderer: z.string() }),
]);
export type Request = z.infer<typeof requestSchema>;

const upgradeSchema = z.object({
  changed: z.boolean(),
  deployment: chaincodeSchema,
  packageIds: z.record(z.string(), z.string()),
});

const doneSchema = z.object({
  /** Who is in the network now, and where they are reached. */
  organisations: z.array(
    z.object({
      id: z.string(),
      mspId: z.string(),
      gatewayEndpoint: z.string(),
      tlsHostName: z.string(),
      tlsCaCert: z.string(),
      profile: z.string(),
    }),
  ),
  upgrade: upgradeSchema.optional(),
});

/** What the network answers. */
export const answerSchema = z.union([
  doneSchema,
  z.object({ error: z.object({ code: z.string(), message: z.string() }) }),
]);
export type Done = z.infer<typeof doneSchema>;
