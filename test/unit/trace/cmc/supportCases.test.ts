import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { cmc } from '@tracecal/core/trace';
import { lineOf, rowOf, workOn } from '../../../support/accreditationLines.js';
import { byMethod, inside, LABORATORY, outside, parent, REALISATION } from '../../../support/basisGrounds.js';
import { requireSharedData } from '../../../support/sharedData.js';

interface CmcCase {
  readonly id: string;
  readonly situation: string;
  readonly U: number;
  readonly k: number;
  readonly p: number | null;
  readonly distribution: string;
  readonly cmc: number;
  readonly U95: number;
  readonly expect: string;
}

/** A case in which it matters whether an accreditation stands in for a chain. */
interface BasisCase {
  readonly id: string;
  readonly situation: string;
  readonly method: string;
  readonly kind: string;
  readonly sources: readonly { readonly kind: string; readonly role?: string; readonly status?: string }[];
  readonly accredited?: boolean;
  readonly scopeCovers?: boolean;
  readonly expect: string;
}

function casesOf(test: Mocha.Context, ids: RegExp): readonly (CmcCase & BasisCase)[] {
  const path = requireSharedData(test, 'cases', 'support.json');
  return (JSON.parse(readFileSync(path, 'utf8')) as readonly (CmcCase & BasisCase)[]).filter(({ id }) => ids.test(id));
}

function groundsOf({ method, kind, sources, accredited, scopeCovers }: BasisCase): cmc.Grounds {
  const parents = sources.map((source) =>
    parent({
      supports: source.kind === kind,
      standing: source.status === 'unresolved' ? 'unresolved' : 'ledger',
      outcome: source.status === 'failed' ? 'failed' : source.status === 'unresolved' ? 'missing' : 'sound',
    }),
  );
  const claim = { stated: accredited === true, excluded: false };
  return method === 'natural'
    ? { ...REALISATION, parents, judgements: [scopeCovers === true ? byMethod : outside] }
    : { ...LABORATORY, parents, claim, judgements: [inside] };
}

describe('The numeric cases', () => {
  it('about CMCs come out as the metrologist says', function () {
    const cases: readonly CmcCase[] = casesOf(this, /^12/);
    assert.equal(cases.length, 5);
    for (const one of cases) {
      const what = `${one.id}: ${one.situation}`;
      const uncertainty: cmc.StatedUncertainty = {
        expanded: one.U,
        coverageFactor: one.k,
        coverageProbability: one.p,
        ...(one.distribution === 'rectangular' && { distribution: 'rectangular' }),
      };
      const u95 = cmc.u95Of(uncertainty)?.value ?? NaN;
      assert.equal(u95.toPrecision(2), one.U95.toPrecision(2), what);
      const line = lineOf({ cmc: { form: 'constant', relative: false, value: one.cmc } });
      assert.equal(cmc.judge(rowOf({ uncertainty }), [line], workOn()).outcome, one.expect, what);
    }
  });

  it('about accreditation in place of a chain come out as the metrologist says', function () {
    const cases: readonly BasisCase[] = casesOf(this, /^(?:8[fg]|11[a-e])$/);
    assert.equal(cases.length, 7);
    for (const one of cases) {
      assert.equal(cmc.basisOf(groundsOf(one)).outcome, one.expect, `${one.id}: ${one.situation}`);
    }
  });
});
