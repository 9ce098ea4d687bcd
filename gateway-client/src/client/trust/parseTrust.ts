import { IDENTIFIER, instant, issueText, parseJson } from '@tracecal/core/model';
import type { JsonLimits } from '@tracecal/core/model';
import { base64Bytes } from '@tracecal/core/platform';
import * as z from '@tracecal/core/shape';
import { configurationOf } from './channel.js';
import { mspOf, TRUSTED_ENGINES } from './endorsers.js';
import { TRUST_TYPE } from './trust.js';
import type { TrustedChannel } from './channel.js';
import type { Endorsers } from './endorsers.js';
import type { Trust, Validity } from './trust.js';

const MAX_ROOTS = 1000;
/** As many as an MSP may have CAs. */
const MAX_CERTIFICATES = 100;
/** A configuration, which is one message of the orderers, and some more. */
const LIMITS: JsonLimits = { maxLength: 16_777_216, maxDepth: 8 };

const sha256 = z.string().check(z.regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hexadecimal digits'));
export const base64 = z.string().check(
  z.minLength(4),
  z.refine((value) => base64Bytes(value) !== undefined, 'must be base64'),
);
const named = z.string().check(z.minLength(1), z.maxLength(256));
const wholeNumber = z.int('must be a whole number');
const certificates = z.array(base64).check(z.maxLength(MAX_CERTIFICATES));
const unit = z.strictObject({ unit: named, certifier: z.nullable(base64) });

const organisation = z.strictObject({
  mspId: named,
  roots: z.array(base64).check(z.maxLength(MAX_CERTIFICATES), z.minLength(1, 'must name at least one certificate')),
  intermediates: certificates,
  revocations: certificates,
  nodeOus: z.strictObject({
    client: z.optional(unit),
    peer: unit,
    admin: z.optional(unit),
    orderer: z.optional(unit),
  }),
});

export const trustShape = z.strictObject({
  type: z.literal(TRUST_TYPE, `must be "${TRUST_TYPE}"`),
  roots: z
    .array(
      z.strictObject({
        name: z.string().check(z.regex(IDENTIFIER, 'must be an id like "nmi-north"')),
        sha256,
      }),
    )
    .check(
      z.minLength(1, 'must name at least one root'),
      z.maxLength(MAX_ROOTS, `must name at most ${MAX_ROOTS} roots`),
    ),
  heartbeats: z.strictObject({ k: wholeNumber }),
  registry: z.optional(
    z
      .string()
      .check(
        z.regex(
          /^[^:]{1,249}:[0-9a-f]{64}$/,
          'must be a channel and the digest of a founding, like "calibration:01ab..."',
        ),
      ),
  ),
  endorsers: z.optional(
    z.strictObject({
      k: wholeNumber,
      engine: z.enum(TRUSTED_ENGINES),
      organisations: z
        .array(organisation)
        .check(
          z.minLength(1, 'must name at least one organisation'),
          z.maxLength(MAX_ROOTS, `must name at most ${MAX_ROOTS} organisations`),
        ),
    }),
  ),
  channel: z.optional(
    z.strictObject({
      name: z.string().check(z.minLength(1), z.maxLength(249)),
      genesis: sha256,
      sequence: wholeNumber.check(z.minimum(0)),
      configuration: base64,
    }),
  ),
  validity: z.optional(z.strictObject({ from: instant, to: instant })),
});

/** @throws Error with a message that completes the sentence "The trust file cannot be used: ..." */
export function parseTrust(text: string): Trust {
  return checkedTrust(parseJson(text, LIMITS));
}

/** A trust that fulfils every condition of its type. @throws Error as {@link parseTrust} */
export function checkedTrust(value: unknown): Trust {
  const parsed = trustShape.safeParse(value);
  if (!parsed.success) {
    throw new Error(complaintOf(parsed.error.issues[0]));
  }
  const { type, roots, heartbeats, registry, endorsers, channel, validity } = parsed.data;
  refuseTwice('roots', 'name', roots);
  refuseTwice('roots', 'sha256', roots);
  requireWithin('heartbeats.k', heartbeats.k, counted(roots, 'root'));
  return {
    type,
    roots: roots.sort((a, b) => (a.name < b.name ? -1 : 1)),
    heartbeats,
    ...(registry !== undefined && { registry }),
    ...(endorsers && { endorsers: checkedEndorsers(endorsers as Endorsers) }),
    ...(channel && { channel: checkedChannel(channel) }),
    ...(validity && { validity: checkedValidity(validity) }),
  };
}

function checkedEndorsers({ k, engine, organisations }: Endorsers): Endorsers {
  refuseTwice('organisations', 'mspId', organisations);
  requireWithin('endorsers.k', k, counted(organisations, 'organisation'));
  const sorted = [...organisations].sort((a, b) => (a.mspId < b.mspId ? -1 : 1));
  for (const each of sorted) readable(`endorsers: ${each.mspId}`, () => mspOf(each));
  return { k, engine, organisations: sorted };
}

function checkedChannel(channel: TrustedChannel): TrustedChannel {
  readable('channel', () => configurationOf(channel));
  return channel;
}

function checkedValidity(validity: Validity): Validity {
  if (validity.to <= validity.from) {
    throw new Error(`validity: it ends at ${validity.to}, before it begins.`);
  }
  return validity;
}

function readable(what: string, read: () => unknown): void {
  try {
    read();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`${what} cannot be read: ${why}`, { cause });
  }
}

/** Unknown members are refused: otherwise they would be ignored silently. */
function complaintOf(issue: z.core.$ZodIssue | undefined): string {
  const where = issue?.path.map(String).join('.') ?? '';
  if (issue?.code === 'unrecognized_keys') {
    const place = where === '' ? 'section' : `member of ${where}`;
    return `this version knows no ${place} "${issue.keys[0] ?? ''}".`;
  }
  return `${where === '' ? 'the document' : where}: ${issue ? issueText(issue) : 'has the wrong shape'}.`;
}

function refuseTwice<K extends string>(what: string, member: K, all: readonly Readonly<Record<K, string>>[]): void {
  const seen = new Set<string>();
  for (const each of all) {
    if (seen.has(each[member])) {
      throw new Error(`two ${what} have the ${member} ${each[member]}.`);
    }
    seen.add(each[member]);
  }
}

function requireWithin(name: string, k: number, [most, of]: readonly [number, string]): void {
  if (k < 1 || k > most) {
    throw new Error(`${name} is ${k}; with ${of} it must be ${most === 1 ? '1' : `a number from 1 to ${most}`}.`);
  }
}

function counted({ length }: readonly unknown[], one: string): readonly [number, string] {
  return [length, length === 1 ? `1 ${one}` : `${length} ${one}s`];
}
