import { isKind } from '../model/index.js';
import type { Parent } from '../model/index.js';
import { basisOf } from './basis.js';
import type { Budget } from './budget.js';
import { lastDecision } from './checks/acceptance.js';
import { relyingUse } from './checks/check.js';
import type { TraceContext } from './checks/index.js';
import type { CurrentUse } from './current.js';
import { Edges } from './edges.js';
import { examined, unreadIn } from './examined.js';
import { FoundSound } from './foundSound.js';
import { wordsInUse, wordsOn } from './intervalWords.js';
import type { WordsInUse } from './intervalWords.js';
import { judge } from './judge/judge.js';
import type { Judgement } from './judge/judge.js';
import type { Terms } from './judge/judge.js';
import type { Doubt } from './judge/doubt.js';
import { judgingPolicy } from './judge/policy.js';
import { reliedOn } from './needed.js';
import type { Needed } from './needed.js';
import type { OpenReport, Reference, Unopened } from './open/opened.js';
import type { Opener } from './open/opener.js';
import { remembered } from './open/remembered.js';
import { MAX_LEVELS } from './options.js';
import { Reading } from './reading.js';
import { outcomeOf, SOUND, worstOf } from './judge/outcome.js';
import type { Outcome } from './judge/outcome.js';
import { counted, NOWHERE, outside, outsideSource } from './judge/sources.js';
import type { Source, Standing } from './judge/sources.js';
import { Sights, TOO_LONG } from './sights.js';
import { Since } from './since.js';
import type { Amended, Sight } from './since.js';
import type { Edge, Finding } from './verdict.js';
import { heardAbout, institutesBehind } from './vouching.js';
import type { Heard } from './vouching.js';
import { asStated, sealedBelow } from './sealedBelow.js';
import type { OnSources, SealedBelow } from './sealedBelow.js';
import { judgeVouched } from './vouched.js';

/** A report and everything above it. A report that several others depend on is walked once. */
interface Ascent {
  /** Longest chain, in reports. */
  readonly height: number;
  readonly devices: ReadonlySet<string>;
  /** The status of its own results, by kind of quantity. */
  readonly kinds: ReadonlyMap<string, Standing>;
  /** The status of the whole report. */
  readonly standing: Outcome;
  /** What it rests on, with the status of its results of each kind alone. */
  readonly sources: readonly Source[];
  readonly alone: ReadonlyMap<string, Outcome>;
  /** The digest of everything above it. */
  readonly basis: () => string;
}

/** How far a walk goes, and for whom. */
interface Scope {
  /** Limit of levels. */
  readonly reach?: number;
  /** Beside another walk, so that it starts no further ones. */
  readonly isAside?: boolean;
  /** For an organisation that vouches for the report: it reads all that the parents give, and results as a whole. */
  readonly isVouching?: boolean;
}

/** The use of a report: its status for the report that depends on it. */
export interface Relied extends Ascent, Amended {
  readonly report: OpenReport | undefined;
  /** What counted for its device's interval then. */
  readonly words: WordsInUse | undefined;
  /** Whether it was made after the report that relies on it, and an earlier calibration of the same device is named too. */
  readonly isLater: boolean;
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
  readonly #sights: Sights;
  readonly #since: Since;
  readonly #isVouching: boolean;

  constructor(opener: Opener, context: TraceContext, scope: Scope = {}) {
    const { reach = Infinity, isAside = false, isVouching = false } = scope;
    this.#opener = opener;
    this.#context = context;
    this.#isVouching = isVouching;
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
    const reading = new Reading(opener, budget);
    this.#sights = new Sights({
      ...{ opener, context, reading, support: this.#terms.policy.support },
      isPartEnough: !isAside && !isVouching,
      isFull: () => this.#edges.isFull,
    });
    // A walk beside this one starts no further walks: it examines the status of reports, not doubts about them.
    const foundSound = isAside
      ? undefined
      : new FoundSound(opener, aside.budget, async (reference, kind) => {
          const walk = new Walk(opener, aside, { reach, isAside: true });
          const { kinds } = await walk.traceReport(reference, () => [kind]);
          return { kinds: walk.#isTrusted ? kinds : new Map() };
        });
    this.#since = new Since(opener, reading, foundSound);
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
    const sight = await this.#sights.of(reference, needed, path);
    return 'outcome' in sight
      ? this.#deadEnd(path.length + 1, reliant, reference, sight)
      : this.#visit({ ...sight, reliant, path }, reference);
  }

  /** Traces a current report of the device at the places at which it counts; undefined if no place is left. */
  async traceCurrent(device: string, use: CurrentUse): Promise<Relied | undefined> {
    const reference = { device, report: use.report };
    const sight = await this.#sights.of(reference, () => use.quantities, []);
    if ('outcome' in sight) {
      return this.#deadEnd(1, null, reference, sight);
    }
    const placed = this.#sights.placed(sight.report, use);
    if (placed && 'outcome' in placed) {
      return this.#deadEnd(1, null, reference, placed);
    }
    const gone = use.quantities.filter((kind) => sight.report.results.has(kind) && !placed?.results.has(kind));
    const needed = sight.needed.filter((kind) => !gone.includes(kind));
    return placed && this.#visit({ ...sight, report: placed, needed, reliant: null, path: [] }, reference);
  }

  /** The report that covers the place asked about, among those that a device relies on, newest first. */
  currentAsked(device: string, uses: readonly CurrentUse[]): Promise<CurrentUse | undefined> {
    return this.#sights.currentAsked(device, uses);
  }

