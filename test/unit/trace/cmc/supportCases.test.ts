import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { cmc } from '@tracecal/core/trace';
import { lineOf, rowOf, workOn } from '../../../support/accreditationLines.js';
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

function casesOf(test: Mocha.Context, ids: RegExp): readonly CmcCase[] {
  const path = requireSharedData(test, 'cases', 'support.json');
  return (JSON.parse(readFileSync(path, 'utf8')) as readonly CmcCase[]).filter(({ id }) => ids.test(id));
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
});
