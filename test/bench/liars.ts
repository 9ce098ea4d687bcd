import type { ProbeFindingName } from '@tracecal/gateway-client/monitor';
import { PROBE_FINDINGS } from '@tracecal/gateway-client/monitor';
import { DAYS, LIARS } from '../support/instruments/population.js';
import { ratesOf } from '../support/instruments/rates.js';
import type { Rate } from '../support/instruments/rates.js';
import { printAlone } from './alone.js';

const SEEDS = 20;

/**
 * How many liars probes find, and how many honest instruments they suspect, in generated populations of which one in a hundred lies. The
 * tables stand in docs/monitoring.md; the same seeds make the same numbers.
 *
 *     node --enable-source-maps test/dist/bench/liars.js [instruments for each of 20 seeds, 1,800 by default] [first seed]
 */
export function liarNumbers(size = 1800, first = 1): readonly string[] {
  const seeds = Array.from({ length: SEEDS }, (_, index) => first + index);
  const { kinds, liars, honest, falseAlarms, right, chance, base } = ratesOf(seeds, size);
  const names = Object.keys(PROBE_FINDINGS) as ProbeFindingName[];
  return [
    `${SEEDS} seeds of ${size} instruments over ${DAYS} days; ${percent(base)} lie.`,
    '',
    '| a liar that ... | found | by chance | as what it is |',
    '| --- | --- | --- | --- |',
    ...[...kinds].map(
      ([kind, each]) =>
        `| ${kind} | ${text(each.found)} | ${percent(chance)} | \`${LIARS[kind]}\` ${text(each.named)} |`,
    ),
    `| any of them | ${text(liars)} | ${percent(chance)} | |`,
    '',
    '| honest instruments with ... | share |',
    '| --- | --- |',
    ...names.map((name) => `| \`${name}\` | ${text(falseAlarms.get(name) ?? ratesOfNone(honest))} |`),
    `| any of them | ${text(honest)} |`,
    '',
    `An alarm that is raised at random as often suspects ${percent(chance)} of all, whether they lie or not. Of instruments with a finding`,
    `${text(right)} lie; of those with an alarm at random ${percent(base)}.`,
  ];
}

function ratesOfNone({ of }: Rate): Rate {
  // Wilson's upper limit for none of so many.
  const square = 1.959964 ** 2 / of;
  return { found: 0, of, share: 0, lower: 0, upper: square / (1 + square) };
}

function text({ found, of, share, lower, upper }: Rate): string {
  return `${percent(share)} (${percent(lower)} to ${percent(upper)}; ${found} of ${of})`;
}

function percent(share: number): string {
  const value = 100 * share;
  return `${value === 0 || value === 100 ? value.toFixed(0) : value.toFixed(value < 1 ? 3 : 1)} %`;
}

printAlone(module, () => Promise.resolve(liarNumbers(Number(process.argv[2] ?? 1800), Number(process.argv[3] ?? 1))));
