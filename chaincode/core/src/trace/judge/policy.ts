import type { RegistryPolicy } from '../../model/index.js';
import { CMC_POLICY } from '../cmc/index.js';
import type { CmcPolicy } from '../cmc/index.js';
import { DEFAULT_SUPPORT_POLICY } from '../support/index.js';
import type { SupportPolicy } from '../support/index.js';

/** The thresholds of all checks, with those that the registry's policy sets. */
export interface JudgingPolicy {
  readonly support: SupportPolicy;
  readonly cmc: CmcPolicy;
}

const DEFAULT: JudgingPolicy = { support: DEFAULT_SUPPORT_POLICY, cmc: CMC_POLICY };

export function judgingPolicy({ thresholds }: RegistryPolicy): JudgingPolicy {
  return thresholds
    ? {
        support: { ...DEFAULT_SUPPORT_POLICY, ...thresholds },
        cmc: { ...CMC_POLICY, accept: 1 - thresholds.floorTolerance, edge: thresholds.edge },
      }
    : DEFAULT;
}
