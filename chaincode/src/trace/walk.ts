import { RegistryError } from '../model/index.js';
import type { Parent } from '../model/index.js';
import { checks } from './checks/index.js';
import type { Check, Link, OpenedReport, Reference, TraceContext } from './checks/index.js';
import { outcomeOf } from './conclude.js';
import { Opener } from './open.js';
import type { Unopened } from './open.js';
import { MAX_EDGES, MAX_LEVELS } from './options.js';
import type { TraceOptions } from './options.js';
import type { RecordSource } from './source.js';
import type { Edge, Finding } from './verdict.js';

/**
 * Holds one report, and its use of its immediate parents, against the same checks. Its parents' own parents are not
 * looked at: they were when the parents were registered, and every trace looks at all of them again.
 */
export async function examineReport(
  source: RecordSource,
  report: Reference,
  options: TraceOptions,
): Promise<readonly Edge[]> {
  const walk = new Walk(new Opener(source), { registry: source.registry, options }, 2);
  await walk.traceReport(report);
  return walk.edges;
}

const TOO_LONG: Unopened = {
  check: 'limits',
  outcome: 'failed',
  reason: `The chain is longer than ${MAX_LEVELS} levels.`,
};

/** What lies above a report, itself included. A report that several rest on is walked once. */
interface Ascent {
  /** Longest chain, in reports. */
  readonly height: number;
  readonly devices: ReadonlySet<string>;
}

const NOTHING: Ascent = { height: 0, devices: new Set() };

/** The recursion of Algorithm 1: verify a report, then trace its parents. */
export class Walk {
  readonly edges: Edge[] = [];
  readonly roots = new Set<string>();
  readonly #ascents = new Map<string, Ascent>();
  readonly #opener: Opener;
  readonly #context: TraceContext;
  /** How many levels are followed at all. */
  readonly #reach: number;

  constructor(opener: Opener, context: TraceContext, reach = Infinity) {
    this.#opener = opener;
    this.#context = context;
    this.#reach = reach;
  }

  /** Verifies the cited report and traces its parents. */
  async traceReport(
    reference: Reference,
    reliant: OpenedReport | null = null,
    path: readonly Reference[] = [],
  ): Promise<Ascent> {
    const level = path.length + 1;
    const citation = this.#limit(reference, path) ?? (await this.#opener.citation(reference));
    if ('outcome' in citation) {
      this.#record(level, reliant, { report: reference.report, device: reference.device }, [citation]);
      return NOTHING;
    }
    const { report } = citation;
    const known = this.#ascents.get(report.id);
    if (known && path.length + known.height > MAX_LEVELS) {
      // Walked before, from nearer: what was within bounds there is not from here.
      this.#record(level, reliant, { report: reference.report, device: reference.device }, [TOO_LONG]);
      return known;
    }
    const parents = known || level === this.#reach ? [] : await this.#openParents(report);
    const devices = known?.devices ?? new Set([reference.device]);
    this.#verify({ ...citation, reliant, parents, path, devices }, known === undefined);
    const ascent = known ?? (await this.#traceParents(report, [...path, reference]));
    this.#ascents.set(report.id, ascent);
    return ascent;
  }

  /** Records that there is nothing to follow from the device itself. */
  deadEnd(device: string, finding: Finding): void {
    this.#record(1, null, { device }, [finding]);
  }

  async #openParents({ payload }: OpenedReport): Promise<readonly OpenedReport[]> {
    const opened: OpenedReport[] = [];
    for (const parent of payload.parents) {
      const citation = parent.kind === 'report' ? await this.#opener.citation(parent) : null;
      if (citation && 'report' in citation) {
        opened.push(citation.report);
      }
    }
    return opened;
  }

  async #traceParents(report: OpenedReport, path: readonly Reference[]): Promise<Ascent> {
    const { parents, organisation } = report.payload;
    if (parents.length === 0 && report.issuer.organisations[0]?.organisation.kind === 'NMI') {
      this.roots.add(organisation);
    }
    let height = 0;
    const devices = new Set([report.file.device.id]);
    for (const parent of path.length < this.#reach ? parents : []) {
      if (parent.kind === 'report') {
        const above = await this.traceReport(parent, report, path);
        height = Math.max(height, above.height);
        above.devices.forEach((device) => devices.add(device));
      } else {
        this.#record(path.length + 1, report, {}, [outside(parent)]);
      }
    }
    return { height: height + 1, devices };
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
    this.#record(
      path.length + 1,
      reliant,
      {
        report: cited.id,
        amendedBy: cited === report ? null : report.id,
        device: report.file.device.id,
        organisation: report.payload.organisation,
        technician: report.payload.technician,
        performed: report.payload.performed.end,
      },
      asked.flatMap((check) => findings(check, link, this.#context)),
    );
  }

  #record(level: number, reliant: OpenedReport | null, what: Partial<Edge>, found: readonly Finding[]): void {
    this.edges.push({
      level,
      child: reliant?.id ?? null,
      report: null,
      amendedBy: null,
      device: null,
      organisation: null,
      technician: null,
      performed: null,
      ...what,
      outcome: outcomeOf(found),
      findings: found,
    });
  }
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
