import type { Instant } from '@tracecal/core/model';
import { key } from '@tracecal/core/registry';

/** Every key of a monitoring compartment's state. */
export const keys = {
  /** Assessment. */
  assessment: (time: Instant, txId: string) => key('assessment', time, txId),
  /** The first assessment at this moment or later. */
  assessmentFrom: (time: Instant) => key('assessment', time),
  assessments: () => key('assessment'),
} as const;
