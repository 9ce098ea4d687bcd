import { Budget } from './budget.js';
import { contextOf } from './context.js';
import { Grounds } from './open/conclusions.js';
import { Opener } from './open/opener.js';
import type { Reference } from './open/opened.js';
import type { TraceOptions } from './options.js';
import { outcomeOf } from './judge/outcome.js';
import type { RecordSource } from './source.js';
import type { CheckName, Edge } from './verdict.js';
import { Walk } from './walk.js';

/**
 * Runs the same checks on one report and its direct parents, except for the owner's acceptance, which comes later. It does not go
 * further up: the parents' parents were checked when the parents were registered, and every trace checks all of them again.
 */
export async function examineReport(
  source: RecordSource,
  reference: Reference,
  options: TraceOptions,
  budget = new Budget(),
): Promise<readonly Edge[]> {
  const opener = new Opener(new Grounds(source, options.asOf));
  const walk = new Walk(opener, await contextOf(opener, options, budget), { reach: 2 });
  await walk.traceReport(reference, (given) => given);
  return walk.edges.map((edge) => (edge.level === 1 ? without(edge, 'acceptance') : edge));
}

function without(edge: Edge, check: CheckName): Edge {
  const findings = edge.findings.filter((finding) => finding.check !== check);
  return { ...edge, findings, outcome: outcomeOf(findings).outcome };
}
