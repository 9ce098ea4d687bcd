import assert from 'node:assert/strict';
import { suspicionsOf, USUAL_FALSE_ALARMS } from '@tracecal/gateway-client/monitor';
import type { DetectorName } from '@tracecal/gateway-client/monitor';
import { LaboratoryYear } from '../../../support/laboratories.js';
import type { Vice } from '../../../support/laboratories.js';
import { runSeed } from '../../../support/seed.js';

const SEEDS = Array.from({ length: 10 }, (_, index) => (runSeed + index * 7919) | 0);

const FOUND_BY: Readonly<Record<Vice, DetectorName>> = {
  'signs without measuring': 'throughput',
  'copies other devices': 'copied',
  'repeats the last calibration': 'copied',
  'makes up last digits': 'digits',
  'states small uncertainties': 'uncertainties',
  'states one uncertainty': 'uncertainties',
  'is in many places': 'places',
};

describe('A monitor of laboratories', () => {
  for (const [vice, detector] of Object.entries(FOUND_BY) as [Vice, DetectorName][]) {
    it(`finds one that ${vice}, in most of ten years`, () => {
      const found = SEEDS.filter((seed) =>
        suspicionsOf('lab-a', new LaboratoryYear(seed, vice).works).some((each) => each.detector === detector),
      );
      // With a probability of 0.95 in each year, fewer than six of ten show it once in 15,000 runs.
      assert.ok(found.length >= 6, `found with ${found.length} of ${SEEDS.length} seeds`);
    });
  }

  it('suspects honest ones no more often than it says, over fifty years of work', () => {
    const alarms = SEEDS.flatMap((seed) => {
      const { works } = new LaboratoryYear(seed);
      return ['lab-a', 'lab-b', 'lab-c', 'lab-d', 'lab-e'].flatMap((laboratory) =>
        suspicionsOf(laboratory, works).map(({ detector, says }) => `${detector}: ${says}`),
      );
    });
    // Six looks of detectors at 50 years of laboratories: the mean, and five standard deviations.
    const expected = 6 * 50 * USUAL_FALSE_ALARMS;
    assert.ok(alarms.length <= expected + 5 * Math.sqrt(expected), alarms.join('\n'));
  });
});
