import { instantOf } from '@tracecal/chaincode/model';
import type { Instant } from '@tracecal/chaincode/model';
import type { TraceOptions } from '@tracecal/chaincode/trace';
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
  /** Whether every edge says what each check compared, also where it holds (`compared`). */
  readonly explain?: boolean;
}

/** A question as the registry takes it: what is not asked for is left out, so that an earlier version understands it, too. */
type AskedOptions = Omit<TraceOptions, Later> & Partial<Pick<TraceOptions, Later>>;
type Later = 'explain';

export function traceOptionsOf(question: TraceQuestion): AskedOptions {
  const now = instantOf(Date.now());
  const {
    asOf = now,
    knownAt = null,
    quantity = null,
    intervalDays = null,
    maxAgeSeconds,
    roots,
    explain = false,
  } = question;
  return {
    asOf,
    knownAt,
    quantity,
    intervalDays,
    freshness: maxAgeSeconds === undefined ? null : { now, maxAgeSeconds },
    heartbeats: roots !== undefined && 'roots' in roots ? roots.heartbeats.k : null,
    roots: roots === undefined ? null : 'roots' in roots ? trustedRoots(roots) : roots,
    ...(explain && { explain }),
  };
}
