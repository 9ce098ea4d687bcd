import { unitOfKind } from '../../model/index.js';

const UNREADABLE = { factor: NaN, offset: NaN };

/** How numbers of a kind of quantity become SI; what cannot be read compares with nothing. */
export function unitFor(kind: string, unit: string): { readonly factor: number; readonly offset: number } {
  return unitOfKind(kind, unit) ?? UNREADABLE;
}
