import type { ResultRow, Source, SupportedResult, Use } from '@tracecal/chaincode/support';

/** Declares nothing. */
export const UNDECLARED: Use = { role: null, at: null, exponent: null, sensitivity: null, share: null };

export function row(x: number, expanded: number, more: Partial<ResultRow> = {}): ResultRow {
  return { x: [x], y: x, expanded, k: 2, p: null, bounded: false, methodInScope: false, ...more };
}

/** A temperature in kelvin over temperatures, unless told otherwise. */
export function result(rows: readonly ResultRow[], more: Partial<SupportedResult> = {}): SupportedResult {
  return {
    kind: 'temperature',
    scale: 'additive',
    dimension: 'K1',
    axes: [{ kind: more.kind ?? 'temperature', name: 'nominal' }],
    rows,
    method: 'undeclared',
    own: [],
    constants: [],
    ratioByDesign: false,
    accredited: false,
    ...more,
  };
}

let count = 0;

/** @param points Argument, value, standard uncertainty. */
export function source(
  points: readonly (readonly [number, number, number])[],
  { use, ...more }: Partial<Omit<Source, 'use'>> & { readonly use?: Partial<Use> } = {},
): Source {
  count += 1;
  return {
    report: `report-${count}`,
    device: `device-${count}`,
    kind: 'temperature',
    scale: 'additive',
    dimension: 'K1',
    outcome: 'sound',
    resolved: true,
    onPaper: false,
    axes: [{ kind: more.kind ?? 'temperature', name: 'nominal' }],
    rows: points.map(([x, y, u]) => ({ x: [x], y, u })),
    range: null,
    ...more,
    use: { ...UNDECLARED, ...use },
  };
}
