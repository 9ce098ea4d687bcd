import type { Finding, Instrument, Observed } from '../model/index.js';
import type { HeldFinding, InstrumentHealth, PageOf, WholeData } from './data.js';
import type { Account, QuotaCounts } from './quotas.js';
import { Refusal } from './refusal.js';
import { hasWholeSite, isWithin } from './slice.js';
import type { Slice } from './slice.js';

/** Part of a list, and where the next part begins. */
export interface Paged<T> {
  readonly items: readonly T[];
  /** Absent after the last. */
  readonly next?: string;
}

/** Who asks: a slice, and everybody whose quota is charged. */
export interface Asker {
  readonly slice: Slice;
  readonly accounts: readonly Account[];
}

/** Where a proposal reaches beyond its subject, its sentence and evidence may say something about devices outside of a slice. */
const SPREADING: ReadonlySet<string> = new Set(['suspend', 'quarantine', 'release']);

/**
 * The monitor's data as one user gets it: filtered here, at its source, and nowhere else. A device outside of the slice is the same as one
 * that does not exist, in every answer and every count.
 */
export class SlicedData {
  readonly #whole: WholeData;
  readonly #quotas: QuotaCounts;
  readonly #now: () => number;

  constructor(whole: WholeData, quotas: QuotaCounts, now: () => number = Date.now) {
    this.#whole = whole;
    this.#quotas = quotas;
    this.#now = now;
  }

  /** @throws Refusal `NOT_FOUND`, `QUOTA_SPENT` */
  async instrument(asker: Asker, device: string): Promise<Instrument> {
    const instrument = await this.#whole.instrument(device);
    if (!instrument || !isWithin(asker.slice, instrument)) throw new Refusal('NOT_FOUND');
    await this.#quotas.take(asker.accounts, { devices: [device] }, this.#now());
    return this.#listed(asker.slice, instrument);
  }

