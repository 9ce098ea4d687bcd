import { isKind, RegistryError } from '../model/index.js';
import type { Parent } from '../model/index.js';
import { Budget } from './budget.js';
import { lastDecision } from './checks/acceptance.js';
import { relyingUse } from './checks/check.js';
import { checks } from './checks/index.js';
import type { Check, Link, TraceContext } from './checks/index.js';
import { outcomeOf } from './conclude.js';
import { Grounds } from './open/conclusions.js';
import { Opener } from './open/opener.js';
import type { OpenReport, Reference, Unopened, Unread } from './open/opener.js';
import { MAX_EDGES, MAX_LEVELS } from './options.js';
import type { TraceOptions } from './options.js';
import { rowsIn } from './results.js';
import type { RecordSource } from './source.js';
import type { CheckName, Edge, Finding } from './verdict.js';
import { institutesBehind } from './vouching.js';

/**
 * Holds one report, and its use of its immediate parents, against the same checks, except for its owner's acceptance,
 * which comes after. Its parents' own parents are not looked at: they were when the parents were registered, and every
 * trace looks at all of them again.
 */
export async function examineReport(
  source: RecordSource,
  reference: Reference,
  options: TraceOptions,
  budget = new Budget(),
): Promise<readonly Edge[]> {
  const opener = new Opener(new Grounds(source, options.asOf));
  const { policy } = await opener.institutes();
  const walk = new Walk(opener, { options, policy }, budget, 2);
  await walk.traceReport(reference, 'all');
  return walk.edges.map((edge) => (edge.level === 1 ? without(edge, 'acceptance') : edge));
}

function without(edge: Edge, check: CheckName): Edge {
  const findings = edge.findings.filter((finding) => finding.check !== check);
  return { ...edge, findings, outcome: outcomeOf(findings) };
}

const TOO_LONG: Unopened = {
  check: 'limits',
  outcome: 'failed',
  reason: `The chain is longer than ${MAX_LEVELS} levels.`,
};

/** The kinds of quantity for which a report is relied on. */
export type Needed = readonly string[] | 'all';

/** A report, as it is come by. */
type Sight = Omit<Link, 'parents' | 'devices'>;

/** What lies above a report, itself included. A report that several rest on is walked once. */
interface Ascent {
  /** Longest chain, in reports. */
  readonly height: number;
  readonly devices: ReadonlySet<string>;
  /** Whether any of it rests on somebody's word. */
  readonly attested: boolean;
}

const NOTHING: Ascent = { height: 0, devices: new Set(), attested: false };

/** The recursion of Algorithm 1: verify a report, then trace its parents. */
export class Walk {
  readonly edges: Edge[] = [];
  /** Institutes at which the walk ended. */
  readonly roots = new Set<string>();
  /** Institutes on whose word anything on the way rests. */
  readonly institutes = new Set<string>();
  readonly #ascents = new Map<string, Ascent>();
  readonly #opener: Opener;
  readonly #context: TraceContext;
  /** How many levels are followed at all. */
  readonly #reach: number;
  readonly #budget: Budget;
  /** Results that were read before: they cost nothing more. */
  readonly #read = new Set<string>();

  constructor(opener: Opener, context: TraceContext, budget = new Budget(), reach = Infinity) {
    this.#opener = opener;
    this.#context = context;
    this.#budget = budget;
    this.#reach = reach;
  }

