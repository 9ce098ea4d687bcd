import type { Instant } from '@tracecal/core/model';
import type { Item } from '@tracecal/gateway-client';

/** A statement that was registered. */
export interface Registered {
  /** What the registry calls it. */
  readonly id: string;
  readonly transaction: string;
}

export interface TraceQuestion {
  readonly quantity?: string;
  /** A value with its unit, as `tracecal trace --at` takes it. */
  readonly at?: string;
  readonly asOf?: Instant;
}

/** Whether a device traces. */
export interface TraceAnswer {
  readonly status: 'TRACEABLE' | 'ATTESTED' | 'INCOMPLETE' | 'FAILED';
  /** The check that decided; null for `TRACEABLE`. */
  readonly check: string | null;
  readonly reason: string;
  readonly asOf: Instant;
  /** The whole verdict. */
  readonly verdict?: unknown;
}

/** What a bundle shows, without any question to a ledger. */
export interface VerifiedBundle {
  readonly isSound: boolean;
  readonly says: string;
  /** The whole report about it. */
  readonly report?: unknown;
}

/** The registry, for the whole consortium. Only {@link SlicedRegistry} may ask it for users. */
export interface WholeRegistry {
  /** The device that a report is about, or the report that an acceptance names; undefined where it is about something else. */
  deviceOf(item: Item): Promise<string | undefined>;
  /** Registers a report. */
  issue(item: Item): Promise<Registered>;
  /** Registers an owner's acceptance. */
  accept(item: Item): Promise<Registered>;
  trace(device: string, question: TraceQuestion): Promise<TraceAnswer>;
  verify(bundle: unknown): Promise<VerifiedBundle>;
}
