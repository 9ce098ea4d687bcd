import { checks } from './checks/index.js';
import type { Check, Link, OpenedReport, TraceContext } from './checks/index.js';
import { newestHeartbeats, staleness } from './freshness.js';
import { RegistryError } from '../model/index.js';
import type { Parent } from '../model/index.js';
import { currentReport, Opener } from './open.js';
import type { Unopened } from './open.js';
import { MAX_EDGES, MAX_LEVELS } from './options.js';
import type { TraceOptions } from './options.js';
import type { RecordSource } from './source.js';
import type { Edge, Finding, Verdict } from './verdict.js';
import { conclude, outcomeOf } from './conclude.js';

/**
 * Does this device's calibration trace, unbroken, to a National Metrology Institute?
 *
 * Algorithm 1 of arXiv 1908.00740, for several parents a report: starting at the device's current report, hold every
 * report against the checks (its signatures, its technician against the organisation, the organisation up to a root, the
 * metrology), then go on to its parents, until reports that have none. All parents must hold. The walk goes on after
 * something failed, so that the verdict names all that is wrong.
 *
 * Pure: it reads records through `source` and nothing else.
 */
export async function traceCal(source: RecordSource, deviceId: string, options: TraceOptions): Promise<Verdict> {
  const opener = new Opener(source);
  const walk = new Walk(opener, { registry: source.registry, options });

  const device = await opener.device(deviceId);
  const report = device && currentReport(device, options.asOf);
  if (!device) {
    walk.deadEnd(deviceId, { check: 'registered', outcome: 'failed', reason: `No device ${deviceId} is registered.` });
  } else if (report === undefined) {
    const reason = `Device ${deviceId} has no calibration report at ${options.asOf}.`;
    walk.deadEnd(deviceId, { check: 'registered', outcome: 'missing', reason });
  }
  const lineage = report === undefined ? undefined : device?.reports[report]?.lineage;
  if (lineage) {
    await source.foresee?.(lineage);
  }
  const levels = report === undefined ? 0 : await walk.follow({ device: deviceId, report }, null, []);

  const heartbeats = await newestHeartbeats(source, opener, [...walk.roots].sort());
  return conclude({
    registry: source.registry,
    device: deviceId,
    options,
    levels,
    roots: [...walk.roots].sort(),
    heartbeats,
    edges: walk.edges,
    findings: staleness(heartbeats, options),
  });
}

/** A report by the device it is filed under. */
export interface Reference {
  readonly device: string;
  readonly report: string;
}

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
  await walk.follow(report, null, []);
  return walk.edges;
}

const TOO_LONG: Unopened = {
  check: 'limits',
  outcome: 'failed',
  reason: `The chain is longer than ${MAX_LEVELS} levels.`,
};

class Walk {
  readonly edges: Edge[] = [];
  readonly roots = new Set<string>();
  readonly #heights = new Map<string, number>();
  readonly #opener: Opener;
  readonly #context: TraceContext;
  /** How many levels are followed at all. */
  readonly #reach: number;

  constructor(opener: Opener, context: TraceContext, reach = Infinity) {
    this.#opener = opener;
    this.#context = context;
    this.#reach = reach;
  }

  /** Holds the cited report against the checks and goes on to its parents. Returns the longest chain, in reports. */
  async follow(cited: Reference, child: OpenedReport | null, path: readonly string[]): Promise<number> {
    const level = path.length + 1;
    const limit = this.#limit(cited, path);
    const opened = limit ?? (await this.#opener.report(cited.device, cited.report));
    const parent = 'outcome' in opened ? opened : await this.#opener.current(opened);
    if ('outcome' in opened || 'outcome' in parent) {
      this.#record(level, child, { report: cited.report, device: cited.device }, [
        'outcome' in opened ? opened : (parent as Unopened),
      ]);
      return 0;
    }
    const known = this.#heights.get(parent.id);
    if (known !== undefined && path.length + known > MAX_LEVELS) {
      // Walked before, from nearer: what was within bounds there is not from here.
      this.#record(level, child, { report: cited.report, device: cited.device }, [TOO_LONG]);
      return known;
    }
    this.#examine(level, { child, cited: opened, parent }, known === undefined);
    const height = known ?? 1 + (await this.#followParents(parent, [...path, cited.report]));
    this.#heights.set(parent.id, height);
    return height;
  }

  /** Records that there is nothing to follow from the device itself. */
  deadEnd(device: string, finding: Finding): void {
    this.#record(1, null, { device }, [finding]);
  }

  async #followParents(report: OpenedReport, path: readonly string[]): Promise<number> {
    const { parents, organisation } = report.payload;
    if (parents.length === 0 && report.issuer.organisations[0]?.organisation.kind === 'NMI') {
      this.roots.add(organisation);
    }
    let height = 0;
    for (const parent of path.length < this.#reach ? parents : []) {
      if (parent.kind === 'report') {
        height = Math.max(height, await this.follow(parent, report, path));
      } else {
        this.#record(path.length + 1, report, {}, [outside(parent)]);
      }
    }
    return height;
  }

  #limit({ report }: Reference, path: readonly string[]): Unopened | undefined {
    const reason = path.includes(report)
      ? `Report ${report} rests on itself.`
      : path.length >= MAX_LEVELS
        ? TOO_LONG.reason
        : this.edges.length >= MAX_EDGES
          ? `The trace has more than ${MAX_EDGES} edges.`
          : undefined;
    return reason === undefined ? undefined : { check: 'limits', outcome: 'failed', reason };
  }

  #examine(level: number, link: Link, firstVisit: boolean): void {
    const { cited, parent } = link;
    const asked = checks.filter(({ about }) => about === 'citation' || firstVisit);
    this.#record(
      level,
      link.child,
      {
        report: cited.id,
        amendedBy: cited === parent ? null : parent.id,
        device: parent.file.device.id,
        organisation: parent.payload.organisation,
        technician: parent.payload.technician,
        performed: parent.payload.performed.end,
      },
      asked.flatMap((check) => findings(check, link, this.#context)),
    );
  }

  #record(level: number, child: OpenedReport | null, what: Partial<Edge>, found: readonly Finding[]): void {
    this.edges.push({
      level,
      child: child?.id ?? null,
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
      return [{ check: check.name, outcome: 'failed', reason: `Report ${link.parent.id}: ${error.message}` }];
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
