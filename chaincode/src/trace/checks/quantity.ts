import { comparable, dimensionOf } from '../quantities.js';
import { failed, note } from './check.js';
import type { Check } from './check.js';

/** A report and what relies on it speak of the same kind of quantity in comparable units where they use the same name for it. */
export const quantity: Check = {
  name: 'quantity',
  about: 'citation',
  examine({ reliant, report }) {
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
