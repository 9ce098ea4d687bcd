import type { AffectedDevice, Page } from '@tracecal/core/contracts';
import { parseAs, registrantOf, RegistryError } from '@tracecal/core/model';
import type { Entry, PersonRecord } from '@tracecal/core/model';
import { Grounds, Opener, readable, registryOf, said } from '@tracecal/core/open';
import type { OpenDevice } from '@tracecal/core/open';
import { keys, nameOfKey } from '@tracecal/core/registry';
import type { Foundation, Key } from '@tracecal/core/registry';
import { currentReports } from '@tracecal/core/trace';
import { z } from 'zod';
import { bookmark, identifier, pageSize, QUESTION_LIMITS } from '../contract/index.js';
import { acceptancesOf, foundationsOf, nameOf } from './foundations.js';
import { required } from './state.js';
import type { StateReader } from './state.js';

/** Most foundations in one answer: reports of standards, technicians, organisations. */
const MAX_FOUNDATIONS = 5000;
/** Most index queries per page. A page at this limit is shorter, so that it does not time out. */
const MAX_QUERIES = 500;
/** Entries of an index that are read at once. */
const PAGE = 200;
/** Most organisations that one question leaves out. */
const MAX_EXCEPT = 16;

const KINDS = ['organisation', 'person', 'device', 'report'] as const;

const schema = z.strictObject({
  kind: z.enum(KINDS),
  id: identifier,
  /**
   * Organisations whose devices and reports are left out, and whom they certified. A report may name what others answer for: without this, whoever
   * registers enough of them would keep others from an answer.
   */
  except: z.array(identifier).max(MAX_EXCEPT).default([]),
  pageSize,
  bookmark,
});

/**
 * The devices whose trace may pass through the subject: everything below it, with the reports that connect each device to
 * it.
 *
 * There are two parts, so that the cost of a page depends on what it shows, not on what exists. First come all subjects that
 * others can depend on, breadth first: standards are few. Then come the field devices that depend on each of these, read
 * directly from the index. A device that depends on several is shown with the first of them. Its own record is enough to
 * find the first one, so a bookmark does not have to remember which devices were shown.
 */
export async function affectedDevices(state: StateReader, json: string): Promise<Page<AffectedDevice>> {
  const wanted = parseAs(schema, 'question', json, QUESTION_LIMITS);
  const below = await Below.find(state, wanted);
  const answer = new AnswerPage(state, below, wanted.pageSize);
  await answer.fill(readPlace(wanted.bookmark));
  return { items: answer.items, bookmark: answer.next === null ? '' : writePlace(answer.next) };
}

/** Start of a page: after a device of the first part, or within the field devices of a foundation. */
type Place =
  | { readonly part: 'standards'; readonly after: string }
  | { readonly part: 'field'; readonly on: string; readonly within: string };

const placeSchema = z.discriminatedUnion('part', [
  z.strictObject({ part: z.literal('standards'), after: z.string() }),
  z.strictObject({ part: z.literal('field'), on: z.string(), within: z.string() }),
]);

/** Everything below the subject that others can depend on. */
class Below {
  readonly foundations = new Map<string, Foundation>();
  /** Devices below, with the reports that led to them: standards, and the device of the requested report. */
  readonly devices = new Map<string, ReadonlySet<string>>();
  /** Those of the devices that depend on the subject themselves, with all of their reports. */
  readonly lifted = new Set<string>();
  readonly #state: StateReader;
  readonly #except: ReadonlySet<string>;

  private constructor(state: StateReader, except: readonly string[]) {
    this.#state = state;
    this.#except = new Set(except);
  }

  static async find(state: StateReader, { kind, id, except }: z.infer<typeof schema>): Promise<Below> {
    const below = new Below(state, except);
    await below.#start(kind, id);
    for (const foundation of below.foundations.values()) {
      await below.#follow(foundation);
    }
    if (kind === 'device') {
      below.devices.delete(id);
    }
    return below;
  }

