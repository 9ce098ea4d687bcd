import { instantOf } from '@tracecal/core/model';
import type { Disclosure, Instant } from '@tracecal/core/model';
import type { AskedAt, TraceOptions } from '@tracecal/core/trace';
import { inForce, trustedRoots } from './trust/index.js';
import type { Trust } from './trust/index.js';

/** A question about a device's traceability; see `TraceOptions` of the registry for the full meaning. */
export interface TraceQuestion {
  /** The moment in question, judged with today's knowledge about that moment; now if not given. */
  readonly asOf?: Instant;
  /** Counts only what the ledger contained by then; by default, what it contains now. */
  readonly knownAt?: Instant;
  /** The kind of quantity in question: `temperature`; all kinds if not given. */
  readonly quantity?: string;
  /** The asker's own recalibration interval for this device, in days. */
  readonly intervalDays?: number;
  /**
   * Maximum age, in seconds, of the newest heartbeat of the roots' institutes. With a trust file as `roots`, as many of its
   * institutes as the file requires must have a heartbeat of that age.
   */
  readonly maxAgeSeconds?: number;
  /**
   * The roots that the asker trusts: SHA-256 of their certificates in hex, or the content of a trust file. A trust file
   * requires recent heartbeats, so the question must state `maxAgeSeconds`. {@link trustedRoots} returns only its roots. A trust
   * file that may not be used now is refused (`TRUST_INVALID`).
   */
  readonly roots?: readonly string[] | Trust;
  /**
   * The registry that is meant, as verdicts name it (`calibration:01ab...`): another one's verdict is refused. By default the one
   * that the trust file names, if it names one.
   */
  readonly registry?: string;
  /**
   * The value in question, in the unit of the result, and the arguments: only the rows around them are judged. Needs
   * `quantity`, unless the device has results of one kind only.
   */
  readonly at?: { readonly value?: number; readonly arguments?: Readonly<Record<string, number | string>> };
  /**
   * What the asker was told of confidential results: see {@link readDisclosure}. It never leaves this machine: the trace then runs here, over the
   * records that peers or a replica give.
   */
  readonly disclosures?: readonly Disclosure[];
  /** Whether every edge reports what each check compared, also for checks that passed (`compared`). */
  readonly explain?: boolean;
}

/** Omits options that are not set, so that an earlier version of the registry understands the others, too. */
type AskedOptions = Omit<TraceOptions, Later> & Partial<Pick<TraceOptions, Later>>;
type Later = 'at' | 'explain';

/** A question in the form that the registry accepts. @throws TraceCalError `TRUST_INVALID` */
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
    ? { heartbeats: roots.heartbeats.k, roots: trustedRoots(inForce(roots)) }
    : { heartbeats: null, roots };
}

/** The registry that an asker means; undefined: any. */
export function registryMeant({ registry, roots }: TraceQuestion): string | undefined {
  return registry ?? (roots && 'roots' in roots ? roots.registry : undefined);
}

function askedAtOf({ value, arguments: all = {} }: NonNullable<TraceQuestion['at']>): AskedAt {
  return { value: value ?? null, arguments: Object.entries(all).map(([name, each]) => ({ name, value: each })) };
}
