import { z } from 'zod';
import { chaincodeSchema, membershipChangeSchema } from '../../topology/index.js';
import { ENGINES } from '../engineName.js';

/**
 * Messages on a network's socket, each a line of JSON. The network speaks first: a client does not send a request that the network cannot
 * read, so no request is executed after its sender gave up.
 */
export const greetingSchema = z.object({
  pid: z.int().positive(),
  /** The `directoryId` of the data directory, which differs in a copy. */
  directory: z.string(),
});
export type Greeting = z.infer<typeof greetingSchema>;

/** Requests that change a network. */
export const changeSchema = z.union([
  z.strictObject({
    changeMembers: z.strictObject({ change: membershipChangeSchema, joinFrom: z.enum(['genesis', 'snapshot']) }),
  }),
  z.strictObject({ upgrade: chaincodeSchema }),
  z.strictObject({
    rotateAuthority: z.strictObject({ organisation: z.string(), authority: z.enum(['identity', 'tls']) }),
  }),
  z.strictObject({ rotateOrderer: z.string() }),
  /** Copies the data directory into this folder: it changes nothing, and nothing may change meanwhile. */
  z.strictObject({ copyTo: z.string() }),
]);
export type Change = z.infer<typeof changeSchema>;

/** All requests to a network. */
export const requestSchema = z.union([z.enum(['status', 'stop']), changeSchema]);
export type Request = z.infer<typeof requestSchema>;

const organisationSchema = z.object({
  id: z.string(),
  mspId: z.string(),
  gatewayEndpoint: z.string(),
  tlsHostName: z.string(),
  tlsCaCert: z.string(),
  profile: z.string(),
});

const statusSchema = z.object({
  pid: z.int().positive(),
  engine: z.enum(ENGINES),
  state: z.enum(['starting', 'running', 'stopping']),
  /** The organisations of the network and their endpoints; empty while it starts. */
  organisations: z.array(organisationSchema),
  /** The processes that it supervises. */
  processes: z.array(
    z.object({
      name: z.string(),
      pid: z.int().optional(),
      restarts: z.int(),
      lastEnd: z.string().optional(),
      operations: z.string().optional(),
    }),
  ),
});
/** The status of a network, as it reports it. */
export type NetworkStatus = z.infer<typeof statusSchema>;

const doneSchema = z.object({
  organisations: z.array(organisationSchema),
  upgrade: z
    .object({
      changed: z.boolean(),
      deployment: chaincodeSchema,
      packageIds: z.record(z.string(), z.string()),
    })
    .optional(),
});
/** Result of a change. */
export type Done = z.infer<typeof doneSchema>;

/** Replies of a network: any number of progress lines, then one of the others. */
export const replySchema = z.union([
  z.object({ progress: z.string() }),
  z.object({ status: statusSchema }),
  z.object({ stopped: z.literal(true) }),
  z.object({ done: doneSchema }),
  z.object({ error: z.object({ code: z.string(), message: z.string() }) }),
]);
export type Reply = z.infer<typeof replySchema>;
/** The last line of a reply without an error. */
export type Answer = Exclude<Reply, { progress: string } | { error: object }>;
