import type { AnchoredBatch, Filtered } from '@tracecal/gateway-client/application';
import type { Affected, Measurement, MeasurementReport } from '@tracecal/gateway-client/device';
import type { GateOutcome } from '@tracecal/gateway-client/device';
import type { Revocation, Story } from '../story.js';

/** What an instrument's gate found when it was switched on. */
export interface Boot {
  readonly device: string;
  readonly outcome: GateOutcome;
  /** Whether it started. */
  readonly started: boolean;
  readonly why: string;
}

/** What an instrument showed, and what that means. */
export interface Shown {
  readonly device: string;
  readonly measurements: number;
  /** Of the first one: as shown, and after its calibration report. */
  readonly shown: number;
  readonly first: Measurement;
}

/** Measurements that came over the network of a plant. */
export interface Passage {
  readonly filtered: Filtered;
  /** A sentence for each that was dropped. */
  readonly dropped: readonly string[];
}

/** A batch on the ledger of a site. */
export interface Anchored {
  readonly owner: string;
  readonly batch: AnchoredBatch;
}

/** One value, checked from one file without a network. */
export interface Proved {
  readonly file: string;
  readonly bytes: number;
  readonly report: MeasurementReport;
  /** Whether the ledger of the site holds the root that the file leads to: this alone was asked. */
  readonly anchored: boolean;
}

/** All that the demo did in the field, in the order in which it did it. */
export interface FieldStory {
  readonly network: Story['network'];
  readonly boots: readonly Boot[];
  readonly shown: readonly Shown[];
  readonly passage: Passage;
  readonly anchored: readonly Anchored[];
  readonly proved: Proved;
  readonly revoked: Revocation;
  readonly bootsAfter: readonly Boot[];
  readonly passageAfter: Passage;
  readonly affected: readonly Affected[];
  readonly provedAfter: Proved;
}
