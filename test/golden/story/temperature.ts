import type { Result } from '@tracecal/core/model';
import { massResult, temperatureResult } from '../../support/hierarchy.js';
import type { Hierarchy } from '../../support/hierarchy.js';
import { calibrated } from './devices.js';

/** A sensor's errors, with limits, a decision rule and what its maker states. */
const SENSOR: Result = {
  name: 'Temperature',
  quantity: 'temperature',
  unit: '\\degreecelsius',
  rows: [0, 20, 100].map((value) => ({
    value,
    error: 0.01,
    uncertainty: { expanded: 0.02, coverageFactor: 2, coverageProbability: 0.95 },
  })),
  methods: ['Comparison in a stirred bath'],
  conformity: {
    of: 'error',
    limits: { kind: 'tolerance', lower: [-0.1, -0.1, -0.1], upper: [0.1, 0.1, 0.1] },
    stated: ['pass', 'pass', 'pass'],
    overall: 'pass',
    rule: { kind: 'guarded', guardBand: 0.02 },
  },
};

/** The limits of a rectangular distribution. */
export const RECTANGULAR = {
  expanded: 0.01,
  coverageFactor: 1.65,
  coverageProbability: 0.95,
  distribution: 'rectangular',
} as const;

/** Two kinds in one report, the older way of being found before an adjustment, and a row without an uncertainty. */
const SENSOR_B: readonly Result[] = [
  temperatureResult(0.05),
  {
    ...temperatureResult(0.05),
    name: 'Temperature, as found',
    asFound: true,
    conformity: { of: 'error', overall: 'fail' },
  },
  {
    ...massResult(0.01, [1, 2]),
    rows: [
      { value: 1, uncertainty: { expanded: 0.01, coverageFactor: 2, coverageProbability: null } },
      { value: 1.5, uncertainty: RECTANGULAR },
      { value: 2, uncertainty: null },
    ],
  },
];

/** Four levels from each of two institutes down to a sensor in use. */
export async function calibrateSensors(hierarchy: Hierarchy): Promise<void> {
  for (const side of ['a', 'b'] as const) {
    const [nmi, lab, oem] = side === 'a' ? ['nmi-north', 'lab-alpha', 'oem-a'] : ['nmi-south', 'lab-beta', 'oem-b'];
    let parents: readonly string[] = [];
    for (const { device, owner, by, results } of [
      { device: 'primary', owner: nmi, by: nmi, results: [temperatureResult(0.001)] },
      { device: 'reference', owner: lab, by: nmi, results: [temperatureResult(0.004)] },
      { device: 'working', owner: oem, by: lab, results: [temperatureResult(0.01)] },
      { device: 'sensor', owner: oem, by: oem, results: side === 'a' ? [SENSOR] : SENSOR_B },
    ]) {
      const id = `${device}-${side}`;
      const kind = device === 'sensor' ? 'field' : 'standard';
      parents = [await calibrated(hierarchy, { id, technician: `t-${owner}`, kind, by: `t-${by}`, parents, results })];
    }
  }
}
