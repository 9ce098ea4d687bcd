import { comparable, covers, siPoints, supportOf } from '../quantities.js';
import { holds, note } from './check.js';
import type { Check } from './check.js';

/** Every value lies where one of the report's parents was calibrated. What is derived or extrapolated is only noted. */
export const range: Check = {
  name: 'range',
  about: 'report',
  costly: true,
  examine({ report, parents }) {
    const { id } = report;
    if (parents.length === 0) {
      return holds;
    }
    const available = parents.flatMap(({ counted }) => counted);
    const beyond = report.counted.filter((result) => {
      const supports = comparable(result, available).map(supportOf);
      return siPoints(result).some(({ value }) => !supports.some((support) => covers(support, value)));
    });
    const quantities = [...new Set(beyond.map(({ quantity }) => quantity))];
    return quantities.length === 0
      ? holds
      : note(
          `Report ${id} gives ${quantities.join(' and ')} where none of its registered parents was calibrated: extrapolated or derived.`,
        );
  },
};
