import { kindNamed, parseUnit } from '../../model/index.js';

const UNREADABLE = { factor: NaN, offset: NaN };

/** How numbers of a kind of quantity become SI. A difference never takes the zero point of its unit. */
export function unitFor(kind: string, unit: string): { readonly factor: number; readonly offset: number } {
  const { factor, offset } = parseUnit(unit) ?? UNREADABLE;
  return { factor, offset: (kindNamed(kind)?.differenceOf ?? null) === null ? offset : 0 };
}
