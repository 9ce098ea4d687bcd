import assert from 'node:assert/strict';
import { decideSupport, DEFAULT_SUPPORT_POLICY } from '@tracecal/core/support';
import type { Outcome, Source, SupportedResult } from '@tracecal/core/support';
import fc from 'fast-check';
import { rank } from '../../../support/plain/case.js';
import type { PlainCase, PlainSource } from '../../../support/plain/case.js';
import { plainOutcome } from '../../../support/plain/outcome.js';
import { property } from '../../../support/property.js';
import { METHODS, plainCase } from './plainCases.js';

/** Published kinds for those with a natural zero: any other kind has none, whatever a source says of its scale. */
function kindOf(kind: string, { scale }: PlainCase): string {
  return kind === 'own' && scale === 'ratio' ? 'mass' : kind === 'other' ? 'length' : kind;
}

function resultOf(of: PlainCase): SupportedResult {
  const { kind, scale, method, accredited, rows } = of;
  return {
    kind: kindOf(kind, of),
    scale,
    values: scale === 'coefficient' ? 'finding' : 'range',
    dimension: '',
    axes: scale === 'coefficient' ? [{ kind: 'frequency', name: 'frequency' }] : [],
    rows: rows.map(({ x, ...row }) => ({ ...row, x: scale === 'coefficient' ? [x] : [], distribution: null })),
    method,
    own: [],
    constants: [],
    ratioByDesign: false,
    accredited,
  };
}

function statedSource(source: PlainSource, index: number, of: PlainCase): Source {
  const { kind, points, at, role, exponent, sensitivity, share: part, outcome: found, resolved } = source;
  const isCoefficient = kind === 'own' && of.scale === 'coefficient';
  return {
    report: `report-${index}`,
    device: `device-${index}`,
    kind: kindOf(kind, of),
    scale: kind === 'own' ? of.scale : kind === 'additive' ? 'additive' : 'ratio',
    dimension: '',
    axes: isCoefficient ? [{ kind: 'frequency', name: 'frequency' }] : [],
    rows: points.map(([x, y, u]) => ({ x: isCoefficient ? [x] : [], y, u })),
    range: null,
    outcome: found,
    resolved,
    onPaper: false,
    use: {
      role,
      at: at === null ? null : [at],
      exponent,
      sensitivity: { values: [sensitivity], dimension: '' },
      share: part,
    },
  };
}

function productOutcome(of: PlainCase): Outcome {
  const sources = of.sources.map((source, index) => statedSource(source, index, of));
  return decideSupport(resultOf(of), sources, DEFAULT_SUPPORT_POLICY).outcome;
}

/** As a verdict has it: a note changes nothing. */
function verdictOf(found: Outcome): Outcome {
  return rank(found) <= rank('note') ? 'sound' : found;
}

describe('The procedure, written a second time', () => {
  it('reaches all outcomes in all method classes', () => {
    const seen = new Set<string>();
    for (const each of fc.sample(plainCase, { numRuns: 2000, seed: 7 })) {
      seen.add(`${each.method} ${verdictOf(plainOutcome(each))}`);
    }
    const expected = METHODS.flatMap((method) =>
      ['sound', 'attested', 'missing', 'failed'].map((found) => `${method} ${found}`),
    );
    const unreached = expected.filter((each) => !seen.has(each));
    assert.deepEqual(unreached, []);
  });

  it('decides every random case as the product does', () => {
    property(plainCase, (each) => {
      assert.equal(verdictOf(productOutcome(each)), verdictOf(plainOutcome(each)), JSON.stringify(each));
    });
  });
});