  /** @throws Refusal `QUOTA_SPENT` */
  async instruments(asker: Asker, { after, limit }: PageOf): Promise<Paged<Instrument>> {
    const within: Instrument[] = [];
    for await (const each of this.#whole.instruments(asker.slice.operator, after)) {
      if (isWithin(asker.slice, each)) within.push(await this.#listed(asker.slice, each));
      if (within.length > limit) break;
    }
    const page = pageOf(within, limit, ({ device }) => device);
    await this.#quotas.take(asker.accounts, { devices: page.items.map(({ device }) => device) }, this.#now());
    return page;
  }

  /** Oldest first. @throws Refusal `NOT_FOUND`, `QUOTA_SPENT` */
  async measurements(asker: Asker, device: string, { after, limit }: PageOf): Promise<Paged<Observed>> {
    await this.instrument(asker, device);
    const found: { readonly key: string; readonly observed: Observed }[] = [];
    const range = { ...(after !== undefined && { after }), limit: limit + 1 };
    for await (const each of this.#whole.measurements(device, range)) found.push(each);
    const { items, next } = pageOf(found, limit, ({ key }) => key);
    const seen = await Promise.all(items.map(({ observed }) => this.#seen(asker.slice, observed)));
    return { items: seen, ...(next !== undefined && { next }) };
  }

  /** @throws Refusal `NOT_FOUND`, `QUOTA_SPENT` */
  async health(asker: Asker, device: string): Promise<InstrumentHealth> {
    await this.instrument(asker, device);
    return this.#whole.health(device);
  }

  /**
   * Findings that were concluded from this operator's data alone: about devices, cohorts and whole sites of the slice. What they propose is
   * shown for devices of the slice. Oldest first.
   */
  async findings(asker: Asker, { after, limit }: PageOf, device?: string): Promise<Paged<Finding>> {
    if (device !== undefined) await this.instrument(asker, device);
    const shown: { readonly key: string; readonly finding: Finding }[] = [];
    for await (const held of this.#whole.findings(asker.slice.operator, after)) {
      const finding = await this.#shown(asker.slice, held, device);
      if (finding) shown.push({ key: held.key, finding });
      if (shown.length > limit) break;
    }
    const { items, next } = pageOf(shown, limit, ({ key }) => key);
    return { items: items.map(({ finding }) => finding), ...(next !== undefined && { next }) };
  }

  /** @throws Refusal `NOT_FOUND`, `QUOTA_SPENT`, `PROBE_TOO_SOON`, `OUTPUT_TOO_LARGE` */
  async probe(asker: Asker, device: string, output?: number): Promise<Observed> {
    await this.instrument(asker, device);
    await this.#quotas.takeProbe(asker.accounts, device, output, this.#now());
    return this.#seen(asker.slice, await this.#whole.probe(device, output));
  }

  /** Without the standard that an instrument is compared with, where that is outside of the slice. */
  async #listed(slice: Slice, { checkStandard, ...instrument }: Instrument): Promise<Instrument> {
    const [shown] = await this.#within(slice, checkStandard === undefined ? [] : [checkStandard]);
    return { ...instrument, ...(shown !== undefined && { checkStandard: shown }) };
  }

  async #seen(slice: Slice, { reference, ...observed }: Observed): Promise<Observed> {
    if (!reference) return observed;
    const { device, ...stated } = reference;
    const [shown] = await this.#within(slice, device === undefined ? [] : [device]);
    return { ...observed, reference: { ...stated, ...(shown !== undefined && { device: shown }) } };
  }

  async #shown(slice: Slice, { operator, finding }: HeldFinding, device?: string): Promise<Finding | undefined> {
    if (operator !== slice.operator) return undefined;
    const devices = await this.#within(slice, finding.proposes?.devices ?? []);
    const isAbout = device === undefined || finding.subject.id === device || devices.includes(device);
    if (!isAbout) return undefined;
    if (await this.#isShown(slice, finding, devices)) return narrowed(slice, finding, devices);
    const [own] = device === undefined ? devices : [device];
    return own !== undefined && finding.subject.kind === 'device' ? reaching(own, finding, devices) : undefined;
  }

  async #isShown(slice: Slice, { subject }: Finding, devices: readonly string[]): Promise<boolean> {
    switch (subject.kind) {
      case 'device':
        return (await this.#within(slice, [subject.id])).length > 0;
      case 'site':
        return hasWholeSite(slice, subject.id);
      case 'cohort':
        return devices.length > 0;
      case 'laboratory':
      case 'reader':
      case 'peer':
        return isWholeOperator(slice);
    }
  }

  async #within(slice: Slice, devices: readonly string[]): Promise<readonly string[]> {
    const found = await Promise.all(devices.map((device) => this.#whole.instrument(device)));
    return devices.filter((_, place) => {
      const instrument = found[place];
      return instrument !== undefined && isWithin(slice, instrument);
    });
  }
}

/** Decided by the slice and the action, never by which devices are there: that would tell of them. */
function narrowed(slice: Slice, { proposes, ...finding }: Finding, devices: readonly string[]): Finding {
  if (!proposes) return finding;
  const isWhole = isWholeOperator(slice) || !SPREADING.has(proposes.action);
  const hidden = { says: `${finding.name} was found: see the devices of the proposal.`, evidence: [] };
  return { ...finding, ...(!isWhole && hidden), proposes: { action: proposes.action, devices } };
}

/** A proposal for devices of a slice that follows from a device outside, such as their check standard: without a word about that one. */
function reaching(own: string, { name, from, to, proposes }: Finding, devices: readonly string[]): Finding {
  return {
    name,
    subject: { kind: 'device', id: own },
    says: `${name} was found outside of the slice: see the devices of the proposal.`,
    evidence: [],
    from,
    to,
    ...(proposes && { proposes: { action: proposes.action, devices } }),
  };
}

function isWholeOperator({ sites, departments, kinds, devices }: Slice): boolean {
  return [sites, departments, kinds, devices].every((list) => list === undefined);
}

/** Of at most one more than the limit, which only says that there is more. */
function pageOf<T>(found: readonly T[], limit: number, keyOf: (item: T) => string): Paged<T> {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return { items, ...(last !== undefined && found.length > limit && { next: keyOf(last) }) };
}
