import type { BenchResult } from './main.js';
import { median } from './measure.js';
import { shareOf } from './submits.js';

type NetworkResult = BenchResult['networks'][number];

/** The result for a person to read. */
export function report({ machine, plan, networks }: BenchResult): string {
  return [
    `${machine.cores} x ${machine.cpu}, Node ${machine.node}; ${plan.workers} workers, ${plan.rounds} rounds of ${plan.secondsEach} s each`,
    '',
    ...networks.flatMap(networkLines),
    ...(networks.length === 2 ? besideLines(networks[0]!, networks[1]!) : []),
  ].join('\n');
}

function networkLines({ engine, evaluations, firstTrace, submits, recorded, registrySizes }: NetworkResult) {
  return [
    `${engine} network`,
    '',
    ...rows(
      ['evaluation', 'per s', 'median ms', 'of no-op', 'min to max', 'times its cost'],
      evaluations.map(({ name, perSecond, medianMs, ratio, ratioMin, ratioMax }) => [
        name,
        perSecond.toFixed(0),
        medianMs.toFixed(2),
        ratio.toFixed(2),
        `${ratioMin.toFixed(2)} to ${ratioMax.toFixed(2)}`,
        (1 / ratio).toFixed(2),
      ]),
    ),
    '',
    ...rows(
      ['one at a time, after a restart', 'median ms', 'of no-op'],
      [
        ['no-op evaluate', firstTrace.noopMs],
        [`trace, ${firstTrace.levels} levels, the first of its chain`, firstTrace.firstMs],
        [`trace, ${firstTrace.levels} levels, the second`, firstTrace.secondMs],
      ].map(([name, ms]) => [
        name as string,
        (ms as number).toFixed(2),
        (firstTrace.noopMs / (ms as number)).toFixed(2),
      ]),
    ),
    '',
    ...rows(
      ['submit', 'per s', 'of no-op submit', 'of no-op evaluate'],
      [
        ['no-op submit', submits.noopSubmit],
        ['createReport', submits.createReport],
      ].map(([name, rates]) => [
        name as string,
        median(rates as readonly number[]).toFixed(0),
        shareOf(rates as readonly number[], submits.noopSubmit).toFixed(2),
        shareOf(rates as readonly number[], submits.noopEvaluate).toFixed(3),
      ]),
    ),
    '',
    ...rows(
      ['verdicts recorded a transaction', 'median ms', 'verdicts per s', 'a day', "times the paper's"],
      recorded.map(({ batch, medianMs, verdictsPerSecond, aDay, timesThePaper }) => [
        String(batch),
        medianMs.toFixed(0),
        verdictsPerSecond.toFixed(0),
        `${(aDay / 1e6).toFixed(1)} million`,
        timesThePaper.toFixed(0),
      ]),
    ),
    '',
    ...rows(
      ['devices in the registry', 'registered per s', 'trace of 7 levels per s', 'of no-op'],
      registrySizes.map(({ devices, registeredPerSecond, trace }) => [
        String(devices),
        registeredPerSecond.toFixed(0),
        trace.perSecond.toFixed(0),
        trace.ratio.toFixed(2),
      ]),
    ),
    '',
  ];
}

/** Submits took turns, so their shares are within a round. */
function besideLines(own: NetworkResult, other: NetworkResult): readonly string[] {
  const submits = (['noopEvaluate', 'noopSubmit', 'createReport'] as const).map((name) => {
    const [mine, theirs] = [own.submits[name], other.submits[name]];
    return [name, median(mine).toFixed(0), median(theirs).toFixed(0), shareOf(mine, theirs).toFixed(2)];
  });
  const recorded = own.recorded.map(({ batch, verdictsPerSecond }, index) => {
    const theirs = other.recorded[index]?.verdictsPerSecond ?? Number.NaN;
    const rates = [verdictsPerSecond.toFixed(0), theirs.toFixed(0), (verdictsPerSecond / theirs).toFixed(2)];
    return [`verdicts, ${batch} a transaction`, ...rates];
  });
  const head = ['per second', own.engine, other.engine, 'ratio'];
  return [`${own.engine} beside ${other.engine}`, '', ...rows(head, [...submits, ...recorded]), ''];
}

function rows(head: readonly string[], body: readonly (readonly string[])[]): readonly string[] {
  const widths = head.map((title, column) => Math.max(title.length, ...body.map((row) => row[column]?.length ?? 0)));
  return [head, ...body].map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  '),
  );
}
