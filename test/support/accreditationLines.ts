import type { AccreditationLine } from '@tracecal/core/model';
import type { cmc } from '@tracecal/core/trace';

/** A line for temperatures of -80 °C to 420 °C with a CMC of 0.01 °C, but for what a test is about. */
export function lineOf(more: Partial<AccreditationLine> = {}): AccreditationLine {
  return {
    quantity: 'temperature',
    unit: '\\degreecelsius',
    min: -80,
    max: 420,
    arguments: [],
    cmc: { form: 'constant', relative: false, value: 0.01 },
    method: null,
    methodLevel: null,
    place: 'laboratory',
    service: null,
    validFrom: '2022-01-01',
    validTo: '2030-12-31',
    ...more,
  };
}

/** A line for voltages of 0 V to 1000 V over 10 Hz to 100 kHz. */
export function voltageLine(more: Partial<AccreditationLine> = {}): AccreditationLine {
  return lineOf({
    quantity: 'ac-voltage',
    unit: '\\volt',
    min: 0,
    max: 1000,
    arguments: [{ name: 'frequency', quantity: 'frequency', unit: '\\hertz', min: 10, max: 1e5 }],
    ...more,
  });
}

/** 20 °C with U = 0.02 °C (k = 2, 95 %), but for what a test is about. */
export function rowOf(more: Partial<cmc.MeasuredRow> = {}): cmc.MeasuredRow {
  return {
    quantity: 'temperature',
    unit: '\\degreecelsius',
    value: 20,
    at: [],
    uncertainty: expanded(0.02),
    ...more,
  };
}

/** 10 V at a frequency in hertz. */
export function voltageRow(frequency: number, more: Partial<cmc.MeasuredRow> = {}): cmc.MeasuredRow {
  const at = [{ name: 'f', quantity: 'frequency', unit: '\\hertz', value: frequency }];
  return rowOf({ quantity: 'ac-voltage', unit: '\\volt', value: 10, at, ...more });
}

export function expanded(U: number, k = 2, p: number | null = 0.95): cmc.StatedUncertainty {
  return { expanded: U, coverageFactor: k, coverageProbability: p };
}

/** A day in the laboratory by methods that the report does not state. */
export function workOn(day = '2026-03-01', more: Partial<cmc.Work> = {}): cmc.Work {
  return { day, methods: [], methodLevel: null, place: 'laboratory', ...more };
}
