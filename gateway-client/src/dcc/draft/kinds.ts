import { parseUnit } from '@tracecal/chaincode/model';
import type { Origin } from './shapes.js';

/** What a certificate says about a column or an argument whose kind is asked for. */
export interface KindClues {
  /** In every language, the most specific first: of the column, the result, the measurement, the item. */
  readonly names: readonly string[];
  readonly refTypes: readonly string[];
  /** D-SI, or logarithmic. */
  readonly unit: string;
  /** Whether it is stated as a difference: an error or a deviation, without points of the scale. */
  readonly difference: boolean;
}

export interface ProposedKind {
  readonly quantity: string;
  readonly from: Origin;
}

/** Tells kinds of quantities; null where it cannot. */
export type KindProposer = (clues: KindClues) => ProposedKind | null;

/** By the unit alone: what is usually measured in it. Of a bare number and a level the name is the kind. */
export const kindByUnit: KindProposer = ({ names, unit }) => {
  const usual = parseUnit(unit)?.quantity;
  if (usual !== undefined && usual !== 'ratio' && usual !== 'other') {
    return { quantity: usual, from: 'unit' };
  }
  const named = names.map(asKind).find((kind) => kind !== '');
  return named === undefined ? null : { quantity: named, from: 'name' };
};

/** A name as kinds are written: lower case, words joined by hyphens. */
function asKind(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .replaceAll(/^-|-$/g, '')
    .slice(0, 60);
}
