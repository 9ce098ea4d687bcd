import * as z from '../shape/index.js';
import { instant, QUANTITY, SHA256_HEX, shapeOf } from '../model/index.js';
import type { Instant } from '../model/index.js';
import { askedAt } from './at/askedAt.js';
import type { AskedAt } from './at/askedAt.js';

/** Length of the longest chain that is followed; a longer one fails. The paper measured 50. */
export const MAX_LEVELS = 64;
/** Most edges that are followed in one trace, whatever the fan-in. */
export const MAX_EDGES = 1024;

export interface TraceOptions {
  /** The moment the question is about. What is known today about that moment counts. */
  readonly asOf: Instant;
  /** Only what the ledger contained by then counts; null: what it contains now. */
  readonly knownAt: Instant | null;
  /** The kind of quantity that is asked about; null: all that the device's current reports give. */
  readonly quantity: string | null;
  /** Overrides the owner's recalibration interval for the traced device; null: the owner's own. */
  readonly intervalDays: number | null;
  /** How old the newest heartbeat of the roots' institutes may be at `now`; null: any age, even none. */
  readonly freshness: { readonly now: Instant; readonly maxAgeSeconds: number } | null;
  /**
   * How many of the institutes whose root certificates the asker trusts have to have a heartbeat of that age; null: one of the
   * roots' institutes, trusted or not.
   */
  readonly heartbeats: number | null;
  /** SHA-256 of the root certificates that the asker trusts, hex; null: the asker looks at the roots in the verdict. */
  readonly roots: readonly string[] | null;
  /** The value and the arguments that are asked about: the rows around them are judged; null: all rows. */
  readonly at: AskedAt | null;
  /** Whether every edge says what each check compared, also where it holds. */
  readonly explain: boolean;
}

/** Options of a walk; the freshness of records is checked at its end. */
export type WalkOptions = Omit<TraceOptions, 'freshness' | 'heartbeats'>;
/** The same options without the moment. */
export type Asked = Omit<WalkOptions, 'asOf'>;

export const optionsShape = z.strictObject({
  asOf: instant,
  knownAt: z._default(z.nullable(instant), null),
  quantity: z._default(
    z.nullable(z.string().check(z.regex(QUANTITY, 'must be a lower-case word like "temperature"'))),
    null,
  ),
  intervalDays: z._default(z.nullable(z.int().check(z.minimum(1), z.maximum(36_500))), null),
  freshness: z._default(z.nullable(z.strictObject({ now: instant, maxAgeSeconds: z.int().check(z.minimum(1)) })), null),
  heartbeats: z._default(z.nullable(z.int().check(z.minimum(1), z.maximum(1000))), null),
  roots: z._default(
    z.nullable(
      z
        .array(
          z
            .string()
            .check(z.regex(SHA256_HEX, 'must be the SHA-256 of a root certificate: 64 lower-case hexadecimal digits')),
        )
        .check(z.minLength(1), z.maxLength(64)),
    ),
    null,
  ),
  at: z._default(z.nullable(askedAt), null),
  explain: z._default(z.boolean(), false),
});

const schema = optionsShape.check(
  z.refine(({ heartbeats, roots }) => heartbeats === null || roots !== null, {
    path: ['heartbeats'],
    message: 'counts those of the roots that the question trusts: name them',
  }),
  z.refine(({ heartbeats, freshness }) => heartbeats === null || freshness !== null, {
    path: ['heartbeats'],
    message: 'counts recent ones: state the age with freshness (maxAgeSeconds)',
  }),
);

/** Options from outside, with defaults. @throws RegistryError `INPUT_INVALID` */
export function traceOptions(value: unknown): TraceOptions {
  return shapeOf(schema, 'trace options', value);
}
