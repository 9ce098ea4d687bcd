import { expandedText } from '@tracecal/core/trace';
import { withUnit } from '@tracecal/core/model';
import { printable } from '@tracecal/gateway-client';
import { wasInForce } from '@tracecal/gateway-client/device';
import type {
  Affected,
  Measurement,
  MeasurementReport,
  SupportedRange,
  VerdictInForce,
} from '@tracecal/gateway-client/device';
import type { Style } from '../style.js';
import { counted } from './counts.js';
import { noteLines } from './noteLines.js';
import { traceTree } from './traceTree.js';

/** A value as a person reads it, with what it depends on. */
export function valueText({ quantity, value, unit, uncertainty, arguments: at = [] }: Measurement): string {
  const places = at.map(
    ({ name, value: own, unit: of }) =>
      `${name} ${typeof own === 'number' && of !== undefined ? withUnit(own, of) : String(own)}`,
  );
  const u = uncertainty === null ? '' : ` (${expandedText(uncertainty, unit)})`;
  return printable(`${quantity} ${withUnit(value, unit)}${u}${places.length > 0 ? ` at ${places.join(', ')}` : ''}`);
}

/** What a proof shows about one value. */
export function measurementReportText(report: MeasurementReport, style: Style): string {
  const { measurement, verdict, root, overclaimed, fresh, notChecked } = report;
  const { device, sequence, time, corrected, verdict: said } = measurement;
  const basis = corrected ? `corrected by report ${corrected.report}` : 'as the instrument showed it';
  return [
    ...noteLines(`${style.green('✓')} ${device} has signed: ${valueText(measurement)}`, style),
    ...noteLines(`  number ${sequence}, at ${time} by its clock, ${basis}`, style),
    ...(said ? noteLines(`  ${verdictThen(said, time)}`, style) : []),
    ...noteLines(root === null ? '  It is in no batch.' : `  in the batch with the root ${root}`, style),
    '',
    'Its calibration for this value at that moment:',
    traceTree(verdict, style),
    ...(overclaimed === null ? [] : noteLines(`${style.red('✗')} ${overclaimed}`, style)),
    ...(fresh
      ? ['', ...noteLines(`${fresh.holds ? style.green('✓') : style.red('✗')} fresh: ${fresh.shows}`, style)]
      : []),
    '',
    'Not checked:',
    ...notChecked.flatMap((line) => noteLines(`  - ${line}`, style)),
  ].join('\n');
}

/** Nobody but the device says which verdict its gateway had found. */
function verdictThen(said: VerdictInForce, time: string): string {
  return wasInForce(said, time)
    ? `it names the verdict that was found last: ${said.status}, of ${said.asOf}`
    : `it names a verdict that is later than the value, and says nothing about then: ${said.status}, of ${said.asOf}`;
}

const MOST_RANGES = 20;

/**
 * Which values of a device's log lose their support.
 *
 * @param isFresh False: the change log shows that the records may have changed since, so that nobody knows whether the others keep theirs.
 */
export function affectedText(affected: Affected, isFresh: boolean | null, style: Style): string {
  const { batches, ranges } = affected;
  const lost = acrossBatches(ranges).filter(({ isSupported }) => !isSupported);
  const touched = batches.filter(({ unsupported: own }) => own > 0);
  return [
    ...noteLines(headline(affected, isFresh, style), style),
    ...lost.slice(0, MOST_RANGES).flatMap((range) => noteLines(`  ${rangeText(range)}`, style)),
    ...(lost.length > MOST_RANGES ? [`  and ${counted(lost.length - MOST_RANGES, 'more range')}: see --json`] : []),
    ...touched.flatMap(({ root, unsupported: own, supported: others }) =>
      noteLines(
        `  ${root === null ? 'in no batch' : `batch ${root}`}: ${own} of ${own + others} without support`,
        style,
      ),
    ),
  ].join('\n');
}

function headline({ device, supported, unsupported }: Affected, isFresh: boolean | null, style: Style): string {
  const lost = `${style.red('✗')} ${device}: ${counted(unsupported, 'value')} without support`;
  if (isFresh === false) {
    const open = `Something may have changed since the bundle was made: have a new one made.`;
    const older = `By this bundle ${supported === 1 ? 'it was' : 'they were'} supported.`;
    return unsupported === 0
      ? `${style.yellow('?')} ${device}: not known whether ${counted(supported, 'value')} still ${supported === 1 ? 'has' : 'have'} support. ${open} ${older}`
      : `${lost}; not known whether ${supported} more still have it. ${open}`;
  }
  return unsupported === 0
    ? `${style.green('✓')} ${device}: ${counted(supported, 'value')} supported.`
    : `${lost}, ${supported} supported.`;
}

/** Ranges that differ in their batch only, as one: a reason is told once. */
function acrossBatches(ranges: readonly SupportedRange[]): readonly SupportedRange[] {
  const joined: SupportedRange[] = [];
  for (const range of ranges) {
    const last = joined.at(-1);
    if (last?.reason === range.reason && last.status === range.status && last.isSupported === range.isSupported) {
      const { to, until, count } = range;
      joined[joined.length - 1] = { ...last, to, until, count: last.count + count };
    } else {
      joined.push(range);
    }
  }
  return joined;
}

function rangeText({ from, to, count, since, until, status, reason }: SupportedRange): string {
  const numbers = from === to ? `number ${from}` : `numbers ${from} to ${to} (${counted(count, 'value')})`;
  return `${numbers}, ${since === until ? since : `${since} to ${until}`}: ${status ?? 'not known'}. ${reason}`;
}
