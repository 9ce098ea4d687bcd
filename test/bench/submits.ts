import { eventually } from '../support/eventually.js';
import type { Chains } from './chains.js';
import { traceable } from './evaluations.js';
import { exhaust, median, sample } from './measure.js';
import type { Plan } from './measure.js';
import type { BenchNetwork } from './network.js';

/** Reports that are issued before any is counted: calls that do nothing have run as often by then, and compilers take note. */
const WARM_UP = 1000;
/** Reports a round: several times the workers, for the last of them wait for nobody. */
const REPORTS = 200;
/** Verdicts a transaction. */
const BATCHES = [1, 10, 100, 500];
/** What the paper's network could record in a day. */
const PAPER_A_DAY = 11_520;
const DAY_SECONDS = 86_400;

/** A network and what was built in it. */
export interface Subject {
  readonly network: BenchNetwork;
  readonly chains: Chains;
}

/** Transactions a second, in each round; networks take turns within a round. */
export interface SubmitRates {
  readonly noopEvaluate: readonly number[];
  readonly noopSubmit: readonly number[];
  readonly createReport: readonly number[];
}

/** Issues reports beside transactions that do nothing, on every network in turn, round after round. */
export async function submitRates(subjects: readonly Subject[], plan: Plan, progress: (line: string) => void) {
  const workers = plan.workers * 2;
  const measured = [];
  for (const { network, chains } of subjects) {
    const standard = await chains.chain(3, 'issuing');
    const parent = `${standard.replace(/^.*\/(.*)-1$/, '$1-2')}-r1`;
    const reports = await chains.reports(WARM_UP + REPORTS * plan.rounds, 'issued', parent);
    measured.push({
      network,
      reports: [...reports],
      evaluated: [] as number[],
      nothing: [] as number[],
      issued: [] as number[],
    });
  }
  for (let round = 0; round <= plan.rounds; round += 1) {
    progress(round === 0 ? 'issuing reports, to warm up' : `issuing reports, round ${round} of ${plan.rounds}`);
    for (const { network, reports, evaluated, nothing, issued } of measured) {
      const oem = await network.as('oem-a');
      const evaluate = await sample({ name: 'no-op evaluate', call: () => oem.ping() }, plan);
      const noop = { name: 'no-op submit', call: () => network.submitNothing('lab-alpha') };
      const submit = await sample(noop, { ...plan, workers });
      const perSecond = await exhaust(reports.splice(0, round === 0 ? WARM_UP : REPORTS), workers);
      if (round > 0) {
        evaluated.push(evaluate.perSecond);
        nothing.push(submit.perSecond);
        issued.push(perSecond);
      }
    }
  }
  return measured.map(({ evaluated, nothing, issued }): SubmitRates => ({
    noopEvaluate: evaluated,
    noopSubmit: nothing,
    createReport: issued,
  }));
}

/** Verdicts that a sensor maker records in its site's compartment, so many a transaction, of the devices of {@link submitRates}. */
export async function recordedVerdicts(network: BenchNetwork, plan: Plan, progress: (line: string) => void) {
  const site = await network.measurement('measurement-a', 'oem-a');
  const devices = Array.from({ length: Math.max(...BATCHES) }, (_, index) => `lab-alpha/issued-${index}`);
  const rates = [];
  try {
    // What the laboratory's peer has committed, the sensor maker's may commit a moment later.
    const oem = await network.as('oem-a');
    await eventually(() => Promise.all(devices.map((device) => traceable(oem.traceCal(device)))));
    for (const batch of BATCHES) {
      progress(`recording ${batch} verdicts a transaction`);
      const record = { name: 'recordTraces', call: () => site.recordTraces(devices.slice(0, batch)) };
      const { perSecond, medianMs } = await sample(record, { workers: 2, secondsEach: plan.secondsEach * plan.rounds });
      const aDay = perSecond * batch * DAY_SECONDS;
      rates.push({ batch, medianMs, verdictsPerSecond: perSecond * batch, aDay, timesThePaper: aDay / PAPER_A_DAY });
    }
  } finally {
    site.close();
  }
  return rates;
}

/** Median of what one network reached as a share of the other in the same round. */
export function shareOf(own: readonly number[], other: readonly number[]): number {
  return median(own.map((value, round) => value / (other[round] ?? Number.NaN)));
}
