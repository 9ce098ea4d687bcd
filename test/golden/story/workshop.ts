import type { Result, Support } from '@tracecal/core/model';
import type { Hierarchy } from '../../support/hierarchy.js';
import { resultOf } from '../../support/workshop.js';
import { calibrated } from './devices.js';

const frequency = { name: 'frequency', role: 'physical', quantity: 'frequency', unit: '\\hertz' } as const;
const range = { name: 'range', role: 'setting' } as const;

function acVoltage(expanded: number): Result {
  return {
    name: 'AC voltage',
    quantity: 'ac-voltage',
    unit: '\\volt',
    arguments: [frequency, range],
    rows: [50, 1000].map((hertz) => ({
      value: 1,
      at: [hertz, 'low'],
      uncertainty: { expanded, coverageFactor: 2, coverageProbability: 0.95 },
    })),
  };
}

function acDcDifference(expanded: number): Result {
  return {
    name: 'AC-DC difference',
    quantity: 'ac-dc-difference',
    unit: '\\one',
    arguments: [frequency],
    rows: [50, 1000].map((hertz) => ({
      value: 1e-6,
      at: [hertz],
      uncertainty: { expanded, coverageFactor: 2, coverageProbability: 0.95 },
    })),
  };
}

function sensitivity(expanded: number): Result {
  return {
    name: 'Microphone sensitivity',
    quantity: 'microphone-sensitivity',
    unit: '\\volt\\per\\pascal',
    rows: [{ value: 0.05, uncertainty: { expanded, coverageFactor: 2, coverageProbability: 0.95 } }],
  };
}

/** Standards of the maker's workshop, each calibrated by the institute. */
const STANDARDS: Readonly<Record<string, readonly Result[]>> = {
  calibrator: [
    resultOf('dc-voltage', [
      [0.1, 2e-7],
      [10, 2e-6],
    ]),
    resultOf('resistance', [
      [0.1, 5e-7],
      [10, 1e-6],
    ]),
    acVoltage(1e-3),
  ],
  zener: [resultOf('dc-voltage', [[10, 2e-6]])],
  bridge: [resultOf('voltage-ratio', [[10, 5e-7]])],
  weights: [
    resultOf('mass', [
      [1, 5e-4],
      [2, 5e-4],
    ]),
  ],
  'transfer-standard': [acDcDifference(1e-6)],
  microphone: [sensitivity(5e-4)],
};

/** Devices, each by a method class of its own: what it was calibrated with, and its result. */
const DEVICES: Readonly<Record<string, { readonly from: readonly string[]; readonly result: Result }>> = {
  'hundred-ohm': {
    from: ['calibrator', 'bridge'],
    result: resultOf('resistance', [[100, 15e-6]], {
      method: 'scaled',
      uses: [
        { source: 0, quantity: 'resistance', role: 'reference' },
        { source: 1, quantity: 'voltage-ratio', role: 'ratio' },
      ],
    }),
  },
  'group-meter': {
    from: ['calibrator', 'zener'],
    result: resultOf('dc-voltage', [[10, 2e-6]], {
      method: 'group',
      uses: [0, 1].map((source) => ({ source, quantity: 'dc-voltage', role: 'reference' })),
    }),
  },
  ammeter: {
    from: ['calibrator', 'zener'],
    result: resultOf('dc-current', [[1, 7e-6]], {
      method: 'product',
      uses: [
        { source: 0, quantity: 'dc-voltage', role: 'input', exponent: 1, at: [0.1] },
        { source: 0, quantity: 'resistance', role: 'input', exponent: -1, at: [0.1] },
        { source: 1, role: 'check' },
        { source: 0, quantity: 'ac-voltage', role: 'influence', share: 0.005 },
      ],
      own: [{ name: 'contact resistance', share: 0.001 }],
      formula: 'I = U / R',
    }),
  },
  // The reference was looked at again after the work.
  meter: {
    from: ['calibrator', 'zener', 'zener-again'],
    result: resultOf(
      'dc-voltage',
      [
        [0.1, 1e-6],
        [10, 3e-6],
      ],
      {
        method: 'direct',
        uses: [
          { source: 0, quantity: 'dc-voltage', role: 'reference' },
          { source: 1, role: 'reference' },
          { source: 2, role: 'after' },
        ],
      },
    ),
  },
  zero: {
    from: ['zener'],
    result: resultOf('dc-voltage', [[0, 1e-6]], { method: 'natural', uses: [] }),
  },
  'three-kilogram': {
    from: ['weights'],
    result: resultOf('mass', [[3, 2e-3]], {
      method: 'sum',
      uses: [
        { source: 0, role: 'input', at: [1] },
        { source: 0, role: 'input', at: [2] },
      ],
    }),
  },
  'one-and-a-half-kilogram': {
    from: ['weights'],
    result: resultOf('mass', [[1.5, 1e-3]], { method: 'interpolated', uses: [{ source: 0, role: 'reference' }] }),
  },
  'model-ammeter': {
    from: ['calibrator'],
    result: resultOf('dc-current', [[1, 1e-5]], {
      method: 'general',
      uses: [
        {
          source: 0,
          quantity: 'dc-voltage',
          role: 'input',
          at: [0.1],
          sensitivity: { values: [10], unit: '\\ampere\\per\\volt' },
        },
      ],
      constants: [{ name: 'R', value: 0.1, unit: '\\ohm', source: 'by definition', share: 0.001 }],
    } satisfies Support),
  },
  'ac-meter': { from: ['calibrator'], result: acVoltage(2e-3) },
  converter: {
    from: ['transfer-standard'],
    result: { ...acDcDifference(2e-6), methods: ['Comparison of thermal converters'], methodLevel: 'working' },
  },
  'field-microphone': { from: ['microphone'], result: sensitivity(1e-3) },
};

/** What needs a declared method, arguments, or a kind that is added or a coefficient. */
export async function calibrateInTheWorkshop(hierarchy: Hierarchy): Promise<void> {
  const reports = new Map<string, string>();
  for (const [id, results] of Object.entries(STANDARDS)) {
    const spec = { id, technician: 't-oem-a', by: 'all-nmi-north', performed: '2025-02-01', results };
    reports.set(id, await calibrated(hierarchy, spec));
  }
  const again = { id: 'zener-r2', device: 'zener', technician: 'all-nmi-north', performed: '2025-03-10' };
  hierarchy.addReport({ ...again, results: STANDARDS['zener'] ?? [] });
  reports.set('zener-again', again.id);
  for (const [id, { from, result }] of Object.entries(DEVICES)) {
    const parents = from.map((standard) => reports.get(standard) ?? '');
    const spec = { id, technician: 't-oem-a', by: 'all-oem-a', kind: 'field' as const, parents };
    await calibrated(hierarchy, { ...spec, performed: '2025-03-03', issued: '2025-03-12', results: [result] });
  }
}
