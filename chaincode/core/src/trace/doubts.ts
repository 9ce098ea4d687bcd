import { Budget } from './budget.js';
import { contextOf } from './context.js';
import type { Doubt } from './judge/doubt.js';
import { Grounds } from './open/conclusions.js';
import { Opener } from './open/opener.js';
import type { Reference } from './open/opened.js';
import type { TraceOptions } from './options.js';
import type { RecordSource } from './source.js';
import { Walk } from './walk.js';

export interface Doubts {
  readonly doubts: readonly Doubt[];
  /** Whether everything that the report rests on was examined; otherwise there may be more doubts. */
  readonly isWhole: boolean;
}

/**
 * What calls a report in question, each cause once: the same doubts that a trace through it finds. Empty if another report counts in
 * its place.
 */
export async function doubtsAbout(source: RecordSource, reference: Reference, options: TraceOptions): Promise<Doubts> {
  const opener = new Opener(new Grounds(source, options.asOf));
  const budget = new Budget();
  const walk = new Walk(opener, await contextOf(opener, options, budget));
  await walk.traceReport(reference, (given) => given);
  const own = walk.doubts.filter(({ report }) => report === reference.report);
  const isCut = walk.edges.some(
    ({ child, findings }) => child === reference.report && findings.some(({ check }) => check === 'limits'),
  );
  return {
    doubts: own.filter(({ cause }, place) => own.findIndex((other) => other.cause === cause) === place),
    isWhole: !isCut && !budget.isExceeded,
  };
}
