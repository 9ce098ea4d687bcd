import { comparable, dimensionOf } from '../quantities.js';
import { failed, note } from './check.js';
import type { Check } from './check.js';

export const quantity: Check = {
  name: 'quantity',
  proves:
    'Parent and child speak of the same kind of quantity in comparable units where they use the same name for it.',
  about: 'citation',
  examine({ child, parent }) {
    const own = child?.payload.results ?? [];
    const clash = own.find((result) =>
      parent.payload.results.some(
        (other) => other.quantity === result.quantity && dimensionOf(other) !== dimensionOf(result),
      ),
    );
    if (clash && comparable(clash, parent.payload.results).length === 0) {
      return failed(
        `Reports ${child?.id ?? ''} and ${parent.id} give ${clash.quantity} in units that cannot be compared.`,
      );
    }
    const shared = own.some((result) => comparable(result, parent.payload.results).length > 0);
    return own.length === 0 || shared
      ? []
      : note(
          `Reports ${child?.id ?? ''} and ${parent.id} share no quantity: this parent supports a derived or influence quantity.`,
        );
  },
};
