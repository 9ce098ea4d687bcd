import { EVENTS } from '@tracecal/core/contracts';
import type { AnnouncedItem } from '@tracecal/core/contracts';
import { dateOf, instantOf } from '@tracecal/core/model';
import type { RegistryEvent, TraceCal, TraceQuestion } from '../../client/index.js';
import { dueDates } from '../operations/dueDates.js';
import type { DueDate } from '../operations/dueDates.js';
import { ownedDevices } from '../operations/ownedDevices.js';
import { together } from '../together.js';
import { concernedBy } from './concern.js';
import { noticeOf } from './notice.js';
import type { Cause, Notice, NoticeKind, Standing, Told } from './notice.js';
import type { Seen, WatchState } from './watchFile.js';

/** The devices that are watched: those of some owners, or these. */
export type Watched = { readonly owners: readonly string[] } | { readonly devices: readonly string[] };

export type WatchReader = Pick<
  TraceCal,
  'affectedDevices' | 'findDevices' | 'getDevice' | 'getReport' | 'traceCal' | 'height' | 'events'
>;

export interface WatchOptions {
  readonly watched: Watched;
  /** The question asked about devices: which roots to trust. */
  readonly question: TraceQuestion;
  /** How far ahead "soon" reaches; null: the setting of each owner. */
  readonly withinDays: number | null;
}

/** Limit of waiting notices. When it is reached, reading stops, so that nothing is lost. */
const MOST_WAITING = 10_000;

/** Starts a new watch. The first look reports the present state of the devices. */
export async function beginWatch(reader: Pick<WatchReader, 'height'>): Promise<WatchState> {
  return { startBlock: String(await reader.height()), lastTransaction: null, devices: {}, outbox: [] };
}

/**
 * Follows the registry for some devices. It sends nothing itself: notices go into the outbox of its state, which is saved before the event
 * behind them counts as read. So no notice is lost or entered twice.
 */
export class Watch {
  readonly #reader: WatchReader;
  readonly #options: WatchOptions;
  #state: WatchState;

  constructor(reader: WatchReader, options: WatchOptions, state: WatchState) {
    this.#reader = reader;
    this.#options = options;
    this.#state = state;
  }

  get state(): WatchState {
    return this.#state;
  }

  /**
   * Reads all events up to the present end of the ledger.
   *
   * @param checkpoint - The file that remembers how far events were read.
   * @param save - Keeps the state, once for each event that causes a notice.
   */
  async catchUp(checkpoint: string, save: (state: WatchState) => Promise<void>): Promise<void> {
    const endBlock = (await this.#reader.height()) - 1n;
    const startBlock = BigInt(this.#state.startBlock);
    for await (const event of this.#reader.events({ checkpoint, startBlock, endBlock })) {
      if (event.txId !== this.#state.lastTransaction && (await this.#hear(event))) {
        await save(this.#state);
      }
      if (this.#state.outbox.length > MOST_WAITING) {
        return; // Stop before the next event: this one is not marked as read, but its transaction is remembered.
      }
    }
  }

  /** Asks about every device, to find changes without an event, such as an expired date. */
  async look(): Promise<void> {
    const mine = await this.#mine();
    const gone = Object.keys(this.#state.devices).filter((id) => !mine.includes(id));
    const told = gone.map((device): Told => ({
      what: 'gone',
      device,
      owner: this.#state.devices[device]?.owner ?? '',
    }));
    this.#enter(told, {}, gone);
    const asked = await this.#askEach(mine);
    const changed = asked.filter(({ verdict, seen }) => (seen ? isOther(seen, verdict) : !verdict.fulfilled));
    this.#enter(
      changed.map((each) => toldOf('changed', each)),
      seenIn(asked),
    );
    await this.#lookForDue(mine);
  }

  /** @returns Whether it caused a notice. */
  async #hear({ announcement, txId, blockNumber }: RegistryEvent): Promise<boolean> {
    const before = this.#state;
    for (const item of announcement.items) {
      const cause: Cause = {
        ...{ event: item.type, kind: item.kind, id: item.id, by: item.author },
        ...{ txId, block: Number(blockNumber) },
      };
      await this.#hearItem(item, cause);
    }
    if (before === this.#state) {
      return false;
    }
    this.#state = { ...this.#state, lastTransaction: txId };
    return true;
  }

  async #hearItem(item: AnnouncedItem, cause: Cause): Promise<void> {
    switch (item.type) {
      case EVENTS.deviceRegistered:
      case EVENTS.deviceTransferred:
        return this.#hearOwner(item.id, cause);
      case EVENTS.reportCreated:
      case EVENTS.reportAmended:
        await this.#hearReport(item.device, item.id, item.accepted === true, cause);
        return this.#hearAbove(item, cause);
      case EVENTS.reportAccepted:
        return this.#hearReport(item.id, item.report ?? '', true, cause);
      default:
        return this.#hearAbove(item, cause);
    }
  }

  /** A device was registered, got a new key or another owner. */
  async #hearOwner(device: string, cause: Cause): Promise<void> {
    const seen = this.#state.devices[device];
    const { owner } = await this.#reader.getDevice(device);
    if (this.#isMine(device, owner)) {
      const asked = await this.#ask(device);
      const isNew = seen?.owner !== owner;
      const told = isNew || isOther(seen, asked.verdict) ? [toldOf(isNew ? 'new' : 'affected', asked, { cause })] : [];
      this.#enter(told, seenIn([asked]));
    } else if (seen) {
      this.#enter([{ what: 'gone', device, owner, cause, before: seen.status }], {}, [device]);
    }
  }

