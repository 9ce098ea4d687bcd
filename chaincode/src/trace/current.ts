import { dateOf } from '../model/index.js';
import type { Instant } from '../model/index.js';
import type { OpenDevice } from './open/opener.js';
import { reaches } from './open/ownership.js';

/** A report on which a device relies, for some kinds of quantity. */
export interface CurrentReport {
  readonly report: string;
  readonly quantities: readonly string[];
}

/**
 * The reports that a device relied on at a moment: for each kind of quantity the one that its owner accepted last, of
 * those whose calibration was finished. A report that has fallen since stays: it fails, and no older one takes its place.
 */
export function currentReports(
  device: Pick<OpenDevice, 'decisions' | 'since'>,
  asOf: Instant,
  quantity: string | null = null,
): readonly CurrentReport[] {
  const accepted = device.decisions
    .filter((each) => each.accepts && each.performed <= dateOf(asOf) && reaches(device, each, asOf))
    .toReversed();
  const chosen = new Map<string, string>();
  for (const decision of accepted) {
    for (const name of decision.quantities) {
      if (!chosen.has(name) && (quantity === null || quantity === name)) {
        chosen.set(name, decision.report);
      }
    }
  }
  // A report without results is current only where nothing else is: it takes the place of none.
  const [first] = accepted;
  if (chosen.size === 0 && first && quantity === null) {
    return [{ report: first.report, quantities: [] }];
  }
  const reports = [...new Set(chosen.values())];
  return reports.map((report) => ({
    report,
    quantities: [...chosen].flatMap(([name, by]) => (by === report ? [name] : [])).sort(),
  }));
}
