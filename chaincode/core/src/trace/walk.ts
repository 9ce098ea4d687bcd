import { isKind } from '../model/index.js';
import type { Parent } from '../model/index.js';
import { isBeside, placedAt, placedBeside } from './at/placed.js';
import type { Budget } from './budget.js';
import { lastDecision } from './checks/acceptance.js';
import { relyingUse } from './checks/check.js';
import { checks } from './checks/index.js';
import type { Link, TraceContext } from './checks/index.js';
import type { CurrentUse } from './current.js';
import { Edges } from './edges.js';
import { FoundSound } from './foundSound.js';
import { findings, told } from './examine.js';
import { givenOf } from './judge/given.js';
import { wordsInUse, wordsOn } from './intervalWords.js';
import type { WordsInUse } from './intervalWords.js';
import { judge } from './judge/judge.js';
import { tooMuch } from './judge/limits.js';
import type { Terms } from './judge/judge.js';
import type { Doubt } from './judge/doubt.js';
import { asFound, doubtOf, foundOutOfLimits } from './judge/foundOut.js';
import { judgingPolicy } from './judge/policy.js';
import { reliedOn } from './needed.js';
import type { Needed } from './needed.js';
import type { Citation, OpenReport, Reference, Unopened, Unread } from './open/opened.js';
import type { Opener } from './open/opener.js';
import type { Decision } from './open/ownership.js';
import { remembered } from './open/remembered.js';
import type { Said } from './open/statement.js';
import { MAX_EDGES, MAX_LEVELS } from './options.js';
import { outcomeOf, SOUND, worstOf } from './judge/outcome.js';
import type { Outcome } from './judge/outcome.js';
import { counted, NOWHERE, outside, outsideSource } from './judge/sources.js';
import type { Source, Standing } from './judge/sources.js';
import { rowsIn } from './results.js';
import type { Edge, Finding } from './verdict.js';
import { heardAbout, institutesBehind } from './vouching.js';
import type { Heard } from './vouching.js';

const TOO_LONG: Unopened = {
  check: 'limits',
  outcome: 'failed',
  reason: `The chain is longer than ${MAX_LEVELS} levels.`,
};

/** About the number of characters of a review that name one report. */
const CHARACTERS_A_ROW = 150;

/** A report on the way of the walk. */
type Sight = Omit<Link, 'parents' | 'devices' | 'isLater' | 'words'>;

/** A report and everything above it. A report that several others depend on is walked once. */
interface Ascent {
  /** Longest chain, in reports. */
  readonly height: number;
  readonly devices: ReadonlySet<string>;
  /** The status of its own results, by kind of quantity. */
  readonly kinds: ReadonlyMap<string, Standing>;
  /** The status of the whole report. */
  readonly standing: Outcome;
}

/** The use of a report: its status for the report that depends on it. */
export interface Relied extends Ascent {
  readonly report: OpenReport | undefined;
  /** What counted for its device's interval then. */
  readonly words: WordsInUse | undefined;
  /** Whether it was made after the report that relies on it, and an earlier calibration of the same device is named too. */
  readonly isLater: boolean;
  /** The cited report, if another one counts in its place. */
  readonly before?: OpenReport | undefined;
  /** The statement of the dependent report's laboratory that the report is still valid. */
  readonly review?: Said<'review'> | undefined;
}

/** The findings at an edge: all of them, and those about the report itself. */
interface Examined {
  readonly place: number;
  readonly all: readonly Finding[];
  readonly own: readonly Finding[];
}

