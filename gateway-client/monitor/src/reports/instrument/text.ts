import type { Limits } from '@tracecal/gateway-client/monitor';
import { IN_FORCE } from './compliance.js';
import type { Due, Traceability } from './compliance.js';
import type { Quality } from './quality.js';
import type { InstrumentReport } from './report.js';

/** The report as lines of text for a person. */
export function instrumentText(report: InstrumentReport): string {
  const { instrument, period, condition, says, values, quality, traceability, due } = report;
  const { unit = 'no unit' } = values;
  const lines = [
    `${instrument.device} (${instrument.site}), ${period.from} to ${period.to}`,
    `Condition: ${condition}. ${says}`,
    `Values: ${values.inPeriod} in the period; ${values.compared} beside a reference (${unit})`,
    ...(values.inOtherUnits > 0 ? [`Left out: ${values.inOtherUnits} values in other units`] : []),
    ...(quality ? qualityLines(quality) : []),
    traceabilityLine(traceability),
    dueLine(due),
  ];
  return `${lines.join('\n')}\n`;
}

function qualityLines({ base, scores, shewhart, ewma, cusum, drift, stability, used, findings }: Quality): string[] {
  return [
    `Base: mean error ${number(base.mean)}, standard deviation ${number(base.deviation)}, ${base.count} values`,
    scores.count === 0
      ? 'Scores: no value states an uncertainty'
      : `Scores: En ${number(scores.en)}, zeta ${number(scores.zeta)} at the worst; ${scores.beyond} of ${scores.count} beyond En 1`,
    `Shewhart: ${between(shewhart.limits)}, ${shewhart.outside} outside`,
    ...(ewma ? [`EWMA: ${number(ewma.last)} in ${between(ewma.limits)}, ${ewma.outside} outside`] : []),
    ...(cusum ? [`CUSUM: ${number(cusum.above)} above, ${number(cusum.below)} below, ${cusum.outside} outside`] : []),
    ...(drift ? [`Drift: ${number(drift.rate)} a day (by chance: ${number(drift.chance)})`] : []),
    ...(stability === undefined ? [] : [`Stability: scatters ${number(stability)} times as much as in the base`]),
    ...(used === undefined ? [] : [`Error margin: ${percent(used)} of the allowed error used`]),
    ...findings.map(({ name, says, time }) => `Found ${name}, ${time}: ${says}`),
  ];
}

function traceabilityLine({ values, inForce, relied, levels, now }: Traceability): string {
  const counts = IN_FORCE.filter((status) => inForce[status] > 0).map((status) => `${inForce[status]} ${status}`);
  const share = relied === undefined ? 'no values' : `${percent(relied)} of ${values} values (${counts.join(', ')})`;
  const steps = levels === undefined ? '' : `, ${levels} ${levels === 1 ? 'level' : 'levels'} to the institute`;
  return `Traceability: now ${now}${steps}; ${share}`;
}

function dueLine({ date, state, days }: Due): string {
  if (date === undefined || days === undefined) return 'Calibration: no due date known';
  const when = days < 0 ? `${-days} days ago` : `in ${days} days`;
  return `Calibration: ${state}, due on ${date.slice(0, 10)} (${when})`;
}

function between({ lower, upper }: Limits): string {
  return `${number(lower)} to ${number(upper)}`;
}

export function number(value: number | undefined): string {
  return value === undefined ? '-' : String(Number(value.toPrecision(4)));
}

export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
