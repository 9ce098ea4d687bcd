import assert from 'node:assert/strict';
import { comparisonsOf, decideSupport, DEFAULT_SUPPORT_POLICY } from '@tracecal/core/support';
import { Budget } from '@tracecal/core/trace';
import type { Foundation, Source } from '@tracecal/core/support';
import { result, row, source } from './build.js';

/** Comparisons that one trace may make. */
const MAX_COMPARISONS = 500_000;

/** Reports of one level after another, each of several results that rest on all results of the level above. */
class Levels {
  /** How often somebody looked at what a result rests on. */
  looks = 0;
  /** How many steps lead on from there, each time. */
  followed = 0;
  /** From a result to one that it rests on. */
  steps = 0;

  above(levels: number, results: number, parents: number): readonly Source[] {
    let level: readonly Source[] = [];
    for (let height = 0; height <= levels; height += 1) {
      const own = level.flatMap(({ foundation }) => foundation ?? []);
      level = Array.from({ length: parents }, (_, parent) => `report-${height}-${parent}`).flatMap((report) =>
        Array.from({ length: results }, () => this.#resting(report, height, own)),
      );
    }
    return level;
  }

  #resting(report: string, height: number, above: readonly Foundation[]): Source {
    const said = source([[300, 300, 0.01]], { report });
    const count = () => {
      this.looks += 1;
      this.followed += above.length;
    };
    this.steps += above.length;
    const foundation: Foundation = {
      said,
      height,
      isScaled: false,
      get above() {
        count();
        return above;
      },
    };
    return { ...said, foundation };
  }
}

describe('The work that the ancestry of references makes', () => {
  it('follows each result up once, however many chains lead there', () => {
    const levels = new Levels();
    const sources = levels.above(8, 16, 2);
    comparisonsOf(result([row(300, 0.05)]), sources);
    assert.ok(levels.looks <= 3 * 9 * 16 * 2, `${levels.looks} looks`);
  });

  it('is done once for all results of a report', () => {
    const levels = new Levels();
    const sources = levels.above(4, 16, 2);
    for (let each = 0; each < 16; each += 1) {
      const of = result([row(300, 0.05)]);
      comparisonsOf(of, sources);
      decideSupport(of, sources, DEFAULT_SUPPORT_POLICY);
    }
    assert.ok(levels.looks <= 3 * 5 * 16 * 2, `${levels.looks} looks`);
  });

  it('ends where the budget does, however many different sets of results a report names', () => {
    const levels = new Levels();
    const sources = levels.above(16, 64, 2);
    const budget = new Budget();
    let decided = 0;
    const of = result([row(300, 0.05)], { method: 'group' });
    for (let place = 0; place < 64; place += 1) {
      for (let other = 64; other < 128; other += 1) {
        const set = [sources[place]!, sources[other]!];
        decided += budget.takeComparisons(comparisonsOf(of, set, budget.room)) ? 1 : 0;
      }
    }
    assert.ok(budget.isExceeded && decided > 5, `${decided} results`);
    // They are counted by 16, and the last walk ends a little late.
    assert.ok(levels.followed <= 17 * MAX_COMPARISONS, `${levels.followed} steps`);
  });

  it('exceeds what several traces may do together, not only what one of them may', () => {
    const [of, sources] = [result([row(300, 0.05)], { method: 'group' }), new Levels().above(4, 16, 2)];
    const needed = comparisonsOf(of, sources);
    const together = new Budget();
    together.takeComparisons(MAX_COMPARISONS - 10);
    const own = new Budget(together);
    assert.ok(needed < MAX_COMPARISONS);
    assert.equal(own.takeComparisons(comparisonsOf(of, sources, own.room)), false);
    assert.ok(together.isExceeded, 'a trace ended early, and nobody would hear that it was for want of room');
  });

  it('is nothing where all are results of one report, which counts once', () => {
    const levels = new Levels();
    comparisonsOf(result([row(300, 0.05)]), levels.above(8, 16, 1));
    assert.equal(levels.looks, 0);
  });

  it('is part of the comparisons', () => {
    const [low, high] = [new Levels(), new Levels()];
    const [few, many] = [low.above(1, 32, 2), high.above(8, 32, 2)];
    const more = comparisonsOf(result([row(300, 0.05)]), many) - comparisonsOf(result([row(300, 0.05)]), few);
    assert.ok(more >= (high.steps - low.steps) / 64, `${more} more comparisons`);
  });

  it('grows with the errors that sources of a formula take over', () => {
    const inputs = (errors: number): readonly Source[] =>
      Array.from({ length: 16 }, (_, place) => {
        const taken = new Map(Array.from({ length: errors }, (__, each) => [`${each}`, errors ** -0.5]));
        const { rows, ...rest } = source([[300, 300, 0.01]], { report: `input-${place}`, use: { role: 'input' } });
        return { ...rest, rows: rows.map((each) => ({ ...each, errors: taken })) };
      });
    const of = result([row(4800, 1), row(4800, 1)], { method: 'sum' });
    const more = comparisonsOf(of, inputs(1000)) - comparisonsOf(of, inputs(1));
    // Each of two rows holds a thousand errors of each of 16 inputs against those of the others.
    assert.ok(more >= (2 * 16 * 16 * 999) / 64 - 1, `${more} more comparisons`);
  });
});
