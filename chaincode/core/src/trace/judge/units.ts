import { unitOfKind } from '../../model/index.js';

const UNREADABLE = { factor: NaN, offset: NaN };

/** Converts numbers of a kind of quantity to SI; numbers in an unreadable unit compare with nothing. */
export function unitFor(kind: string, unit: string): { readonly factor: number; readonly offset: number } {
  return unitOfKind(kind, unit) ?? UNREADABLE;
}
