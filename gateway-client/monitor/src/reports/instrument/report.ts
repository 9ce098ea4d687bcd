import type { Instrument } from '../../model/index.js';
import { comparisonOf, isWithin, valuesOf } from './comparison.js';
import { dueOf, isRelied, traceabilityOf } from './compliance.js';
import type { Due, Traceability } from './compliance.js';
import type { InstrumentInput, Period, ReportOptions } from './input.js';
import { qualityOf, USUAL_BASE } from './quality.js';
import type { Quality } from './quality.js';

/**
 * - `in order`: enough values, and they show nothing.
 * - `to be looked at`: they show something.
 * - `unknown`: too few values to say; such an instrument is not in order.
 */
export type Condition = 'in order' | 'to be looked at' | 'unknown';

/** How an instrument is at the end of a period, and how its values were in it. */
export interface InstrumentReport {
  readonly instrument: Instrument;
  readonly period: Period;
  readonly condition: Condition;
  /** One sentence: the reason of the condition. */
  readonly says: string;
  readonly values: {
    readonly inPeriod: number;
    /** All that stand beside a reference, with the base. */
    readonly compared: number;
    readonly withoutReference: number;
    readonly inOtherUnits: number;
    /** D-SI unit of the newest value. */
    readonly unit?: string;
  };
  readonly quality?: Quality;
  readonly traceability: Traceability;
  readonly due: Due;
}

/**
 * How an instrument is, by its values up to the end of a period and the verdicts about it.
 *
 * @throws RegistryError `INPUT_INVALID` if a value is no finite number
 */
export function instrumentReport(
  { instrument, observed, verdicts }: InstrumentInput,
  options: ReportOptions,
): InstrumentReport {
  const { period, dueSoonDays } = options;
  const values = valuesOf(instrument.device, observed, period);
  const { unit, compared, withoutReference, inOtherUnits } = comparisonOf(values);
  const quality = qualityOf(compared, instrument, options);
  const inPeriod = values.filter(({ time }) => isWithin(time, period));
  return {
    instrument,
    period,
    ...conditionOf(quality, compared.length, options.base ?? USUAL_BASE),
    values: {
      inPeriod: inPeriod.length,
      compared: compared.length,
      withoutReference,
      inOtherUnits,
      ...(unit !== undefined && { unit }),
    },
    ...(quality && { quality }),
    traceability: traceabilityOf(inPeriod, verdicts, period.to),
    due: dueOf(instrument.due, period.to, dueSoonDays),
  };
}

function conditionOf(
  quality: Quality | undefined,
  count: number,
  base: number,
): Pick<InstrumentReport, 'condition' | 'says'> {
  if (!quality) {
    return {
      condition: 'unknown',
      says: `Too few values beside a reference: there are ${count}, and ${base + 1} are needed.`,
    };
  }
  const names = [...new Set(quality.findings.map(({ name }) => name))];
  if (names.length === 0) return { condition: 'in order', says: `${count} values show nothing unusual.` };
  return { condition: 'to be looked at', says: `Its values show: ${names.join(', ')}.` };
}

/** Whether a report gives a reason to act: its values, its calibration, or its traceability. */
export function needsAttention({ condition, due, traceability }: InstrumentReport): boolean {
  return condition === 'to be looked at' || due.state === 'overdue' || !isRelied(traceability.now);
}
