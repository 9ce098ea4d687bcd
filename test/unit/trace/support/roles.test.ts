import assert from 'node:assert/strict';
import { decideSupport, DEFAULT_SUPPORT_POLICY } from '@tracecal/core/support';
import type { Outcome, Source, SupportedResult } from '@tracecal/core/support';
import { result, row, source } from './build.js';

const POINTS = [
  [273, 273, 0.01],
  [373, 373, 0.01],
] as const;

function decide(sources: readonly Source[], more: Partial<SupportedResult> = {}) {
  const { outcome, reasons } = decideSupport(
    result([row(300, 0.05)], { method: 'direct', ...more }),
    sources,
    DEFAULT_SUPPORT_POLICY,
  );
  return { outcome, codes: reasons.map(({ code }) => code) };
}

function reference(more: Parameters<typeof source>[1] = {}): Source {
  return source(POINTS, more);
}

/** A room's hygrometer, unless told otherwise. */
function influence(more: Parameters<typeof source>[1] = {}): Source {
  return source([[0.5, 0.5, 0.02]], { kind: 'relative-humidity', dimension: '', ...more });
}

describe("Roles of a result's sources", () => {
  it('all references, inputs and ratios must hold', () => {
    for (const role of ['reference', 'input', 'ratio'] as const) {
      for (const [outcome, expected] of [
        ['sound', 'sound'],
        ['note', 'sound'],
        ['attested', 'attested'],
        ['missing', 'missing'],
        ['failed', 'failed'],
      ] as const) {
        assert.equal(
          decide([reference(), reference({ outcome, use: { role } })]).outcome,
          expected,
          `${role} ${outcome}`,
        );
      }
    }
  });

  it('an influence that does not hold is a note only with a small share of the variance', () => {
    const at = (outcome: Outcome, share: number | null) =>
      decide([reference(), influence({ outcome, use: { role: 'influence', share } })]);
    for (const outcome of ['failed', 'missing'] as const) {
      assert.deepEqual(at(outcome, null), { outcome: 'missing', codes: ['influence-open'] });
      assert.deepEqual(at(outcome, 0.011), { outcome: 'missing', codes: ['influence-open'] });
      assert.deepEqual(at(outcome, 0.01), { outcome: 'note', codes: ['influence-small'] });
      assert.equal(at(outcome, 0).outcome, 'note');
      assert.equal(at(outcome, NaN).outcome, 'missing');
      assert.equal(at(outcome, -1).outcome, 'missing');
    }
    assert.deepEqual(at('sound', null), { outcome: 'sound', codes: [] });
    assert.deepEqual(at('attested', null), { outcome: 'note', codes: ['influence-paper'] });
  });

  it('an influence on a paper that nobody described is a note, a reference on one is incomplete', () => {
    const paper = { kind: null, onPaper: true, outcome: 'attested', rows: [] } as const;
    assert.deepEqual(decide([reference(), source([], { ...paper, use: { role: 'influence' } })]).codes, [
      'influence-paper',
    ]);
    const found = decide([reference(), source([], { ...paper, use: { role: 'reference' } })]);
    assert.deepEqual(found, { outcome: 'missing', codes: ['source-attested', 'paper-undescribed'] });
  });

  it('a source of which nobody knows the kind counts as a reference', () => {
    const unknown = source([], { kind: null, resolved: false, outcome: 'missing' });
    assert.deepEqual(decide([reference(), unknown]).codes, ['unresolved']);
    const paper = source([], { kind: null, onPaper: true, outcome: 'attested' });
    assert.deepEqual(decide([reference(), paper]).codes, ['source-attested', 'paper-undescribed']);
  });

  it('the numbers of a described paper enter every check', () => {
    const paper = source([[300, 300, 0.05]], { onPaper: true, outcome: 'attested' });
    assert.equal(decide([paper]).outcome, 'failed');
    assert.equal(decide([{ ...paper, rows: [{ x: [300], y: 300, u: 0.02 }] }]).outcome, 'attested');
  });

  it('a check never decides', () => {
    for (const outcome of ['sound', 'failed', 'missing'] as const) {
      assert.deepEqual(decide([reference(), reference({ outcome, use: { role: 'check' } })]), {
        outcome: 'note',
        codes: ['check'],
      });
    }
  });

  it('a later report of a standard is shown beside the earlier one, and supports nothing alone', () => {
    const later = reference({ device: 'zener', outcome: 'failed', use: { role: 'after' } });
    assert.deepEqual(decide([reference({ device: 'zener' }), later]), { outcome: 'note', codes: ['after'] });
    assert.deepEqual(decide([reference({ device: 'other' }), later]).codes, ['after-alone']);
    assert.deepEqual(decide([later]).outcome, 'missing');
  });

  it('undeclared, a source of the same kind is a reference and any other an influence', () => {
    assert.deepEqual(decide([reference(), influence({ outcome: 'failed' })]).codes, ['influence-open']);
    assert.deepEqual(decide([influence()]), { outcome: 'missing', codes: ['no-reference'] });
  });

  it('a declared reference of another kind supports nothing', () => {
    assert.deepEqual(decide([reference(), influence({ use: { role: 'reference' } })]), {
      outcome: 'missing',
      codes: ['reference-kind'],
    });
  });

  it('an accreditation stands for standards that are not shown', () => {
    const accredited = { accredited: true } as const;
    const unknown = source([], { kind: null, resolved: false, outcome: 'missing', use: { role: 'reference' } });
    assert.equal(decide([], accredited).outcome, 'attested');
    assert.equal(decide([unknown]).outcome, 'missing');
    assert.equal(decide([unknown], accredited).outcome, 'attested');
    assert.equal(decide([reference(), unknown], accredited).outcome, 'attested');
    assert.equal(decide([influence()], accredited).outcome, 'attested');
    const lost = influence({ resolved: false, outcome: 'missing', rows: [] });
    assert.equal(decide([lost]).outcome, 'missing');
    assert.deepEqual(decide([lost], accredited).codes, ['influence-paper', 'no-reference-accredited']);
  });

  it('an accreditation never replaces a standard that is shown and does not hold', () => {
    const accredited = { accredited: true } as const;
    const unknown = source([], { kind: null, resolved: false, outcome: 'missing', use: { role: 'reference' } });
    assert.equal(decide([reference({ outcome: 'missing' })], accredited).outcome, 'missing');
    assert.equal(decide([reference({ outcome: 'failed' }), unknown], accredited).outcome, 'failed');
    const failedInfluence = influence({ outcome: 'failed', use: { role: 'influence', share: 0.001 } });
    assert.equal(decide([failedInfluence, unknown], accredited).outcome, 'missing');
    assert.equal(decide([influence({ use: { role: 'reference' } }), unknown], accredited).outcome, 'missing');
  });

  it('a standard that states no uncertainty supports nothing', () => {
    const silent = { ...reference(), rows: [{ x: [300], y: 300, u: null }] };
    assert.deepEqual(decide([silent]).codes, ['source-without-uncertainty']);
    assert.equal(decide([silent]).outcome, 'missing');
  });

  it('shares of open influences are added up, each use once', () => {
    const open = (report: string, share: number) =>
      source([[300, 300, 0.01]], { report, kind: 'humidity', outcome: 'failed', use: { role: 'influence', share } });
    const of = (...influences: readonly Source[]) => decide([source([[300, 300, 0.01]]), ...influences]);
    assert.equal(of(open('a', 0.005), open('b', 0.005)).outcome, 'note');
    assert.equal(of(open('a', 0.006), open('a', 0.006)).outcome, 'note');
    const many = of(open('a', 0.006), open('b', 0.006));
    assert.deepEqual([many.outcome, many.codes.includes('shares-together')], ['missing', true]);
  });
});
