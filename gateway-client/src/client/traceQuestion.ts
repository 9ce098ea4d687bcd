import { instantOf } from '@tracecal/core/model';
import type { Instant } from '@tracecal/core/model';
import type { AskedAt, TraceOptions } from '@tracecal/core/trace';
import { trustedRoots } from './trust/index.js';
import type { Trust } from './trust/index.js';

/** The question that is put to a device; see `TraceOptions` of the registry for the full meaning. */
export interface TraceQuestion {
  /** The moment it is about, with what is known today about that moment; now if not given. */
  readonly asOf?: Instant;
  /** Only what the ledger held by then counts; what it holds now if not given. */
  readonly knownAt?: Instant;
  /** The kind of quantity that is asked about: `temperature`; all if not given. */
  readonly quantity?: string;
  /** The asker's own recalibration interval for this device, in days. */
  readonly intervalDays?: number;
  /**
   * How old, in seconds, the newest heartbeat of the roots' institutes may be. With a trust file as `roots`, as many of its
   * institutes as it says have to have a heartbeat of that age.
   */
  readonly maxAgeSeconds?: number;
  /**
   * The roots that the asker trusts: SHA-256 of their certificates in hex, or a trust file's content, which counts recent
   * heartbeats: a question with it states `maxAgeSeconds`. {@link trustedRoots} are its roots alone.
   */
  readonly roots?: readonly string[] | Trust;
  /**
   * The value, in the unit of the result, and the arguments that are asked about: only the rows around them are judged. Needs
   * `quantity`, unless the device has results of one kind only.
   */
  readonly at?: { readonly value?: number; readonly arguments?: Readonly<Record<string, number | string>> };
  /** Whether every edge says what each check compared, also where it holds (`compared`). */
  readonly explain?: boolean;
}

/** What is not asked for is left out, so that an earlier version of the registry understands the others, too. */
type AskedOptions = Omit<TraceOptions, Later> & Partial<Pick<TraceOptions, Later>>;
type Later = 'at' | 'explain';

/** A question as the registry takes it. */
export function traceOptionsOf(question: TraceQuestion): AskedOptions {
  const now = instantOf(Date.now());
  const {
    asOf = now,
    knownAt = null,
    quantity = null,
    intervalDays = null,
    maxAgeSeconds,
    roots,
    at,
    explain = false,
  } = question;
  return {
    asOf,
    knownAt,
    quantity,
    intervalDays,
    freshness: maxAgeSeconds === undefined ? null : { now, maxAgeSeconds },
    ...trusted(roots),
    ...(at && { at: askedAtOf(at) }),
    ...(explain && { explain }),
  };
}

function trusted(roots: TraceQuestion['roots']): Pick<TraceOptions, 'heartbeats' | 'roots'> {
  if (roots === undefined) {
    return { heartbeats: null, roots: null };
  }
  return 'roots' in roots
    ? { heartbeats: roots.heartbeats.k, roots: trustedRoots(roots) }
    : { heartbeats: null, roots };
}

function askedAtOf({ value, arguments: all = {} }: NonNullable<TraceQuestion['at']>): AskedAt {
  return { value: value ?? null, arguments: Object.entries(all).map(([name, each]) => ({ name, value: each })) };
}