  async #start(kind: Foundation['kind'], id: string): Promise<void> {
    if (kind === 'report') {
      const { statement } = await required(kind, id, this.#state.report(id));
      this.#found(said(statement, await registryOf(this.#state), 'report').statement.body.device, id);
    } else if (kind === 'device') {
      await required(kind, id, this.#state.device(id));
    } else if (kind === 'person') {
      await this.#startWith(await required(kind, id, this.#state.person(id)));
    } else {
      await required(kind, id, this.#state.organisation(id));
    }
    this.#add({ kind, id });
  }

  /** An officer's signature is the organisation's word about members, technicians, devices and accreditations. */
  async #startWith({ id, authorisations }: PersonRecord): Promise<void> {
    const [first] = readable(authorisations, await registryOf(this.#state), 'authorisation');
    if (first?.statement.body.role === 'officer') {
      this.#add({ kind: 'organisation', id: registrantOf(id) });
    }
  }

  async #follow(foundation: Foundation): Promise<void> {
    if (foundation.kind === 'organisation' && !this.#except.has(foundation.id)) {
      const vouchedFor = `organisations that ${foundation.id} certified or accredited (--except ${foundation.id} leaves them out)`;
      for (const { rest } of await this.#state.list(keys.certifieds(foundation.id), MAX_FOUNDATIONS, vouchedFor)) {
        this.#add({ kind: 'organisation', id: rest[0] ?? '' });
      }
      await this.#followLifted(foundation.id);
    }
    for (const { device, report } of await this.#standardsOn(foundation)) {
      this.#found(device, report);
      this.#add({ kind: 'report', id: report });
    }
  }

  /** A device that would be suspended again, without the organisation that lifted this, depends on it. */
  async #followLifted(organisation: string): Promise<void> {
    const what = `devices of which ${organisation} lifted a suspension (--except ${organisation} leaves them out)`;
    for (const { rest } of await this.#state.list(keys.liftedBy(organisation), MAX_FOUNDATIONS, what)) {
      const [device = ''] = rest;
      if (!this.#except.has(registrantOf(device))) {
        this.#found(device);
        this.#add({ kind: 'device', id: device });
        this.lifted.add(device);
      }
    }
  }

  /** Reads on behind what is left out, so that it costs next to nothing, however much it is. */
  async #standardsOn(foundation: Foundation): Promise<readonly Dependent[]> {
    const prefix = keys.dependents(foundation, 'standard');
    const found: Dependent[] = [];
    for (let next = ''; ;) {
      const { items, bookmark: after } = await this.#state.page<null>(prefix, PAGE, next);
      const read = items.map(dependentIn);
      found.push(...read.filter((each) => !this.isLeftOut(each)));
      if (found.length > MAX_FOUNDATIONS) {
        throw tooMany(`reports of standards that rest on ${nameOf(foundation).replace(':', ' ')}`, found);
      }
      const last = read.at(-1);
      if (!last || after === '') {
        return found;
      }
      next = this.isLeftOut(last) ? nameOfKey(this.#behind(foundation, last)) : after;
    }
  }

  isLeftOut({ device, report }: Dependent): boolean {
    return this.#except.has(registrantOf(device)) || this.#except.has(registrantOf(report));
  }

  /** The first key behind what the same organisation registered. "0" is the character after "/". */
  #behind(foundation: Foundation, { device, report }: Dependent): Key {
    const maker = registrantOf(device);
    return this.#except.has(maker)
      ? keys.rests(foundation, 'standard', `${maker}0`, '0')
      : keys.rests(foundation, 'standard', device, `${registrantOf(report)}0`);
  }

  #found(device: string, ...reports: readonly string[]): void {
    this.devices.set(device, new Set([...(this.devices.get(device) ?? []), ...reports]));
  }

  #add(foundation: Foundation): void {
    const name = nameOf(foundation);
    if (this.foundations.size >= MAX_FOUNDATIONS && !this.foundations.has(name)) {
      const reports = [...this.devices].flatMap(([device, all]) => Array.from(all, (report) => ({ device, report })));
      throw tooMany('reports of standards that rest on it', reports);
    }
    this.foundations.set(name, foundation);
  }
}

/** A report that depends on a foundation, and its device. */
interface Dependent {
  readonly device: string;
  readonly report: string;
}

function dependentIn({ rest: [device = '', report = ''] }: { readonly rest: readonly string[] }): Dependent {
  return { device, report };
}

/** Names whose reports most of them are: the answer is to be had without those. */
function tooMany(what: string, found: readonly Dependent[]): RegistryError {
  const counts = new Map<string, number>();
  for (const { report } of found) {
    counts.set(registrantOf(report), (counts.get(registrantOf(report)) ?? 0) + 1);
  }
  const [[most, count] = ['', 0]] = [...counts].sort(([, a], [, b]) => b - a);
  return new RegistryError(
    'INPUT_INVALID',
    `there are more than ${MAX_FOUNDATIONS} ${what}: no answer tells all of them. Of the first ${found.length}, ${count} are of ${most}: leave out what it registered (--except ${most}), or ask about something further down.`,
  );
}

/** A device, and its accepted reports that depend on a foundation. */
interface Candidate {
  readonly device: OpenDevice;
  /** Sorted; each with the first foundation that it depends on, in order of names. */
  readonly reports: readonly { readonly id: string; readonly first: string }[];
}

class AnswerPage {
  readonly items: AffectedDevice[] = [];
  next: Place | null = null;
  readonly #state: StateReader;
  readonly #below: Below;
  readonly #size: number;
  readonly #opener: Opener;

  constructor(state: StateReader, below: Below, size: number) {
    this.#state = state;
    this.#below = below;
    this.#size = size;
    this.#opener = new Opener(new Grounds(state, state.now));
  }

  async fill(from: Place): Promise<void> {
    if (from.part === 'standards') {
      await this.#standards(from.after);
    }
    if (this.next === null) {
      await this.#fieldDevices(from.part === 'field' ? from : { part: 'field', on: '', within: '' });
    }
  }

