import type { BenchResult } from './main.js';

/** The result for a person to read. */
export function table(result: BenchResult): string {
  const { engine, machine, plan, evaluations, firstTrace, submits, recorded, registrySizes } = result;
  const evaluationRows = evaluations.map(({ name, perSecond, medianMs, ratio, ratioMin, ratioMax }) => [
    name,
    perSecond.toFixed(0),
    medianMs.toFixed(2),
    ratio.toFixed(2),
    `${ratioMin.toFixed(2)} to ${ratioMax.toFixed(2)}`,
    (1 / ratio).toFixed(2),
  ]);
  return [
    `${engine} network, ${machine.cores} x ${machine.cpu}, Node ${machine.node}; ${plan.workers} workers, ${plan.rounds} rounds of ${plan.secondsEach} s each`,
    '',
    ...rows(['evaluation', 'per s', 'median ms', 'of no-op', 'min to max', 'times its cost'], evaluationRows),
    '',
    `One at a time, ${firstTrace.levels} levels after a restart: no-op ${firstTrace.noopMs.toFixed(2)} ms, first trace of a chain ${firstTrace.firstMs.toFixed(2)} ms, second ${firstTrace.secondMs.toFixed(2)} ms.`,
    '',
    ...rows(
      ['submit', 'workers', 'per s', 'of no-op evaluate'],
      submits.map(({ name, workers, perSecond, ratio }) => [
        name,
        String(workers),
        perSecond.toFixed(0),
        ratio.toFixed(3),
      ]),
    ),
    '',
    ...rows(
      ['verdicts recorded a transaction', 'median ms', 'verdicts per s', 'a day', "times the paper's"],
      recorded.map(({ batch, medianMs, verdictsPerSecond, aDay, timesThePaper }) => [
        String(batch),
        medianMs.toFixed(0),
        verdictsPerSecond.toFixed(0),
        (aDay / 1e6).toFixed(1) + ' million',
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
  ].join('\n');
}

function rows(head: readonly string[], body: readonly (readonly string[])[]): readonly string[] {
  const widths = head.map((title, column) => Math.max(title.length, ...body.map((row) => row[column]?.length ?? 0)));
  return [head, ...body].map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  '),
  );
}
