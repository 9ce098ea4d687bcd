import type { AccreditationLine, Cmc } from './cmc.js';
import { kindNamed } from './kinds.js';
import { withUnit } from './unitText.js';

/**
 * Why a line allows any uncertainty at the value zero: its CMC is only a part of the value, and zero is a value like any other there, as
 * 0 °C is; undefined if it does not. Kinds that are not published may have a natural zero.
 */
export function whyNoLimitAtZero({ quantity, unit, min, max, cmc }: AccreditationLine): string | undefined {
  const kind = kindNamed(quantity);
  const isWithoutZero = kind?.scale === 'additive' && kind.published && kind.members.length === 0;
  return isWithoutZero && min <= 0 && max >= 0 && isPartOfValue(cmc)
    ? `the CMC is only a part of the value, so it limits nothing at ${withUnit('0', unit)}, which is a value of ${quantity} like any other: ` +
        'add a constant part ("form": "linear" with "a"), or divide the range before and after zero'
    : undefined;
}

function isPartOfValue(cmc: Cmc): boolean {
  return cmc.form === 'linear' ? cmc.a === 0 && cmc.terms.every(({ of, b }) => of === null || b === 0) : cmc.relative;
}
