import assert from 'node:assert/strict';
import { decideSupport, DEFAULT_SUPPORT_POLICY } from '@tracecal/core/support';
import type { ResultRow, Source, SupportedResult, Use } from '@tracecal/core/support';

/** Declares nothing. */
export const UNDECLARED: Use = { role: null, at: null, exponent: null, sensitivity: null, share: null };

export function row(x: number, expanded: number, more: Partial<ResultRow> = {}): ResultRow {
  return { x: [x], y: x, expanded, k: 2, p: null, distribution: null, methodInScope: false, ...more };
}

/** A temperature in kelvin over temperatures, unless told otherwise. */
export function result(rows: readonly ResultRow[], more: Partial<SupportedResult> = {}): SupportedResult {
  return {
    kind: 'temperature',
    scale: 'additive',
    values: more.scale === 'coefficient' ? 'finding' : 'range',
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

/** What is decided of a result with one row. */
export function decide(of: SupportedResult, sources: readonly Source[], policy = DEFAULT_SUPPORT_POLICY) {
  const { outcome, rows, reasons } = decideSupport(of, sources, policy);
  return {
    outcome,
    floor: rows[0]!.floor,
    position: rows[0]!.position,
    references: rows[0]!.references,
    codes: [...reasons, ...rows[0]!.reasons].map(({ code }) => code),
  };
}

/** A fixed point cell. */
export function cell(kelvin: number, u: number, more: Partial<Source> = {}): Source {
  return source([[kelvin, kelvin, u]], more);
}

export function near(found: number | null, expected: number): void {
  assert.ok(found !== null && Math.abs(found / expected - 1) < 1e-12, `${found} is not ${expected}`);
}

/** A mass of some kilograms, with its standard uncertainty. */
export function mass(kilogram: number, u: number, use: Partial<Source['use']> = {}): Source {
  return source([[kilogram, kilogram, u]], { kind: 'mass', scale: 'ratio', dimension: 'kg1', use });
}

export function massResult(rows: readonly ResultRow[], more: Partial<SupportedResult>): SupportedResult {
  return result(rows, { kind: 'mass', scale: 'ratio', dimension: 'kg1', ...more });
}