  async #standards(after: string): Promise<void> {
    const devices = [...this.#below.devices.keys()].sort().filter((device) => device > after);
    for (const device of devices.slice(0, this.#size)) {
      await this.#show(await this.#candidate(device));
    }
    const last = devices[this.#size - 1];
    this.next = devices.length >= this.#size && last !== undefined ? { part: 'standards', after: last } : null;
  }

  async #fieldDevices({ on, within }: Extract<Place, { part: 'field' }>): Promise<void> {
    const names = [...this.#below.foundations.keys()].sort().filter((name) => name >= on);
    let queries = 0;
    for (const name of names) {
      let place = name === on ? within : '';
      do {
        if (this.items.length >= this.#size || queries >= MAX_QUERIES) {
          this.next = { part: 'field', on: name, within: place };
          return;
        }
        place = await this.#fieldDevicesOn(name, place);
        queries += 1;
      } while (place !== '');
    }
  }

  /**
   * Adds a range of the field devices that depend on a foundation. Returns where to continue, or undefined after the last
   * one.
   */
  async #fieldDevicesOn(name: string, from: string): Promise<string> {
    const foundation = this.#below.foundations.get(name);
    if (!foundation) {
      return '';
    }
    const size = this.#size - this.items.length;
    const page = await this.#state.page(keys.dependents(foundation, 'field'), size, from);
    for (const { device, report } of page.items.map(dependentIn)) {
      if (!this.#below.devices.has(device) && !this.#below.isLeftOut({ device, report })) {
        const candidate = await this.#candidate(device);
        if (isFirst(candidate, name, report)) {
          await this.#show(candidate);
        }
      }
    }
    return page.bookmark;
  }

  async #candidate(id: string): Promise<Candidate> {
    const device = await required('device', id, this.#opener.device(id));
    const decided = device.decisions.filter(({ accepts }) => accepts).map(({ report }) => report);
    const settled = await this.#settled(id);
    const accepted = new Set([...decided, ...settled.keys()]);
    await this.#state.readAhead([...accepted].map((report) => keys.report(report)));
    const reports: { id: string; first: string }[] = [];
    for (const report of [...accepted].filter((each) => !this.#below.isLeftOut({ device: id, report: each })).sort()) {
      const acceptances = [...acceptancesOf(device, report), ...(settled.get(report) ?? [])];
      const first = await this.#firstOf(device, report, acceptances);
      if (first !== undefined) {
        reports.push({ id: report, first });
      }
    }
    return { device, reports };
  }

  /** Acceptances that were moved out of a standard's record, by report: other reports may still depend on them. */
  async #settled(device: string): Promise<ReadonlyMap<string, readonly Entry[]>> {
    const settled = new Map<string, readonly Entry[]>();
    for (const report of this.#below.devices.get(device) ?? []) {
      const entries = await this.#state.settled(device, report);
      if (entries.length > 0) {
        settled.set(report, entries);
      }
    }
    return settled;
  }

  /** The first foundation, in order of names, that a report depends on; the report itself, or its device, if it is one. */
  async #firstOf(device: OpenDevice, id: string, acceptances: readonly Entry[]): Promise<string | undefined> {
    const record = await required('report', id, this.#state.report(id));
    const own: Foundation = { kind: 'report', id };
    const itself: readonly Foundation[] = this.#below.lifted.has(device.id) ? [{ kind: 'device', id: device.id }] : [];
    return [own, ...itself, ...(await foundationsOf(this.#state, record, device, { acceptances }))]
      .map(nameOf)
      .filter((name) => this.#below.foundations.has(name))
      .sort()[0];
  }

  async #show({ device, reports }: Candidate): Promise<void> {
    const { kind, serial, pseudonym } = device.imprint.body;
    const current = await currentReports(this.#opener, device, this.#state.now);
    this.items.push({
      device: device.id,
      kind,
      serial,
      owner: device.owner,
      ...(pseudonym && { pseudonymous: true }),
      reports: reports.map(({ id }) => id),
      current: current.some(({ report }) => reports.some(({ id }) => id === report)),
    });
  }
}

/** Whether the device is shown here. The index names a device in several places; it is shown in one of them only. */
function isFirst({ reports }: Candidate, name: string, report: string): boolean {
  const [place] = [...reports].sort((a, b) =>
    a.first === b.first ? (a.id < b.id ? -1 : 1) : a.first < b.first ? -1 : 1,
  );
  return place?.first === name && place.id === report;
}

function writePlace(place: Place): string {
  return Buffer.from(JSON.stringify(place), 'utf8').toString('base64url');
}

function readPlace(opaque: string): Place {
  return opaque === ''
    ? { part: 'standards', after: '' }
    : parseAs<Place>(placeSchema, 'bookmark', Buffer.from(opaque, 'base64url').toString('utf8'));
}
