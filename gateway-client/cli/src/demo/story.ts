import type { AffectedDevice, TracesRecorded, VerdictCounts } from '@tracecal/core/contracts';
import type { DeviceKind, RevocationReason } from '@tracecal/core/model';
import type { Verdict } from '@tracecal/core/trace';
import type { Announced, Committed } from '@tracecal/gateway-client';
import type { Failure, Heartbeat, NewlyImported } from '@tracecal/gateway-client/application';
import type { EngineName } from '@tracecal/network/engine';

/** A step of the demo that wrote to the ledger. */
export interface Evidence {
  readonly what: string;
  readonly committed: Announced;
}

/** A verdict and how long it took to get, in milliseconds, seen by the client. */
export interface TimedTrace {
  readonly verdict: Verdict;
  readonly ms: number;
}

export interface ImportedDevice {
  readonly kind: DeviceKind;
  readonly imported: NewlyImported;
}

/** A certificate file that did not become a report, and why. */
export interface RefusedFile {
  readonly file: string;
  readonly error: Failure;
}

export interface Revocation {
  readonly device: string;
  readonly owner: string;
  readonly reason: RevocationReason;
  readonly committed: Announced;
}

/** Verdicts that a sensor maker put on record at its site, as the site's monitor read them. */
export interface SiteRecord {
  readonly channel: string;
  readonly owner: string;
  readonly devices: readonly string[];
  readonly committed: Committed<TracesRecorded>;
  readonly monitor: string;
  readonly counts: VerdictCounts;
}

/** All that the demo did, in the order in which it did it. */
export interface Story {
  readonly network: {
    readonly engine: EngineName;
    readonly data: string;
    /** Whether the data is removed at the end. */
    readonly temporary: boolean;
    readonly readyMs: number;
    readonly organisations: readonly {
      readonly id: string;
      readonly mspId: string;
      readonly gatewayEndpoint: string;
    }[];
  };
  readonly reports: readonly ImportedDevice[];
  readonly refused: readonly RefusedFile[];
  readonly heartbeat: Heartbeat;
  readonly traces: readonly TimedTrace[];
  readonly revoked: Revocation;
  readonly tracesAfter: readonly TimedTrace[];
  readonly sites: readonly SiteRecord[];
  readonly affected: readonly AffectedDevice[];
  readonly evidence: readonly Evidence[];
}