/** The recursion of Algorithm 1: verify a report, trace its parents, then decide the status of its results. */
export class Walk {
  readonly #edges = new Edges();
  /** All institutes on whose word something in this trace rests. */
  readonly institutes = new Set<string>();
  /** The doubts about reports of this trace. */
  readonly doubts: Doubt[] = [];
  readonly #ascents = new Map<string, Ascent>();
  /** By visits: what others said about reports, as far as the asker hears it. */
  readonly #heard = new Map<string, Promise<Heard>>();
  readonly #opener: Opener;
  readonly #context: TraceContext;
  /** For finding out whom to hear, so that strangers take nothing from the trace itself. */
  readonly #hearing: Budget;
  /** Limit of levels. */
  readonly #reach: number;
  readonly #terms: Terms;
  /** Results that were read already: reading them again costs nothing. */
  readonly #read = new Set<string>();
  /** Walks beside this trace. They do not start further walks: they examine the status of reports, not doubts about them. */
  readonly #foundSound: FoundSound | undefined;

  constructor(opener: Opener, context: TraceContext, reach = Infinity, isAside = false) {
    this.#opener = opener;
    this.#context = context;
    const { budget, policy, options, required } = context;
    this.#terms = {
      budget,
      policy: judgingPolicy(policy),
      explain: options.explain,
      refusedBy: required?.body.accreditation === 'refuse' ? required.owner : undefined,
    };
    this.#reach = reach;
    this.#hearing = budget.aside;
    const aside = { ...context, budget: budget.aside };
    this.#foundSound = isAside
      ? undefined
      : new FoundSound(opener, aside.budget, async (reference, kind) => {
          const walk = new Walk(opener, aside, reach, true);
          const { kinds } = await walk.traceReport(reference, () => [kind]);
          return { kinds: walk.#isTrusted ? kinds : new Map() };
        });
  }

