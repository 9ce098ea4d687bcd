import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { decideSupport, DEFAULT_SUPPORT_POLICY } from '@tracecal/core/support';
import type { Method, Outcome, Role, Scale, Source, SupportedResult } from '@tracecal/core/support';
import { requireSharedData } from '../../../support/sharedData.js';
import { UNDECLARED } from './build.js';

interface Case {
  readonly id: string;
  readonly situation: string;
  readonly method: Method;
  readonly kind: string;
  readonly scale: Scale;
  readonly row: { readonly x: number; readonly y: number; readonly U: number; readonly k: number };
  readonly sources: readonly CaseSource[];
  readonly scopeCovers?: boolean;
  readonly accredited?: boolean;
  readonly u: number;
  readonly floor: number | null;
  readonly expect: Outcome;
}

interface CaseSource {
  readonly kind: string;
  readonly pts: readonly (readonly [number, number, number])[];
  readonly role?: Role | null;
  readonly n?: number;
  readonly c?: number;
  readonly at?: number;
  readonly share?: number;
  readonly status?: 'unresolved' | Outcome;
}

interface CmcCase {
  readonly id: string;
  readonly situation: string;
  readonly U: number;
  readonly k: number;
  readonly p: number | null;
  readonly distribution: string;
  readonly cmc: number;
  readonly U95: number;
  readonly expect: Outcome;
}

/** What the rows leave out: the kinds whose scale is not `ratio`, and the dimensions. */
const ADDITIVE: ReadonlySet<string> = new Set([
  'temperature',
  'dew point',
  'relative humidity',
  'attenuation',
  'angle',
]);
const DIMENSIONS: Readonly<Record<string, string>> = {
  mass: 'kg1',
  'dc voltage': 'm2 kg1 s-3 A-1',
  'dc current': 'A1',
  resistance: 'm2 kg1 s-3 A-2',
  ratio: '',
  temperature: 'K1',
  'dew point': 'K1',
  'relative humidity': '',
  'voltage ratio': '',
  'resistance ratio': '',
  attenuation: '',
  angle: '',
  'charge sensitivity': 'm-1 s3 A1',
  area: 'm2',
  acceleration: 'm1 s-2',
  'gauge pressure': 'm-1 kg1 s-2',
  force: 'm1 kg1 s-2',
  length: 'm1',
  torque: 'm2 kg1 s-2',
  energy: 'm2 kg1 s-2',
  frequency: 's-1',
  'angular velocity': 's-1',
};
/** Dimensions of the sensitivities, by what they lead from and to. */
const PER_KELVIN = 'K-1';

function resultOf({ kind, scale, method, row, accredited = false, scopeCovers = false }: Case): SupportedResult {
  const { x, y, U, k } = row;
  return {
    kind,
    scale,
    values: scale === 'coefficient' ? 'finding' : 'range',
    dimension: DIMENSIONS[kind]!,
    axes: [{ kind: argumentOf(kind), name: 'argument' }],
    rows: [{ x: [x], y, expanded: U, k, p: null, distribution: null, methodInScope: scopeCovers }],
    method,
    own: [],
    constants: [],
    ratioByDesign: false,
    accredited,
  };
}

function argumentOf(kind: string): string {
  return { 'charge sensitivity': 'frequency', 'resistance ratio': 'temperature' }[kind] ?? kind;
}

function sourceOf(
  {
    kind,
    pts,
    role = null,
    n = null,
    c = null,
    at = null,
    share = null,
    status = 'sound',
  }: Partial<Record<'n' | 'c' | 'at' | 'share', number | null>> & Omit<CaseSource, 'n' | 'c' | 'at' | 'share'>,
  index: number,
  of: Case,
): Source {
  const resolved = status !== 'unresolved';
  const dimension = DIMENSIONS[kind]!;
  return {
    report: `report-${index}`,
    device: `device-${index}`,
    kind,
    scale: kind === of.kind ? of.scale : ADDITIVE.has(kind) ? 'additive' : 'ratio',
    dimension,
    outcome: status === 'unresolved' ? 'missing' : status,
    resolved,
    onPaper: false,
    axes: [{ kind: argumentOf(kind), name: 'argument' }],
    rows: resolved ? pts.map(([x, y, u]) => ({ x: [x], y, u })) : [],
    range: null,
    use: {
      ...UNDECLARED,
      role,
      at: at === null ? null : [at],
      exponent: n,
      sensitivity: c === null ? null : { values: [c], dimension: sensitivity(dimension, DIMENSIONS[of.kind]!) },
      share,
    },
  };
}

function sensitivity(from: string, to: string): string {
  return from === to ? '' : from === 'K1' ? PER_KELVIN : to;
}

describe('The worked cases of how a result is supported', () => {
  let cases: readonly (Case | CmcCase)[];

  before(function () {
    cases = JSON.parse(readFileSync(requireSharedData(this, 'cases', 'support.json'), 'utf8')) as typeof cases;
  });

  it('the list holds 56 worked cases', () => {
    assert.equal(cases.length, 56);
    assert.equal(new Set(cases.map(({ id }) => id)).size, 56);
  });

  it('every row has the outcome, the uncertainty and the floor that was worked out by hand', () => {
    const differing = cases.flatMap((each) => {
      if (!('method' in each)) {
        return [];
      }
      const sources = each.sources.map((source, index) => sourceOf(source, index, each));
      const finding = decideSupport(resultOf(each), sources, DEFAULT_SUPPORT_POLICY);
      const [row] = finding.rows;
      const isRight =
        finding.outcome === each.expect &&
        near(row!.u, each.u) &&
        near(shownFloor(row!, each), each.floor === 0 ? null : each.floor);
      return isRight
        ? []
        : [{ id: each.id, expected: each.expect, floor: each.floor, finding: JSON.stringify(finding) }];
    });
    assert.deepEqual(differing, []);
  });
});

/** The rows give the floor of a row outside as part of the value, unless the kind is additive. */
function shownFloor({ floor, position }: { floor: number | null; position: string | null }, { scale, row }: Case) {
  const isRelative = floor !== null && position === 'outside' && scale !== 'additive';
  return isRelative ? floor / Math.abs(row.y) : floor;
}

function near(found: number | null, expected: number | null): boolean {
  return found === null || expected === null ? found === expected : Math.abs(found / expected - 1) < 1e-9;
}
