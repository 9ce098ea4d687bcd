import { isKind, RegistryError } from '../model/index.js';
import type { Parent } from '../model/index.js';
import { Budget } from './budget.js';
import { checks } from './checks/index.js';
import type { Check, Link, TraceContext } from './checks/index.js';
import { outcomeOf } from './conclude.js';
import { Grounds } from './open/conclusions.js';
import { Opener } from './open/opener.js';
import type { OpenReport, Reference, Unopened, Unread } from './open/opener.js';
import { MAX_EDGES, MAX_LEVELS } from './options.js';
import type { TraceOptions } from './options.js';
import { pointsIn } from './results.js';
import type { RecordSource } from './source.js';
import type { CheckName, Edge, Finding } from './verdict.js';

/**
 * Holds one report, and its use of its immediate parents, against the same checks, except for its owner's acceptance,
 * which comes after. Its parents' own parents are not looked at: they were when the parents were registered, and every
 * trace looks at all of them again.
 */
export async function examineReport(
  source: RecordSource,
  reference: Reference,
  options: TraceOptions,
): Promise<readonly Edge[]> {
  const opener = new Opener(new Grounds(source, options.asOf));
  const { policy } = await opener.institutes();
  const walk = new Walk(opener, { options, policy }, new Budget(), 2);
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
  /** Institutes that vouch for an organisation on the way. */
  readonly institutes = new Set<string>();
  readonly #ascents = new Map<string, Ascent>();
  readonly #opener: Opener;
  readonly #context: TraceContext;
  /** How many levels are followed at all. */
  readonly #reach: number;
  readonly #budget: Budget;

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
    const report = await this.#withResults(citation.report, quantitiesOf(citation.report, needed));
    return this.#visit({ ...citation, report, needed, reliant, path }, reference);
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
    this.#verify({ ...sight, parents, devices: known?.devices ?? new Set([reference.device]) }, known === undefined);
    const above = known ?? (await this.#traceParents(report, [...path, reference]));
    const ascent = { ...above, attested: above.attested || this.edges.slice(own).some(isAttested) };
    if (ascent.attested) {
      this.#withdrawConsent(own, report);
    }
    this.#ascents.set(visit, ascent);
    return ascent;
  }

  /** A standing consent covers only what is traceable by itself. */
  #withdrawConsent(place: number, { id, decision }: OpenReport): void {
    const edge = this.edges[place];
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
      const points = report.payload.results.find((each) => each.quantity === quantity)?.points ?? 0;
      const isAffordable = this.#budget.takePoints(points);
      const own = isAffordable ? await this.#opener.results(report, quantity) : undefined;
      if (own) {
        results.set(quantity, own);
      } else {
        unread.push({ quantity, why: isAffordable ? 'not-signed' : 'too-many' });
      }
    }
    return { ...report, results, counted: [...results.values()].flat(), unread };
  }

  async #openParents({ payload, results }: OpenReport, level: number): Promise<readonly OpenReport[]> {
    const opened: OpenReport[] = [];
    for (const parent of level < this.#reach ? payload.parents : []) {
      const citation = parent.kind === 'report' ? await this.#opener.citation(parent) : null;
      if (citation && 'report' in citation) {
        const { report } = citation;
        const shared = report.payload.results.map(({ quantity }) => quantity).filter((name) => results.has(name));
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
    for (const { organisations } of [report.issuer, report.device.imprinting]) {
      this.institutes.add(organisations.at(-1)?.id ?? report.organisation);
    }
    const asked = checks.filter(({ about }) => about === 'citation' || firstVisit);
    const isComparable = !firstVisit || this.#budget.takeComparisons(comparisonsIn(link));
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

/**
 * The kinds of a report for which it is relied on. Where it has none of those that are asked for, it supports them in
 * another way, as an influence quantity does: then all of its own have to hold.
 */
function quantitiesOf({ payload }: OpenReport, needed: Needed): readonly string[] {
  const own = payload.results.map(({ quantity }) => quantity);
  const shared = needed === 'all' ? own : own.filter((quantity) => needed.includes(quantity));
  return shared.length === 0 ? own : shared;
}

function isAttested({ findings }: Edge): boolean {
  return findings.some(({ outcome }) => outcome === 'attested');
}

function comparisonsIn({ report, parents }: Link): number {
  let count = 0;
  for (const [quantity, results] of report.results) {
    const points = pointsIn(results);
    const supports = parents.reduce((sum, parent) => sum + (parent.results.get(quantity)?.length ?? 0), 0);
    count += points * supports;
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
        reason: `Certificate ${parent.certificate} is digital, but not registered here.`,
      };
}
