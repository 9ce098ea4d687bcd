import { z } from 'zod';
import {
  ORGANISATION_KINDS,
  type ChaincodeDeployment,
  type Consortium,
  type MemberOrganisation,
} from './consortium.js';
import { firewallSchema } from './firewallSchema.js';
import { IPV4 } from './ipv4.js';
import { CHANNEL_NAME, DOMAIN, MSP_ID, SHORT_NAME } from './names.js';
import { DNS_NAME, port, shortName, wholeNumber } from './parts.js';

const hostLabel = z
  .string()
  .regex(SHORT_NAME, 'must be a host name without dots, in lower case')
  .max(63, 'must have at most 63 characters');
const domain = z
  .string()
  .regex(DOMAIN, 'must be a DNS domain in lower case')
  .max(200, 'must have at most 200 characters');
const mspId = z
  .string()
  .regex(MSP_ID, 'must be letters and digits, with single dots or hyphens between')
  .max(100, 'must have at most 100 characters');
const text = z.string().trim().min(1, 'must not be empty').max(200, 'must have at most 200 characters');
const places = {
  host: z
    .string()
    .max(200, 'must have at most 200 characters')
    .refine((host) => IPV4.test(host) || DNS_NAME.test(host), 'must be an IPv4 address or a DNS name in lower case')
    .exactOptional(),
  listen: z.string().regex(IPV4, 'must be an IPv4 address of its machine, or 0.0.0.0 for all of them').exactOptional(),
  operationsPort: port.exactOptional(),
};
const address = z
  .string()
  .regex(/^[^\s:/]+:\d{1,5}$|^\[[0-9a-fA-F:]+\]:\d{1,5}$/, 'must be <host>:<port>, without a scheme')
  .refine((place) => Number(/\d+$/.exec(place)?.[0]) <= 65_535, 'must have a port of at most 65535');
const policy = z.string().min(1, 'must not be empty').max(10_000, 'must have at most 10000 characters');

const userSchema = z.strictObject({
  name: z
    .string()
    .regex(
      /^[A-Za-z0-9]+(?:[._-][A-Za-z0-9]+)*$/,
      'must be letters and digits, with single dots, hyphens or underscores between',
    )
    .max(63, 'must have at most 63 characters')
    .refine((name) => name !== 'Admin', 'must not be Admin, which every organisation has anyway'),
  roles: z.array(shortName).default([]),
});

const organisationSchema = z
  .strictObject({
    id: shortName,
    mspId,
    name: text,
    kind: z.enum(ORGANISATION_KINDS, { error: `must be one of ${ORGANISATION_KINDS.join(', ')}` }).exactOptional(),
    domain,
    country: z.string().regex(/^[A-Z]{2}$/, 'must be a country code of two capitals (ISO 3166-1 alpha-2)'),
    peers: z.array(z.strictObject({ name: hostLabel, port, ...places })),
    shared: z.boolean().exactOptional(),
    users: z.array(userSchema).default([
      { name: 'User1', roles: ['recorder'] },
      { name: 'Reader', roles: [] },
    ]),
  })
  .superRefine(({ shared = false, peers }, context) => {
    if ((peers.length === 0) === shared) return;
    const message = shared
      ? 'must be empty: a shared organisation uses the peers of the NMIs'
      : 'must have at least one entry';
    context.addIssue({ code: 'custom', path: ['peers'], message, input: peers });
  });

const ordererSchema = z.strictObject({
  name: hostLabel,
  runBy: shortName,
  formerMember: z.boolean().exactOptional(),
  mspId,
  domain,
  ...places,
  port,
  listenPort: port.exactOptional(),
  adminPort: port,
  consenterId: wholeNumber(1, 65_535),
});

const channelSchema = z.strictObject({
  name: z
    .string()
    .regex(CHANNEL_NAME, 'must start with a lower-case letter and go on with those, digits, dots and hyphens')
    .max(249, 'must have at most 249 characters'),
  level: z
    .enum(['calibration', 'measurement', 'monitoring'], { error: 'must be calibration, measurement or monitoring' })
    .exactOptional(),
  compartment: shortName.exactOptional(),
  writers: z.array(shortName).min(1, 'must name at least one organisation'),
  readers: z.array(shortName).default([]),
  batch: z
    .strictObject({ maxMessages: wholeNumber(1, 100_000).default(500), timeoutMs: wholeNumber(1, 60_000).default(20) })
    .default({ maxMessages: 500, timeoutMs: 20 }),
});

const collectionSchema = z.strictObject({
  name: z
    .string()
    .regex(
      /^[A-Za-z0-9]+(?:[_-][A-Za-z0-9]+)*$/,
      'must be letters and digits, with single hyphens or underscores between',
    ),
  members: z.array(shortName).min(1, 'must name at least one organisation'),
  memberOnlyRead: z.boolean().default(true),
  memberOnlyWrite: z.boolean().default(true),
  requiredPeerCount: wholeNumber(0, 1000).default(0),
  maxPeerCount: wholeNumber(0, 1000).default(1),
  blockToLive: wholeNumber(0, Number.MAX_SAFE_INTEGER).default(0),
  endorsement: policy.exactOptional(),
});

