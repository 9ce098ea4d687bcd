import { instantOf, isInstant, millisecondsOf } from '@tracecal/core/model';
import type { Instant } from '@tracecal/core/model';
import { commonStandards, suspensionOf } from '@tracecal/gateway-client/monitor';
import type { Affected } from '@tracecal/gateway-client/monitor';
import { z } from 'zod';
import { Proposals } from '../conclude/index.js';
import type { Outbox } from '../conclude/index.js';
import type { Finding, Instrument } from '../model/index.js';
import { probeFindings } from '../probe/index.js';
import { findingsOf, instrumentReport } from '../reports/index.js';
import type { InstrumentReport, VerdictFrom } from '../reports/index.js';
import type { Collection, Store } from '../store/index.js';
import type { HeldFindings } from './heldFindings.js';
import type { Settings } from './settings.js';
import type { Values } from './values.js';

/** What a look at a site needs of the ledgers. */
export interface SiteLedgers {
  /** Changes of the verdict about a device, as the site recorded them. */
  verdictsOf(device: string): Promise<readonly VerdictFrom[]>;
  readonly affected: Affected;
}

export interface LooksOptions {
  readonly site: string;
  readonly operator: string;
  readonly fleet: readonly Instrument[];
  readonly look: Settings['look'];
  readonly store: Store;
  readonly values: Values;
  readonly outbox: Outbox;
  readonly held: HeldFindings;
  readonly ledgers: SiteLedgers;
}

const DAY_MS = 86_400_000;
/** Days of findings that comparisons of cohorts need. */
const COMPARED_DAYS = 63;
const timeSchema = z.string().refine(isInstant);

/**
 * Looks at the instruments of a site again and again: at whole multiples of some seconds since 1970, so that a look that was interrupted is
 * made again with the same result. Where a look ended is written together with what it found.
 */
export class Looks {
  readonly #options: LooksOptions;
  readonly #ended: Collection<Instant>;
  readonly #concluded: Collection<Instant>;
  readonly #proposals: Proposals;

  constructor(options: LooksOptions) {
    const { store, site, outbox } = options;
    this.#options = options;
    this.#ended = store.collection('looks', timeSchema);
    this.#concluded = store.collection(`concluded ${site}`, timeSchema);
    this.#proposals = new Proposals(store, outbox, site);
  }

  /** The time up to which a look is due; undefined: none is. @param now - Milliseconds since 1970. */
  async due(now: number): Promise<Instant | undefined> {
    const everyMs = 1000 * this.#options.look.everySeconds;
    const to = instantOf(everyMs * Math.floor(now / everyMs));
    const ended = await this.#ended.get(this.#options.site);
    return ended === undefined || ended < to ? to : undefined;
  }

  /** Looks at all that is known up to a time, and concludes. @returns how each instrument is */
  async look(to: Instant): Promise<readonly InstrumentReport[]> {
    const { site, fleet, look, held } = this.#options;
    const from = (await this.#ended.get(site)) ?? instantOf(millisecondsOf(to) - 1000 * look.everySeconds);
    const reports: InstrumentReport[] = [];
    const found: Finding[] = [];
    for (const instrument of fleet) {
      const { report, findings } = await this.#judge(instrument, { from, to });
      reports.push(report);
      found.push(...findings);
    }
    const since = instantOf(millisecondsOf(to) - COMPARED_DAYS * DAY_MS);
    const aboutDevices = [...(await held.since(since)), ...found].filter(({ subject }) => subject.kind === 'device');
    const common = commonStandards(fleet, aboutDevices);
    const suspensions = await this.#suspensions([...aboutDevices, ...common]);
    await this.#conclude([...found, ...common, ...suspensions], to);
    await this.#proposals.look(fleet, aboutDevices, { at: to });
    return reports;
  }

  async #judge(
    instrument: Instrument,
    period: { readonly from: Instant; readonly to: Instant },
  ): Promise<{ readonly report: InstrumentReport; readonly findings: readonly Finding[] }> {
    const { values, ledgers, look } = this.#options;
    const { device } = instrument;
    const start = instantOf(millisecondsOf(period.to) - look.historyDays * DAY_MS);
    const known = await values.of(device, { from: start, to: period.to });
    const verdicts = await ledgers.verdictsOf(device);
    const report = instrumentReport({ instrument, observed: known.observed, verdicts }, { period, base: look.base });
    return { report, findings: [...findingsOf(report), ...probeFindings({ device, ...known })] };
  }

  /** Check standards about which something was found, with what depends on them. */
  async #suspensions(findings: readonly Finding[]): Promise<readonly Finding[]> {
    const { fleet, operator, ledgers } = this.#options;
    const standards = new Set(fleet.flatMap(({ checkStandard }) => checkStandard ?? []));
    const proposed: Finding[] = [];
    for (const device of standards) {
      const suspension = await suspensionOf({ device, owner: operator }, findings, ledgers.affected);
      if (suspension) proposed.push(suspension);
    }
    return proposed;
  }

  /** What was not concluded lately, and that the look is over, in one write. */
  async #conclude(findings: readonly Finding[], to: Instant): Promise<void> {
    const { site, look, outbox } = this.#options;
    const quietSince = instantOf(millisecondsOf(to) - look.quietDays * DAY_MS);
    const fresh = new Map<string, Finding>();
    for (const finding of findings) {
      const { name, subject } = finding;
      const key = `${name} ${subject.kind} ${subject.id}`;
      const last = await this.#concluded.get(key);
      if (last === undefined || last <= quietSince) fresh.set(key, finding);
    }
    const marks = [...fresh.keys()].map((key) => this.#concluded.put(key, to));
    await outbox.put([...fresh.values()], [...marks, this.#ended.put(site, to)]);
  }
}
