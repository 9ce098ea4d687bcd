import { comparable, dimensionOf } from '../quantities.js';
import { failed, missing, note } from './check.js';
import type { Check } from './check.js';

/**
 * A report gives the kinds of quantity for which it, or the one that it amends, is relied on. It and what relies on it speak of
 * the same kind in comparable units where they use the same name for it.
 */
export const quantity: Check = {
  name: 'quantity',
  about: 'citation',
  costly: true,
  examine({ cited, reliant, report, needed }) {
    const gone = needed.filter((kind) => !report.payload.results.some((result) => result.quantity === kind));
    if (gone.length > 0) {
      return missing(
        `Report ${report.id} gives no ${gone.join(' and no ')}, for which report ${cited.id} is relied on: rely on another calibration that does.`,
      );
    }
    const own = reliant ? reliant.counted : [];
    const available = report.counted;
    const clash = own.find((result) =>
      available.some((other) => other.quantity === result.quantity && dimensionOf(other) !== dimensionOf(result)),
    );
    if (clash && comparable(clash, available).length === 0) {
      return failed(
        `Reports ${reliant?.id ?? ''} and ${report.id} give ${clash.quantity} in units that cannot be compared.`,
      );
    }
    const shared = own.some((result) => comparable(result, available).length > 0);
    return own.length === 0 || shared
      ? []
      : note(
          `Reports ${reliant?.id ?? ''} and ${report.id} share no quantity: this parent supports a derived or influence quantity.`,
        );
  },
};