const serviceTlsSchema = z
  .strictObject({
    caFile: z.string().min(1),
    certFile: z.string().min(1).exactOptional(),
    keyFile: z.string().min(1).exactOptional(),
  })
  .refine(
    ({ certFile, keyFile }) => (certFile === undefined) === (keyFile === undefined),
    'must have both certFile and keyFile, or neither',
  );

/** Variables of a chaincode's processes. Refined, not typed: for a value of a wrong type, zod would report the whole service as wrong. */
const environmentSchema = z.custom<Readonly<Record<string, string>>>().superRefine((variables: unknown, context) => {
  const found = z.record(z.string(), z.unknown()).safeParse(variables);
  if (!found.success) context.addIssue({ code: 'custom', message: 'must be a map of names and quoted texts' });
  for (const [name, value] of Object.entries(found.data ?? {})) {
    const message = whyNotAVariable(name, value);
    if (message !== undefined) context.addIssue({ code: 'custom', path: [name], message });
  }
});

function whyNotAVariable(name: string, value: unknown): string | undefined {
  if (!/^[A-Z][A-Z0-9_]*$/.test(name)) return 'must have a name of capitals, digits and underscores';
  // A process with another member's MSP id would answer for that member.
  if (name === 'CORE_PEER_LOCALMSPID') return 'is set by the network itself: leave it out';
  return typeof value === 'string' && !value.includes('\0') ? undefined : 'must be a quoted text';
}

const endorsementSchema = z.union([policy, z.record(z.string(), policy)], {
  error: 'must be an endorsement policy, or one for each channel',
});

/** Shape of a chaincode in the description. */
export const chaincodeSchema: z.ZodType<ChaincodeDeployment> = z.strictObject({
  name: z
    .string()
    .regex(
      /^[A-Za-z0-9]+(?:[_-][A-Za-z0-9]+)*$/,
      'must be letters and digits, with single hyphens or underscores between',
    )
    .refine(
      (name) => !['cscc', 'escc', 'lscc', 'qscc', 'vscc'].includes(name),
      "must not be cscc, escc, lscc, qscc or vscc, which are Fabric's own",
    ),
  channels: z.array(z.string()).min(1, 'must name at least one channel'),
  version: z.string().regex(/^[A-Za-z0-9_.+-]+$/, 'must be a quoted text of letters, digits and the signs . _ + -'),
  sequence: wholeNumber(1, Number.MAX_SAFE_INTEGER),
  endorsement: endorsementSchema,
  service: z.union(
    [
      z.strictObject({ package: z.string().min(1), environment: environmentSchema.exactOptional() }),
      z.strictObject({
        address,
        tls: serviceTlsSchema.exactOptional(),
      }),
    ],
    {
      error:
        'must be either { package: <npm package> }, with environment: { NAME: value } if its processes need that, or { address: <host:port> }, with tls: { caFile, certFile, keyFile } if it speaks TLS',
    },
  ),
  collections: z.array(collectionSchema).exactOptional(),
});

/** Shape of `consortium.yaml`, with its defaults. References are checked afterwards. */
export const consortiumSchema: z.ZodType<Consortium> = z.strictObject({
  name: shortName,
  organisations: z.array(organisationSchema).min(1, 'must have at least one entry'),
  orderers: z.array(ordererSchema).min(1, 'must have at least one entry'),
  channels: z.array(channelSchema).min(1, 'must have at least one entry'),
  chaincodes: z.array(chaincodeSchema).default([]),
  firewall: firewallSchema.exactOptional(),
});

/** An organisation that joins a consortium. */
export interface Joining {
  readonly organisation: MemberOrganisation;
  /** Its role on each channel that it enters. */
  readonly channels: Readonly<Record<string, 'writer' | 'reader'>>;
  /** The new endorsement policies, by chaincode. */
  readonly endorsement: Readonly<Record<string, ChaincodeDeployment['endorsement']>>;
}

/** Shape of a file about a joining organisation. */
export const joiningSchema: z.ZodType<Joining> = z.strictObject({
  organisation: organisationSchema,
  channels: z.record(z.string(), z.enum(['writer', 'reader'], { error: 'must be writer or reader' }), {
    error: 'must say of each channel whether it is a writer or a reader, like { calibration: writer }',
  }),
  endorsement: z.record(z.string(), endorsementSchema).default({}),
});

/** An organisation joins a consortium, or a member leaves it, with the endorsement policies that change. */
export type MembershipChange =
  { readonly join: Joining } | { readonly leave: string; readonly endorsement: Joining['endorsement'] };

/** Shape of a change sent to the process of a network. */
export const membershipChangeSchema: z.ZodType<MembershipChange> = z.union([
  z.strictObject({ join: joiningSchema }),
  z.strictObject({ leave: z.string(), endorsement: z.record(z.string(), endorsementSchema) }),
]);