  async #visit(seen: Sight, reference: Reference): Promise<Relied> {
    const { reliant, path, needed } = seen;
    const { closed, partly } = seen.report;
    const kinds = [...seen.report.results.keys(), ...closed];
    const visit = JSON.stringify([seen.report.id, seen.report.placed !== undefined, partly.size > 0, ...kinds]);
    const report = { ...seen.report, ...(await this.#heardAbout(visit, seen.report)) };
    const sight = { ...seen, report };
    const known = this.#ascents.get(visit);
    if (known && path.length + known.height > MAX_LEVELS) {
      // This report was walked before from a nearer report. What was within the limits there may not be from here.
      return { ...this.#deadEnd(path.length + 1, reliant, reference, TOO_LONG), devices: known.devices };
    }
    const parents = known ? [] : await this.#openParents(report.payload.parents, path.length + 1);
    const isLater = await this.#since.isLater(sight);
    const words = await this.#words(sight);
    const link = { ...sight, words, parents, isLater, devices: known?.devices ?? new Set([reference.device]) };
    const found = examined(link, this.#context, { edges: this.#edges, isFirst: known === undefined });
    const { place } = found;
    (await institutesBehind(this.#opener, link, this.#context)).forEach((id) => this.institutes.add(id));
    const ascent = known ?? (await this.#ascend(report, [...path, reference], place, outcomeOf(found.own)));
    this.#ascents.set(visit, ascent);
    const doubts = await this.#since.doubts(sight);
    this.doubts.push(...doubts.map(({ doubt }) => doubt));
    this.#edges.add(
      place,
      doubts.map(({ finding }) => finding),
    );
    const amended = await this.#since.amended(sight);
    const unread = this.#edges.add(place, amended.before ? unreadIn(amended.before) : []);
    const all = [...found.all, ...unread, ...this.#consentWithdrawn(place, sight, ascent)];
    const use = outcomeOf(all);
    return {
      ...ascent,
      report,
      words,
      isLater,
      ...amended,
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
      sources: [],
      alone: new Map(),
      basis: () => basisOf([]),
    };
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
    // Nobody can tell what results rest on that nobody shows.
    const isWide = report.closed.size > 0 || (this.#isVouching && path.length === 1);
    const sources: Source[] = [];
    const devices = new Set([report.device.id]);
    let height = 0;
    for (const [place, parent] of isFollowed ? report.payload.parents.entries() : []) {
      if (parent.kind === 'report') {
        const relied = await this.traceReport(
          parent,
          isWide ? (given) => given : reliedOn(report, place),
          report,
          path,
        );
        height = Math.max(height, relied.height);
        relied.devices.forEach((device) => devices.add(device));
        sources.push({ parent, ...relied });
      } else {
        this.#edges.record(path.length + 1, report, {}, [outside(parent, report)]);
        sources.push(outsideSource(parent, report));
      }
    }
    const kinds = new Map<string, Standing>();
    const alone = new Map<string, Outcome>();
    const stated = isWide ? sources.map((source, place) => asStated(report, source, place)) : sources;
    for (const kind of [...report.results.keys(), ...report.closed]) {
      const judged = isFollowed ? await this.#judge({ report, kind, sources }, stated) : UNJUDGED;
      const { findings: found, doubts, standing, compared } = judged;
      alone.set(kind, judged.own);
      this.doubts.push(...doubts);
      this.#edges.add(place, found);
      this.#edges.tell(place, compared);
      kinds.set(kind, { ...standing, ...worstOf([own, standing]) });
    }
    // A report without results does not say what it needs: everything that it names has to hold.
    const judged = kinds.size > 0 ? counted([...kinds.values()]) : sources.map(({ standing }) => standing);
    let basis: string | undefined;
    return {
      ...{ height: height + 1, devices, kinds, standing: worstOf([own, ...judged]), sources, alone },
      basis: () => (basis ??= basisOf(sources)),
    };
  }

  /** @param stated The sources with those kinds only that the results which are known use. */
  async #judge(on: OnSources, stated: readonly Source[]): Promise<Judgement> {
    const terms = { ...this.#terms, explain: this.#terms.explain && this.#edges.tellsMore };
    const below = sealedBelow(on);
    if (!below.isNear) {
      const judged = judge(on.report, on.kind, stated, terms);
      if (!judged.isUnsure) {
        return below.needed.length === 0 ? judged : { ...judged, standing: resting(judged.standing, below) };
      }
    }
    const judged = await judgeVouched(this.#opener, this.#context, on, below, terms);
    judged.institutes.forEach((id) => this.institutes.add(id));
    return judged;
  }
}

/** Nobody can tell by how much results count whose foundation is hidden in part. */
function resting({ foundations, ...standing }: Standing, { needed, hidden }: SealedBelow): Standing {
  return { ...standing, sealed: needed, ...(foundations && hidden.length === 0 && { foundations }) };
}

const UNJUDGED: Judgement = {
  findings: [],
  doubts: [],
  own: SOUND,
  standing: { ...SOUND, roots: NOWHERE, isInformative: false },
  compared: [],
  isUnsure: false,
};

/** The status that the findings give to results of one kind of quantity. */
function outcomeFor(kind: string, all: readonly Finding[]): Outcome {
  return outcomeOf(all.filter(({ quantity = kind }) => quantity === kind));
}

/** The status of results for a use. */
function inUse(use: Outcome, own: Standing): Standing {
  return { ...own, ...worstOf([use, own]) };
}
