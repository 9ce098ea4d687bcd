import assert from 'node:assert/strict';
import { Guesser, mostByChance, successOf } from '../../support/guesser.js';
import type { Labelled, Success } from '../../support/guesser.js';
import { ObservedReads } from '../../support/observedReads.js';
import type { Way } from '../../support/observedReads.js';
import { runs } from '../../support/property.js';
import { Random } from '../../support/random.js';
import { runSeed } from '../../support/seed.js';
import { sharedProvenDevice } from '../../support/sharedProvenDevice.js';
import { removeTemporaryFolders } from '../../support/temporaryFolder.js';

/** Of each subject each way. Half of them are learnt from, half are guessed. */
const READS = runs(6);

/** How often blind guessing may pass for more, in one assertion. */
const SIGNIFICANCE = 1e-6;

/** Somebody who sees every byte of a read as the peer that is asked sees it, and its time, and knows half of the reads. */
describe('A guesser that sees all bytes of reads', function () {
  this.timeout(600_000);

  let reads: ObservedReads;

  before(async () => {
    reads = await ObservedReads.start(await sharedProvenDevice());
  });

  after(async () => {
    await (reads as ObservedReads | undefined)?.stop();
    removeTemporaryFolders();
  });

  async function observed(way: Way): Promise<readonly Labelled[]> {
    return reads.observe(way, READS, new Random(runSeed));
  }

  function noBetterThanChance(success: Success): void {
    const most = mostByChance(success, SIGNIFICANCE);
    assert.ok(
      success.right <= most,
      `${success.right} of ${success.of} guessed; chance explains ${most}; seed ${runSeed}`,
    );
  }

  function recognised({ right, of }: Success): void {
    assert.ok(right >= 0.9 * of, `${right} of ${of} guessed, seed ${runSeed}`);
  }

  it('recognises the device of a plain trace', async () => {
    recognised(successOf(await observed('plain')));
  });

  it('does not tell devices apart in a bucket', async () => {
    noBetterThanChance(successOf(await observed('bucket')));
  });

  it('has nothing at all of a trace over a replica', async () => {
    const all = await observed('replica');
    assert.deepEqual([...new Set(all.map(({ seen }) => seen.length))], [0]);
    noBetterThanChance(successOf(all));
  });

  it('recognises who asks with an own identity', async () => {
    recognised(successOf(await observed('own identity')));
  });

  it('does not tell apart who asks with the identity that all readers share', async () => {
    noBetterThanChance(successOf(await observed('shared identity')));
  });

  it('finds a difference of one token, and none where there is none', () => {
    const random = new Random(runSeed);
    const subjects = ['a', 'b', 'c', 'd'];
    const told = (leaks: boolean): readonly Labelled[] =>
      Array.from({ length: 400 }, (_, index) => {
        const subject = subjects[index % subjects.length]!;
        const leak = leaks && random.chance(0.8) ? [`size ${subject}`] : [];
        return { subject, seen: [`nonce ${random.next()}`, `time ${random.between(1, 9)}`, ...leak] };
      });
    assert.ok(successOf(told(true)).right > 150);
    noBetterThanChance(successOf(told(false)));
    assert.equal(new Guesser([{ subject: 'only', seen: [] }]).guess(['unknown']), 'only');
  });

  it('is measured against a bound that blind guessing exceeds as seldom as is said', () => {
    assert.equal(mostByChance({ right: 0, of: 1, chance: 0.5 }, 0.4), 1);
    assert.equal(mostByChance({ right: 0, of: 1, chance: 0.5 }, 0.6), 0);
    assert.equal(mostByChance({ right: 0, of: 10, chance: 0.5 }, 0.05), 8);
  });
});
