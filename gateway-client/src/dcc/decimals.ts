import { DccError, quoted } from './errors.js';
import type { Node } from './node.js';

/**
 * A decimal number as a certificate writes it. `text` is the original text: its trailing zeros show how many digits are
 * significant, and a double may not preserve them all. `value` is the nearest double; null means NaN, the D-SI form of "no
 * value".
 */
export interface Decimal {
  readonly value: number | null;
  readonly text: string;
}

const DECIMAL = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[Ee][-+]?\d+)?$/;

/** @throws DccError `DCC_VALUE` for anything but a D-SI decimal, and for one outside the range of a double */
function parseDecimal(text: string, where: Node): Decimal {
  if (text === 'NaN') {
    return { value: null, text };
  }
  const value = DECIMAL.test(text) ? Number(text) : NaN;
  if (!Number.isFinite(value)) {
    throw new DccError(
      'DCC_VALUE',
      `${where.path} is ${quoted(text)}, which is not a decimal number${commaHint(text)}.`,
    );
  }
  return { value, text };
}

/** Most of Europe writes a decimal comma; D-SI does not allow it. */
function commaHint(text: string): string {
  const pointed = text.replace(',', '.');
  return pointed !== text && DECIMAL.test(pointed) ? `: write ${pointed}` : '';
}

/** The decimal in a D-SI child element. */
export function decimal(parent: Node, name: string): Decimal | null {
  const text = parent.siString(name);
  return text === null ? null : parseDecimal(text, parent);
}

/** @throws DccError `DCC_MISSING`, `DCC_VALUE` */
export function requiredDecimal(parent: Node, name: string): Decimal {
  return parseDecimal(parent.requiredSiString(name), parent);
}

/** The decimals of an `XMLList`; empty if it is absent. */
export function decimals(parent: Node, name: string): Decimal[] {
  return parent.siWords(name).map((word) => parseDecimal(word, parent));
}

/**
 * The entry for a value, by index, of a list that has either one entry for all of `count` values or one for each.
 *
 * @throws DccError `DCC_VALUE` for any other length
 */
export function spread<T extends string | object>(
  list: readonly T[],
  count: number,
  what: string,
  where: Node,
): (index: number) => T {
  if (list.length !== 1 && list.length !== count) {
    throw new DccError('DCC_VALUE', `${where.path} has ${count} values but ${list.length} entries of ${what}.`);
  }
  return (index) => {
    const entry = list.length === 1 ? list[0] : list[index];
    if (entry === undefined) {
      throw new RangeError(`No entry ${index} among ${list.length}.`);
    }
    return entry;
  };
}

/** The same for an `XMLList` that may be absent: then no value has an entry. */
export function spreadWords(parent: Node, name: string, count: number): (index: number) => string | null {
  const list = parent.siWords(name);
  return list.length === 0 ? () => null : spread(list, count, name, parent);
}
