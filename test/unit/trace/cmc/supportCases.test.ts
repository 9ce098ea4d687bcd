import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { cmc } from '@tracecal/chaincode/trace';
import { lineOf, rowOf, workOn } from '../../../support/accreditationLines.js';
import { requireSharedData } from '../../../support/sharedData.js';

interface NumericCase {
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

function distributionOf({ distribution }: NumericCase): 'normal' | 'rectangular' {
  return distribution === 'rectangular' ? 'rectangular' : 'normal';
}

describe('The numeric cases about CMCs', () => {
  it('come out as the metrologist says', function () {
    const path = requireSharedData(this, 'cases', 'support.json');
    const cases = (JSON.parse(readFileSync(path, 'utf8')) as readonly NumericCase[]).filter((one) => 'cmc' in one);
    assert.ok(cases.length >= 5);
    for (const one of cases) {
      const what = `${one.id}: ${one.situation}`;
      const uncertainty = {
        expanded: one.U,
        coverageFactor: one.k,
        coverageProbability: one.p,
        distribution: distributionOf(one),
      };
      const u95 = cmc.u95Of(uncertainty)?.value ?? NaN;
      assert.equal(u95.toPrecision(2), one.U95.toPrecision(2), what);
      const line = lineOf({ cmc: { form: 'constant', relative: false, value: one.cmc } });
      assert.equal(cmc.judge(rowOf({ uncertainty }), [line], workOn()).outcome, one.expect, what);
    }
  });
});