  /** Verifies the cited report and traces its parents. */
  async traceReport(
    reference: Reference,
    needed: Needed,
    reliant: OpenReport | null = null,
    path: readonly Reference[] = [],
  ): Promise<Ascent> {
    const citation = this.#limit(reference, path) ?? (await this.#opener.citation(reference));
    if ('outcome' in citation) {
      this.#record(path.length + 1, reliant, { report: reference.report, device: reference.device }, [citation]);
      return NOTHING;
    }
    const kinds = kindsReliedOn(citation.cited, needed, reliant);
    const given = kindsOf(citation.report);
    const report = await this.#withResults(
      citation.report,
      kinds.filter((kind) => given.includes(kind)),
    );
    return this.#visit({ ...citation, report, needed: kinds, reliant, path }, reference);
  }

  async #visit(sight: Sight, reference: Reference): Promise<Ascent> {
    const { report, reliant, path } = sight;
    const visit = JSON.stringify([report.id, ...report.results.keys()]);
    const known = this.#ascents.get(visit);
    if (known && path.length + known.height > MAX_LEVELS) {
      // Walked before, from nearer: what was within bounds there is not from here.
      this.#record(path.length + 1, reliant, { report: reference.report, device: reference.device }, [TOO_LONG]);
      return known;
    }
    const parents = known ? [] : await this.#openParents(report, path.length + 1);
    const own = this.edges.length;
    const link = { ...sight, parents, devices: known?.devices ?? new Set([reference.device]) };
    this.#verify(link, known === undefined);
    (await institutesBehind(this.#opener, link, this.#context)).forEach((id) => this.institutes.add(id));
    const above = known ?? (await this.#traceParents(report, [...path, reference]));
    const ascent = { ...above, attested: above.attested || this.edges.slice(own).some(isAttested) };
    if (ascent.attested) {
      this.#withdrawConsent(own, sight);
    }
    this.#ascents.set(visit, ascent);
    return ascent;
  }

  /** A standing consent covers only what is traceable by itself. */
  #withdrawConsent(place: number, { reliant, report }: Sight): void {
    const edge = this.edges[place];
    const { id } = report;
    const decision = lastDecision(report, reliant ? relyingUse(reliant).done : this.#context.options.asOf);
    if (edge && decision && isKind(decision.said.statement, 'consent')) {
      const reason = `Report ${id} is not traceable by itself, so the standing consent of its device's owner does not cover it.`;
      const found: Finding[] = [...edge.findings, { check: 'acceptance', outcome: 'missing', reason }];
      this.edges[place] = { ...edge, findings: found, outcome: outcomeOf(found) };
    }
  }

  /** Records that there is nothing to follow from the device itself. */
  deadEnd(device: string, finding: Finding): void {
    this.#record(1, null, { device }, [finding]);
  }

  /** The report with its results of these kinds, as far as they are what was signed, and not too many. */
  async #withResults(report: OpenReport, quantities: readonly string[]): Promise<OpenReport> {
    const results = new Map(report.results);
    const unread: Unread[] = [];
    for (const quantity of quantities) {
      const rows = report.payload.results.find((each) => each.quantity === quantity)?.rows ?? 0;
      const isAffordable = this.#isAffordable(`${report.id} ${quantity}`, rows);
      const own = isAffordable ? await this.#opener.results(report, quantity) : undefined;
      if (own) {
        results.set(quantity, own);
      } else {
        unread.push({ quantity, why: isAffordable ? 'not-signed' : 'too-many' });
      }
    }
    return { ...report, results, counted: [...results.values()].flat(), unread };
  }

  #isAffordable(results: string, rows: number): boolean {
    const isAffordable = this.#read.has(results) || this.#budget.takeRows(rows);
    if (isAffordable) {
      this.#read.add(results);
    }
    return isAffordable;
  }

  async #openParents({ payload, results }: OpenReport, level: number): Promise<readonly OpenReport[]> {
    const opened: OpenReport[] = [];
    for (const parent of level < this.#reach ? payload.parents : []) {
      const citation = parent.kind === 'report' ? await this.#opener.citation(parent) : null;
      if (citation && 'report' in citation) {
        const { report } = citation;
        const shared = kindsOf(report).filter((name) => results.has(name));
        opened.push(await this.#withResults(report, shared));
      }
    }
    return opened;
  }

  async #traceParents(report: OpenReport, path: readonly Reference[]): Promise<Ascent> {
    const { parents } = report.payload;
    if (parents.length === 0 && report.issuer.organisations[0]?.kind === 'NMI') {
      this.roots.add(report.organisation);
    }
    let height = 0;
    let attested = false;
    const devices = new Set([report.device.id]);
    for (const parent of path.length < this.#reach ? parents : []) {
      if (parent.kind === 'report') {
        const above = await this.traceReport(parent, [...report.results.keys()], report, path);
        height = Math.max(height, above.height);
        // Where it was walked before, its edges lie elsewhere.
        attested ||= above.attested;
        above.devices.forEach((device) => devices.add(device));
      } else {
        this.#record(path.length + 1, report, {}, [outside(parent)]);
      }
    }
    return { height: height + 1, devices, attested };
  }

  #limit({ report }: Reference, path: readonly Reference[]): Unopened | undefined {
    const reason = path.some((step) => step.report === report)
      ? `Report ${report} rests on itself.`
      : path.length >= MAX_LEVELS
        ? TOO_LONG.reason
        : this.edges.length >= MAX_EDGES
          ? `The trace has more than ${MAX_EDGES} edges.`
          : undefined;
    return reason === undefined ? undefined : { check: 'limits', outcome: 'failed', reason };
  }

  #verify(link: Link, firstVisit: boolean): void {
    const { cited, report, path, reliant } = link;
    const asked = checks.filter(({ about }) => about === 'citation' || firstVisit);
    const isComparable = this.#budget.takeComparisons(useIn(link) + (firstVisit ? comparisonsIn(link) : 0));
    const affordable = isComparable && !report.unread.some(({ why }) => why === 'too-many');
    this.#record(
      path.length + 1,
      reliant,
      {
        report: cited.id,
        digest: report.said.digest,
        amendedBy: cited.id === report.id ? null : report.id,
        device: report.device.id,
        organisation: report.organisation,
        technician: report.payload.technician,
        performed: report.payload.performed.end,
        registered: report.registered,
      },
      [
        ...(affordable ? [] : [tooMuch(report)]),
        ...asked.filter(({ costly }) => affordable || !costly).flatMap((check) => findings(check, link, this.#context)),
      ],
    );
  }

  #record(level: number, reliant: OpenReport | null, what: Partial<Edge>, found: readonly Finding[]): void {
    this.edges.push({
      level,
      child: reliant?.id ?? null,
      report: null,
      digest: null,
      amendedBy: null,
      device: null,
      organisation: null,
      technician: null,
      performed: null,
      registered: null,
      ...what,
      outcome: outcomeOf(found),
      findings: found,
    });
  }
}