  async #hearReport(device: string | undefined, report: string, isAccepted: boolean, cause: Cause): Promise<void> {
    if (device !== undefined && device in this.#state.devices) {
      const asked = await this.#ask(device);
      this.#enter([toldOf(isAccepted ? 'accepted' : 'waiting', asked, { cause, report })], seenIn([asked]));
    }
  }

  async #hearAbove(item: AnnouncedItem, cause: Cause): Promise<void> {
    const concerned = await concernedBy(this.#reader, item);
    // The device of a report already has its notice.
    const known = Object.keys(this.#state.devices).filter((id) => id !== item.device);
    const asked = await this.#askEach(known.filter((id) => concerned === 'all' || concerned.has(id)));
    // If the dependants are unknown, send notices about the devices whose verdict names the subject.
    const told = asked.filter(({ verdict, seen }) => concerned !== 'all' || !seen || isOther(seen, verdict));
    this.#enter(
      told.map((each) => toldOf('affected', each, { cause })),
      seenIn(asked),
    );
  }

  async #lookForDue(devices: readonly string[]): Promise<void> {
    const asOf = dateOf(instantOf(Date.now()));
    const dates = await dueDates(this.#reader, devices, { asOf, withinDays: this.#options.withinDays });
    const told: Told[] = [];
    const known = new Map<string, Seen>();
    for (const date of dates) {
      const { device, state } = date;
      const seen = known.get(device) ?? this.#state.devices[device];
      const key = `${date.report ?? ''} ${date.quantities.join(' ')}`;
      if (seen && (state === 'due-soon' || state === 'overdue') && seen.due[key] !== state) {
        told.push(dueTold(date, state));
        known.set(device, { ...seen, due: { ...seen.due, [key]: state } });
      }
    }
    this.#enter(told, Object.fromEntries(known));
  }

  #askEach(ids: readonly string[]): Promise<readonly Asked[]> {
    return together(ids, (id) => this.#ask(id));
  }

  /** The verdict as it is now, by the owner's policy. */
  async #ask(device: string): Promise<Asked> {
    const [{ owner }, { status, reason, requirements }] = await Promise.all([
      this.#reader.getDevice(device),
      this.#reader.traceCal(device, this.#options.question),
    ]);
    const fulfilled = requirements?.fulfilled ?? status === 'TRACEABLE';
    return { device, owner, verdict: { status, fulfilled, reason }, seen: this.#state.devices[device] };
  }

  async #mine(): Promise<readonly string[]> {
    const { watched } = this.#options;
    return 'devices' in watched
      ? watched.devices
      : (await ownedDevices(this.#reader, watched.owners)).map(({ id }) => id);
  }

  #isMine(id: string, owner: string): boolean {
    const { watched } = this.#options;
    return 'devices' in watched ? watched.devices.includes(id) : watched.owners.includes(owner);
  }

  /** Enters all notices of one event at once. Without notices and new observations the state stays the same object. */
  #enter(told: readonly Told[], seen: Readonly<Record<string, Seen>>, gone: readonly string[] = []): void {
    if (told.length === 0 && gone.length === 0 && Object.keys(seen).length === 0) {
      return;
    }
    const time = instantOf(Date.now());
    const notices: readonly Notice[] = told.map((each) => noticeOf(each, time));
    const devices = Object.entries({ ...this.#state.devices, ...seen }).filter(([id]) => !gone.includes(id));
    this.#state = {
      ...this.#state,
      devices: Object.fromEntries(devices),
      outbox: [...this.#state.outbox, ...notices],
    };
  }
}

/** A device's new verdict, and its previous state. */
interface Asked {
  readonly device: string;
  readonly owner: string;
  readonly verdict: Standing;
  readonly seen: Seen | undefined;
}

function toldOf(what: NoticeKind, { device, owner, verdict, seen }: Asked, more: Partial<Told> = {}): Told {
  return { what, device, owner, verdict, before: seen?.status ?? null, ...more };
}

function seenIn(asked: readonly Asked[]): Readonly<Record<string, Seen>> {
  return Object.fromEntries(
    asked.map(({ device, owner, verdict: { status, fulfilled }, seen }) => [
      device,
      { owner, status, fulfilled, due: seen?.due ?? {} },
    ]),
  );
}

function isOther(before: Seen, { status, fulfilled }: Standing): boolean {
  return before.status !== status || before.fulfilled !== fulfilled;
}

function dueTold({ device, owner, due: date, report, quantities }: DueDate, state: 'due-soon' | 'overdue'): Told {
  return { what: 'due', device, owner, report, due: { state, date, report, quantities } };
}
