import { MAX_NONCE } from '@tracecal/core/contracts';
import { disclosureSchema, instant, shapeOf } from '@tracecal/core/model';
import type { Disclosure, Instant } from '@tracecal/core/model';
import * as z from '@tracecal/core/shape';
import { TRUSTED_ENGINES } from '../../client/trust/endorsers.js';
import type { Endorsers } from '../../client/trust/endorsers.js';
import type { Validity } from '../../client/trust/trust.js';
import type { EndorsedAsked } from './endorsed.js';
import type { FreshnessAsked } from './fresh.js';
import { countShape, logShape, rootsShape, seenShape } from './log/shapes.js';

/** What a verifier brings: nothing of it comes with the bundle. */
export interface Asked extends EndorsedAsked {
  /** SHA-256 of the root certificates that the verifier trusts, hex. */
  readonly roots: readonly string[];
  /** The registry that is meant; absent: any that the roots have signed. */
  readonly registry?: string | undefined;
  /** The device that is meant; absent: any. */
  readonly device?: string | undefined;
  /**
   * The moment that is asked about, if the bundle's records answer that. Absent: with a change log the moment that it is judged at, because
   * nothing is fresh for somebody else's moment; without one the bundle's.
   */
  readonly asOf?: Instant | undefined;
  /** Only what the ledger contained by then counts. Absent: all, whatever the bundle's maker asked. */
  readonly knownAt?: Instant | undefined;
  /** Overrides the owner's recalibration interval. Absent: the owner's own, whatever the bundle's maker asked. */
  readonly intervalDays?: number | undefined;
  /** What the verifier was told of confidential results: no bundle carries that. */
  readonly disclosures?: readonly Disclosure[] | undefined;
  /** Whether every edge says what each check compared. */
  readonly explain?: boolean;
  /** The change log, and how recent it has to be. Without it nothing is said about freshness. */
  readonly fresh?: FreshnessAsked;
  /** When all this may be used, by the clock of `fresh` or, without it, of this machine. Absent: always. */
  readonly validity?: Validity | undefined;
}

/** Options of which each has to be known here: one that was forgotten would be refused as misspelt. */
type ShapeOf<Options> = Readonly<Record<keyof Options, z.ZodMiniType>>;

const freshShape = z.strictObject({
  log: logShape,
  k: countShape,
  clock: z.nullable(z.strictObject({ now: instant, maxAgeSeconds: countShape })),
  seen: z.nullable(seenShape),
} satisfies ShapeOf<FreshnessAsked>);

/** Their certificates are read when somebody's signature is checked, and the channel's configuration likewise. */
const endorsersShape = z.looseObject({
  k: countShape,
  engine: z.enum(TRUSTED_ENGINES),
  organisations: z.array(z.looseObject({ mspId: z.string() })).check(z.minLength(1)),
});

const shape = z.strictObject({
  roots: rootsShape,
  registry: z.optional(z.string()),
  device: z.optional(z.string()),
  asOf: z.optional(instant),
  knownAt: z.optional(instant),
  intervalDays: z.optional(countShape),
  explain: z.optional(z.boolean()),
  disclosures: z.optional(z.array(disclosureSchema)),
  fresh: z.optional(freshShape),
  channel: z.optional(z.looseObject({ name: z.string() })),
  endorsers: z.optional(endorsersShape),
  nonce: z.optional(z.string().check(z.maxLength(MAX_NONCE))),
  validity: z.optional(z.strictObject({ from: instant, to: instant })),
  // The rest of a trust file: programs bring it whole.
  type: z.optional(z.string()),
  heartbeats: z.optional(z.looseObject({ k: countShape })),
} satisfies ShapeOf<Asked> & Readonly<Record<'type' | 'heartbeats', z.ZodMiniType>>);

/** Whose peers count, if a trust names them. @throws RegistryError `INPUT_INVALID` */
export function requireEndorsers(endorsers: Endorsers | undefined): void {
  shapeOf(z.optional(endorsersShape), 'list of endorsers in the trust', endorsers);
}

/** Refuses what means nothing, and names that do not exist. @throws RegistryError `INPUT_INVALID` */
export function requireAsked(asked: Asked): void {
  shapeOf(shape, "verifier's question", asked);
}