function kindsOf({ payload }: OpenReport): readonly string[] {
  return payload.results.map(({ quantity }) => quantity);
}

/**
 * The kinds for which a report is relied on, by what was cited: what counts in its place today has to give the same. Of the
 * traced device they are those that are asked for. A parent that has none of its child's supports it in another way, as an
 * influence quantity does: then all of its own have to hold.
 */
function kindsReliedOn(cited: OpenReport, needed: Needed, reliant: OpenReport | null): readonly string[] {
  const own = kindsOf(cited);
  if (needed === 'all' || reliant === null) {
    return needed === 'all' ? own : needed;
  }
  const shared = own.filter((quantity) => needed.includes(quantity));
  return shared.length === 0 ? own : shared;
}

function isAttested({ findings }: Edge): boolean {
  return findings.some(({ outcome }) => outcome === 'attested');
}

/** What relies on a report is held against it result by result. */
function useIn({ reliant, report }: Link): number {
  return (reliant?.counted.length ?? 0) * report.counted.length;
}

function comparisonsIn({ report, parents }: Link): number {
  let count = 0;
  for (const [quantity, results] of report.results) {
    const rows = rowsIn(results);
    const supports = parents.reduce((sum, parent) => sum + (parent.results.get(quantity)?.length ?? 0), 0);
    count += rows * supports;
  }
  return count;
}

function tooMuch({ id, payload }: OpenReport): Finding {
  const quantity = payload.results[0]?.quantity ?? '';
  return {
    check: 'limits',
    outcome: 'missing',
    reason: `Report ${id} and its parents have more results than one trace compares: ask about one kind of quantity (--quantity ${quantity}).`,
  };
}

function findings(check: Check, link: Link, context: TraceContext): readonly Finding[] {
  try {
    return check.examine(link, context).map(({ outcome, reason }) => ({ check: check.name, outcome, reason }));
  } catch (error) {
    // A record that cannot even be read (a broken certificate) fails the check that needed it.
    if (error instanceof RegistryError) {
      return [{ check: check.name, outcome: 'failed', reason: `Report ${link.report.id}: ${error.message}` }];
    }
    throw error;
  }
}

function outside(parent: Exclude<Parent, { kind: 'report' }>): Finding {
  return parent.kind === 'paper'
    ? {
        check: 'paper-certificate',
        outcome: 'attested',
        reason: `Certificate ${parent.certificate} is on paper: only the signatories of the report vouch for it.`,
      }
    : {
        check: 'parent-registered',
        outcome: 'missing',
        reason: `Certificate ${parent.certificate} is digital, but that very file is not registered here.`,
      };
}
