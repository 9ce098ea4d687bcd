import { holds, missing } from './check.js';
import type { Check } from './check.js';

/** A report gives the kinds of quantity for which it is relied on, or for which the report that it amends is. */
export const quantity: Check = {
  name: 'quantity',
  about: 'citation',
  examine({ cited, report, needed }) {
    const gone = needed.filter((kind) => !report.payload.results.some((result) => result.quantity === kind));
    return gone.length === 0
      ? holds
      : missing(
          `Report ${report.id} gives no ${gone.join(' and no ')}, for which report ${cited.id} is relied on: rely on another calibration that does.`,
        );
  },
  told({ report, needed }) {
    const given = report.payload.results.map(({ quantity: kind }) => kind);
    return [`Report ${report.id} is relied on for ${needed.join(', ')}, and gives ${given.join(', ')}.`];
  },
};