  /** Whether the question names no roots, or those of all institutes on whose word this walk rests. */
  get #isTrusted(): boolean {
    const { trusted } = this.#context;
    return trusted === null || [...this.institutes].every((institute) => trusted.has(institute));
  }

  get edges(): readonly Edge[] {
    return this.#edges.all;
  }

  /** Verifies the cited report and traces its parents. */
  async traceReport(
    reference: Reference,
    needed: Needed,
    reliant: OpenReport | null = null,
    path: readonly Reference[] = [],
  ): Promise<Relied> {
    const sight = await this.#sight(reference, needed, path);
    return 'outcome' in sight
      ? this.#deadEnd(path.length + 1, reliant, reference, sight)
      : this.#visit({ ...sight, reliant, path }, reference);
  }

  /** Traces a current report of the device at the places at which it counts; undefined if no place is left. */
  async traceCurrent(device: string, use: CurrentUse): Promise<Relied | undefined> {
    const reference = { device, report: use.report };
    const sight = await this.#sight(reference, () => use.quantities, []);
    if ('outcome' in sight) {
      return this.#deadEnd(1, null, reference, sight);
    }
    const placed = this.#placed(sight.report, use);
    if (placed && 'outcome' in placed) {
      return this.#deadEnd(1, null, reference, placed);
    }
    const gone = use.quantities.filter((kind) => sight.report.results.has(kind) && !placed?.results.has(kind));
    const needed = sight.needed.filter((kind) => !gone.includes(kind));
    return placed && this.#visit({ ...sight, report: placed, needed, reliant: null, path: [] }, reference);
  }

  /**
   * The report that covers the place asked about, among those that a device relies on, newest first. A report that cannot be read may
   * cover the place, so no older one replaces it.
   */
  async currentAsked(device: string, uses: readonly CurrentUse[]): Promise<CurrentUse | undefined> {
    for (const use of uses) {
      const sight = await this.#sight({ device, report: use.report }, () => use.quantities, []);
      const placed = 'outcome' in sight ? sight : this.#placed(sight.report, use);
      const isNothing = placed && 'outcome' in placed && placed.check === 'results';
      const isNewers = placed && !('outcome' in placed) && placed.placed && !isBeside(placed, use.newer);
      if (!isNothing && !isNewers) {
        return use;
      }
    }
    return uses[0];
  }

  #placed(report: OpenReport, { newer }: CurrentUse): OpenReport | Unopened | undefined {
    const { at } = this.#context.options;
    const places = [...newer.values()].reduce((sum, extents) => sum + extents.length, 0);
    if (!this.#terms.budget.takeComparisons(places * rowsIn(report.counted))) {
      return { ...tooMuch(report), outcome: 'missing' };
    }
    return at ? placedAt(report, at, this.#terms.policy.support) : placedBeside(report, newer);
  }

  /** A cited report with the results for which it is needed. */
  async #sight(
    reference: Reference,
    needed: Needed,
    path: readonly Reference[],
  ): Promise<(Citation & { readonly needed: readonly string[] }) | Unopened> {
    const citation = this.#limit(reference, path) ?? (await this.#opener.citation(reference));
    if ('outcome' in citation) {
      return citation;
    }
    const kinds = needed(kindsOf(citation.cited));
    const given = kindsOf(citation.report);
    const report = await this.#withResults(
      citation.report,
      kinds.filter((kind) => given.includes(kind)),
    );
    return { ...citation, report, needed: kinds };
  }

  async #visit(seen: Sight, reference: Reference): Promise<Relied> {
    const { reliant, path, needed } = seen;
    const visit = JSON.stringify([seen.report.id, seen.report.placed !== undefined, ...seen.report.results.keys()]);
    const report = { ...seen.report, ...(await this.#heardAbout(visit, seen.report)) };
    const sight = { ...seen, report };
    const known = this.#ascents.get(visit);
    if (known && path.length + known.height > MAX_LEVELS) {
      // This report was walked before from a nearer report. What was within the limits there may not be from here.
      return { ...this.#deadEnd(path.length + 1, reliant, reference, TOO_LONG), devices: known.devices };
    }
    const parents = known ? [] : await this.#openParents(report.payload.parents, path.length + 1);
    const isLater = reliant !== null && (await this.#isLater(reliant, sight));
    const words = await this.#words(sight);
    const link = { ...sight, words, parents, isLater, devices: known?.devices ?? new Set([reference.device]) };
    const found = this.#verify(link, known === undefined);
    const { place } = found;
    (await institutesBehind(this.#opener, link, this.#context)).forEach((id) => this.institutes.add(id));
    const ascent = known ?? (await this.#ascend(report, [...path, reference], place, outcomeOf(found.own)));
    this.#ascents.set(visit, ascent);
    this.#edges.add(place, await this.#doubts(sight));
    const all = [...found.all, ...this.#consentWithdrawn(place, sight, ascent)];
    const use = outcomeOf(all);
    return {
      ...ascent,
      report,
      words,
      isLater,
      ...(await this.#amended(sight)),
      kinds: new Map(
        needed.map((kind) => [
          kind,
          inUse(
            outcomeFor(kind, all),
            ascent.kinds.get(kind) ?? { ...ascent.standing, roots: NOWHERE, isInformative: false },
          ),
        ]),
      ),
      standing: worstOf([use, ascent.standing]),
    };
  }

  #heardAbout(visit: string, report: OpenReport): Promise<Heard> {
    return remembered(this.#heard, visit, () =>
      heardAbout(this.#opener, report, { ...this.#context, budget: this.#hearing }),
    );
  }

  async #words({ report: { device }, reliant }: Sight): Promise<WordsInUse> {
    return reliant
      ? wordsInUse(this.#opener, device, relyingUse(reliant))
      : { then: await wordsOn(this.#opener, device, this.#context.moment), meanwhile: [] };
  }

  /** Whether a parent was made after the work, while another parent of the same device was made before it. */
  async #isLater({ payload: { parents, performed } }: OpenReport, { cited, report }: Sight): Promise<boolean> {
    const own = report.payload.performed;
    if (own.begin < performed.end || own.end <= performed.begin) {
      return false;
    }
    for (const parent of parents) {
      const isSibling = parent.kind === 'report' && parent.device === cited.device.id && parent.report !== cited.id;
      const sibling = isSibling ? await this.#opener.citation(parent) : undefined;
      if (sibling && 'report' in sibling && sibling.report.payload.performed.end <= performed.begin) {
        return true;
      }
    }
    return false;
  }

  /** If the cited report was amended: that report with its results, and the later review by the laboratory that relies on it. */
  async #amended({ cited, report, reliant, needed }: Sight): Promise<Pick<Relied, 'before' | 'review'>> {
    if (!reliant || cited.id === report.id) {
      return {};
    }
    const given = kindsOf(cited);
    const before = await this.#withResults(
      cited,
      needed.filter((kind) => given.includes(kind)),
    );
    return { before, review: await this.#reviewOf(reliant, { id: report.id, digest: report.said.digest }) };
  }

  /** Reviews count against the same limit as results, so that a trace ends however much a laboratory reviews. */
  async #reviewOf(reliant: OpenReport, cause: Parameters<Opener['reviewOf']>[1]) {
    const name = `reviews ${cause.id} ${reliant.organisation}`;
    if (this.#terms.budget.isExceeded) {
      return undefined;
    }
    const rows = Math.ceil((await this.#opener.reviewCharacters(reliant, cause)) / CHARACTERS_A_ROW);
    return this.#isAffordable(name, rows) ? this.#opener.reviewOf(reliant, cause) : undefined;
  }

  /** Finds whether a later calibration found a standard out of its limits: the work since it was last sound needs a review. */
  async #doubts({ reliant, report, needed }: Sight): Promise<readonly Finding[]> {
    const sound = this.#foundSound;
    if (!reliant || !sound) {
      return [];
    }
    const causes = new Map<string, Decision>();
    for (const { quantity, found, before } of foundOutOfLimits(reliant, report, needed)) {
      if (!(await sound.byAny(before, report.device.id, quantity))) {
        causes.set(found.report, found);
      }
    }
    const notes: Finding[] = [];
    for (const found of causes.values()) {
      const review = await this.#reviewOf(reliant, { ...found, id: found.report });
      const doubt = doubtOf(reliant, report, found, review);
      this.doubts.push(doubt);
      notes.push(asFound(doubt));
    }
    return notes;
  }

  /** A standing consent covers only what is traceable by itself. */
  #consentWithdrawn(place: number, { reliant, report }: Sight, { standing }: Ascent): readonly Finding[] {
    const { id } = report;
    const decision = lastDecision(report, reliant ? relyingUse(reliant).done : this.#context.moment);
    if (standing.outcome !== 'attested' || !decision || !isKind(decision.said.statement, 'consent')) {
      return [];
    }
    const reason = `Report ${id} is not traceable by itself, so the standing consent of its device's owner does not cover it.`;
    return this.#edges.add(place, [{ check: 'acceptance', outcome: 'missing', reason }]);
  }

  /** Records that the device has no report to follow. */
  nothing(device: string, finding: Finding): void {
    this.#edges.record(1, null, { device }, [finding]);
  }

  #deadEnd(level: number, reliant: OpenReport | null, { report, device }: Reference, finding: Unopened): Relied {
    this.#edges.record(level, reliant, { report, device }, [finding]);
    const standing = outcomeOf([finding]);
    return {
      height: 0,
      devices: new Set(),
      report: undefined,
      words: undefined,
      isLater: false,
      kinds: new Map(),
      standing,
    };
  }

  /** The report with its results of these kinds, as far as they match the signed digests and are within the limits. */
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
    const isAffordable = this.#read.has(results) || this.#terms.budget.takeRows(rows);
    if (isAffordable) {
      this.#read.add(results);
    }
    return isAffordable;
  }

  async #openParents(named: readonly Parent[], level: number): Promise<readonly OpenReport[]> {
    const opened: OpenReport[] = [];
    for (const parent of level < this.#reach ? named : []) {
      const citation = parent.kind === 'report' ? await this.#opener.citation(parent) : null;
      if (citation && 'report' in citation) {
        opened.push(citation.report);
      }
    }
    return opened;
  }

  /** Traces a report's parents, decides the status of its results and adds the findings to its edge. */
  async #ascend(report: OpenReport, path: readonly Reference[], place: number, own: Outcome): Promise<Ascent> {
    const isFollowed = path.length < this.#reach;
    const sources: Source[] = [];
    const devices = new Set([report.device.id]);
    let height = 0;
    for (const [place, parent] of isFollowed ? report.payload.parents.entries() : []) {
      if (parent.kind === 'report') {
        const relied = await this.traceReport(parent, reliedOn(report, place), report, path);
        height = Math.max(height, relied.height);
        relied.devices.forEach((device) => devices.add(device));
        sources.push({ parent, ...relied });
      } else {
        this.#edges.record(path.length + 1, report, {}, [outside(parent, report)]);
        sources.push(outsideSource(parent, report));
      }
    }
    const kinds = new Map<string, Standing>();
    for (const kind of report.results.keys()) {
      const explain = this.#terms.explain && this.#edges.tellsMore;
      const judged = isFollowed ? judge(report, kind, sources, { ...this.#terms, explain }) : UNJUDGED;
      const { findings: found, doubts, standing, compared } = judged;
      this.doubts.push(...doubts);
      this.#edges.add(place, found);
      this.#edges.tell(place, compared);
      kinds.set(kind, { ...standing, ...worstOf([own, standing]) });
    }
    // A report without results does not say what it needs: everything that it names has to hold.
    const judged = kinds.size > 0 ? counted([...kinds.values()]) : sources.map(({ standing }) => standing);
    return { height: height + 1, devices, kinds, standing: worstOf([own, ...judged]) };
  }

  #limit({ report }: Reference, path: readonly Reference[]): Unopened | undefined {
    const reason = path.some((step) => step.report === report)
      ? `Report ${report} rests on itself.`
      : path.length >= MAX_LEVELS
        ? TOO_LONG.reason
        : this.#edges.isFull
          ? `The trace has more than ${MAX_EDGES} edges.`
          : undefined;
    return reason === undefined ? undefined : { check: 'limits', outcome: 'failed', reason };
  }

  #verify(link: Link, firstVisit: boolean): Examined {
    const { cited, report, path, reliant } = link;
    const affordable = !report.unread.some(({ why }) => why === 'too-many');
    const asked = checks.filter(({ about }) => about === 'citation' || firstVisit);
    const found = asked.map((check) => ({ about: check.about, findings: findings(check, link, this.#context) }));
    const all = [...(affordable ? [] : [tooMuch(report)]), ...found.flatMap((each) => each.findings)];
    const place = this.#edges.record(
      path.length + 1,
      reliant,
      {
        report: cited.id,
        digest: report.said.digest,
        amendedBy: cited.id === report.id ? null : report.id,
        device: report.device.id,
        organisation: report.organisation,
        technician: report.payload.technician,
        ...(report.payload.certificate && { certificate: report.payload.certificate }),
        performed: report.payload.performed.end,
        registered: report.registered,
        gives: report.counted.filter(({ asFound }) => !asFound).map(givenOf),
      },
      all,
    );
    if (this.#terms.explain) {
      this.#edges.tell(
        place,
        asked.flatMap((check) => told(check, link, this.#context)),
      );
    }
    const own = found.flatMap((each) => (each.about === 'report' ? each.findings : []));
    return { place, all, own };
  }
}

const UNJUDGED = {
  findings: [],
  doubts: [],
  standing: { ...SOUND, roots: NOWHERE, isInformative: false },
  compared: [],
};

/** The status that the findings give to results of one kind of quantity. */
function outcomeFor(kind: string, all: readonly Finding[]): Outcome {
  return outcomeOf(all.filter(({ quantity = kind }) => quantity === kind));
}

/** The status of results for a use. */
function inUse(use: Outcome, own: Standing): Standing {
  return { ...own, ...worstOf([use, own]) };
}

function kindsOf({ payload }: OpenReport): readonly string[] {
  return payload.results.map(({ quantity }) => quantity);
}
