import { findingShape } from '@tracecal/core/contracts';
import { isInstant } from '@tracecal/core/model';
import type { Instant } from '@tracecal/core/model';
import { cohortFindings, outbreakFindings, releaseFindings } from '@tracecal/gateway-client/monitor';
import type { CohortOptions, ReleaseOptions, SeenSince } from '@tracecal/gateway-client/monitor';
import { z } from 'zod';
import { COHORTS } from '../model/index.js';
import type { CohortName, Finding, Instrument } from '../model/index.js';
import type { Collection, Store } from '../store/index.js';
import type { Outbox } from './outbox.js';

/** A cohort whose quarantine is proposed, and which is not released yet. */
export interface ProposedCohort {
  /** The proposal; several parts where the cohort is large. */
  readonly proposals: readonly Finding[];
  readonly since: Instant;
}

export interface LookOptions extends Omit<CohortOptions<CohortName>, 'by' | 'proposed'> {
  /** What instruments are grouped by: all of `COHORTS` by default. */
  readonly by?: readonly CohortName[];
  readonly at: Instant;
  /** Days before `at` whose findings count for a comparison of cohorts: 30 by default. An outbreak is looked for in 63. */
  readonly days?: number;
}

const DAY_MS = 86_400_000;

const schema: z.ZodType<ProposedCohort> = z.strictObject({
  proposals: z.array(z.custom<Finding>((value) => findingShape.safeParse(value).success)),
  since: z.string().refine(isInstant),
});

/**
 * Proposes cohorts for quarantine and for release. What is proposed is kept with the findings in one write: after a restart at any moment, no
 * cohort is proposed again with a little more evidence, and none is forgotten.
 */
export class Proposals {
  readonly #outbox: Outbox;
  readonly #open: Collection<ProposedCohort>;

  constructor(store: Store, outbox: Outbox, site: string) {
    this.#outbox = outbox;
    this.#open = store.collection(`cohorts proposed ${site}`, schema);
  }

  /** The cohorts that are proposed and not released, by their ids. */
  async *open(): AsyncGenerator<readonly [cohort: string, ProposedCohort]> {
    yield* this.#open.entries();
  }

  /**
   * Looks at the fleet, and puts proposals into the outbox.
   *
   * @param findings About faults of instruments, of the last 63 days at least.
   * @returns What is new.
   */
  async look(
    fleet: readonly Instrument[],
    findings: readonly Finding[],
    { at, by = COHORTS, days = 30, falseAlarms, ...options }: LookOptions,
  ): Promise<readonly Finding[]> {
    const proposed: string[] = [];
    for await (const [cohort] of this.#open.entries()) proposed.push(cohort);
    const chances = falseAlarms === undefined ? {} : { falseAlarms };
    const recent = findings.filter(({ to }) => Date.parse(to) > Date.parse(at) - days * DAY_MS && to <= at);
    const cohorts = cohortFindings(fleet, recent, { by, proposed, ...chances, ...options });
    const known = [...proposed, ...cohorts.map(({ subject }) => subject.id)];
    const outbreaks = outbreakFindings(fleet, findings, { by, at, proposed: known, ...chances });
    const found = [...cohorts, ...outbreaks];
    const ids = [...new Set(found.map(({ subject }) => subject.id))];
    const changes = ids.map((id) =>
      this.#open.put(id, { proposals: found.filter(({ subject }) => subject.id === id), since: at }),
    );
    return this.#outbox.put(found, changes);
  }

  /**
   * Proposes to release the cohorts that are in order again.
   *
   * @param seen What was seen of a cohort since it was proposed.
   * @returns What is new.
   */
  async release(
    seen: (cohort: ProposedCohort) => Promise<SeenSince>,
    options: ReleaseOptions = {},
  ): Promise<readonly Finding[]> {
    const released: Finding[] = [];
    for await (const [id, cohort] of this.#open.entries()) {
      const findings = releaseFindings(cohort.proposals, await seen(cohort), options);
      if (findings.length > 0) released.push(...(await this.#outbox.put(findings, [this.#open.remove(id)])));
    }
    return released;
  }
}
