import type { Instant } from '@tracecal/core/model';

/**
 * An instrument that the monitor looks after, as the operator's list says. Cohorts, slices and reports are made by these members: whoever needs
 * another way to group instruments adds a member here.
 */
export interface Instrument {
  /** The device in the registry: `oem-a/RP4-0815`. */
  readonly device: string;
  readonly site: string;
  /** The organisation that owns it. Without one it is in nobody's slice. */
  readonly operator?: string;
  readonly department?: string;
  /** The word of the operator for what it is: `thermometer`. */
  readonly kind?: string;
  readonly model?: string;
  readonly firmware?: string;
  /** The batch of the maker that it came from. */
  readonly batch?: string;
  /** Who calibrated it last: an organisation's id. */
  readonly laboratory?: string;
  /** Its place on a production line: the line's name, and its number from the beginning. */
  readonly line?: { readonly name: string; readonly position: number };
  /** The largest error allowed, in the unit of its values. */
  readonly largestError?: number;
  readonly due?: Instant;
  /** The standard that it is compared with. */
  readonly checkStandard?: string;
}

/** What instruments can have in common. */
export const COHORTS = ['model', 'firmware', 'batch', 'laboratory', 'site', 'department', 'kind'] as const;
export type CohortName = (typeof COHORTS)[number];
