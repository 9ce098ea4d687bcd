import { instantOf } from '@tracecal/core/model';
import { ApplicationError } from '@tracecal/gateway-client/application';
import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Instrument } from '../model/index.js';
import type { Store } from '../store/index.js';
import { probeOf } from './connect.js';
import type { KnownKeys } from './connect.js';
import { waitMs } from './plan.js';
import type { ProbeEntry, ProbePlan } from './plan.js';
import { ProbeFailed } from './probe.js';
import type { Answer, Probe } from './probe.js';
import { probedOf, ProbedValues } from './record.js';
import type { Probed, ProbeRecord } from './record.js';
import { ScpiSource, SetPoints } from './source.js';
import { Turns } from './turns.js';

export interface ProberOptions {
  readonly plan: ProbePlan;
  readonly instruments: readonly Instrument[];
  readonly store: Store;
  /** Needed for challenges. */
  readonly keys?: KnownKeys;
  /** Whether a device may be probed now, as by a quota: always by default. */
  readonly mayProbe?: (device: string) => boolean;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** At least 0, less than 1. By default nobody can guess it. */
  readonly random?: () => number;
  /** What waiting is, in milliseconds. */
  readonly wait?: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
}

interface Planned {
  readonly entry: ProbeEntry;
  readonly probe: Probe;
  readonly instrument: Instrument | undefined;
  next: number;
}

type Reference = NonNullable<ProbeRecord['reference']>;

/** Probes that are made at once. */
const AT_ONCE = 32;
/** Longer than a timer can wait. */
const LONGEST_WAIT_MS = 3_600_000;

/** Carries out a plan of probes, and keeps what they brought. */
export class Prober {
  readonly #planned: ReadonlyMap<string, Planned>;
  readonly #sources: ReadonlyMap<string, { readonly address: string; readonly points: SetPoints }>;
  readonly #values: ProbedValues;
  readonly #turns = new Turns();
  readonly #options: Required<Pick<ProberOptions, 'mayProbe' | 'now' | 'random' | 'wait'>>;

  private constructor(options: ProberOptions, probes: ReadonlyMap<string, Probe>) {
    const { plan, instruments, store } = options;
    const { now = Date.now, random = unguessable, mayProbe = () => true, wait = waiting } = options;
    this.#options = { now, random, mayProbe, wait };
    this.#values = new ProbedValues(store);
    this.#planned = new Map(
      plan.probes.flatMap((entry) => {
        const probe = probes.get(entry.device);
        const instrument = instruments.find(({ device }) => device === entry.device);
        return probe ? [[entry.device, { entry, probe, instrument, next: now() + waitMs(entry, random()) }]] : [];
      }),
    );
    this.#sources = new Map(
      Object.entries(plan.sources).map(([name, each]) => {
        const source = new ScpiSource({ host: each.host, port: each.port }, each.command, each.identity);
        const points = new SetPoints(source, each, { now, random, pause: (milliseconds) => wait(milliseconds) });
        return [name, { address: source.address, points }];
      }),
    );
  }

  /** Connects to nothing yet. @throws ApplicationError `INPUT_INVALID` if an entry of the plan cannot be used */
  static async of(options: ProberOptions): Promise<Prober> {
    const probes = new Map<string, Probe>();
    for (const entry of options.plan.probes) probes.set(entry.device, await probeOf(entry, options.keys));
    return new Prober(options, probes);
  }

  /** When the next probe is due, in milliseconds since 1970. It is nobody else's business. */
  get next(): number {
    return Math.min(...Array.from(this.#planned.values(), ({ next }) => next));
  }

  /** Makes the probes that are due, keeps what they brought, and plans each next one. */
  async runDue(): Promise<readonly Probed[]> {
    const { now, random, mayProbe } = this.#options;
    const due = [...this.#planned.values()].filter(({ next }) => next <= now());
    const all: Probed[] = [];
    for (let first = 0; first < due.length; first += AT_ONCE) {
      const some = due.slice(first, first + AT_ONCE);
      for (const each of some) each.next = now() + waitMs(each.entry, random());
      const allowed = some.filter(({ entry }) => mayProbe(entry.device));
      const probed = await Promise.all(allowed.map((each) => this.#probe(each)));
      await this.#values.add(probed);
      all.push(...probed);
    }
    return all;
  }

  /** Probes one instrument now, beside the plan, and keeps what it brought. @throws ApplicationError `INPUT_INVALID` if it is not in the plan */
  async probe(device: string): Promise<Probed> {
    const planned = this.#planned.get(device);
    if (!planned) throw new ApplicationError('INPUT_INVALID', `The plan of probes does not say how to read ${device}.`);
    const probed = await this.#probe(planned);
    await this.#values.add([probed]);
    return probed;
  }

  /** Carries out the plan until it is told to stop. */
  async run(signal: AbortSignal): Promise<void> {
    for (;;) {
      await this.#options.wait(Math.min(LONGEST_WAIT_MS, Math.max(0, this.next - this.#options.now())), signal);
      if (signal.aborted) return;
      await this.runDue();
    }
  }

  async #probe(planned: Planned): Promise<Probed> {
    const source = planned.entry.source === undefined ? undefined : this.#sources.get(planned.entry.source);
    if (!source) return this.#read(planned, this.#standardOf(planned));
    // Nobody else sets the source until the instrument was read.
    return this.#turns.take(source.address, async () =>
      this.#read(planned, await withoutFailure(source.points.next())),
    );
  }

  async #read(
    { entry: { device, unit, uncertainty }, probe }: Planned,
    reference: Promise<Reference | undefined> | Reference | undefined,
  ): Promise<Probed> {
    const outcome = this.#ask(probe).catch(failureOf);
    const [found, beside] = await Promise.all([outcome, reference]);
    const common = { type: 'tracecal-probe/1', device, unit, time: instantOf(this.#options.now()) } as const;
    const compared = beside ? { reference: beside } : {};
    if ('failure' in found) return probedOf({ ...common, outcome: found, ...compared });
    const { value, asked, answered, signed } = found;
    const own = { value, asked, answered, ...(uncertainty && { uncertainty }) };
    return probedOf({ ...common, outcome: own, ...compared, ...(signed && { signed: copyOf(signed) }) });
  }

  #ask(probe: Probe): Promise<Answer> {
    return this.#turns.take(probe.address, () => probe.read());
  }

  /** What the check standard shows at the same time. */
  async #standardOf({ instrument }: Planned): Promise<Reference | undefined> {
    const standard = this.#planned.get(instrument?.checkStandard ?? '');
    if (!standard?.entry.uncertainty) return undefined;
    const answer = await withoutFailure(this.#ask(standard.probe));
    if (!answer) return undefined;
    const { value, asked, answered } = answer;
    return { value, ...standard.entry.uncertainty, device: standard.entry.device, asked, answered };
  }
}

/** Without a reference there is nothing to compare with, and the value is worth keeping all the same. */
function withoutFailure<T>(work: Promise<T>): Promise<T | undefined> {
  return work.catch((error: unknown) => {
    failureOf(error);
    return undefined;
  });
}

/** @throws Whatever is no failure of a probe. */
function failureOf(error: unknown): Extract<ProbeRecord['outcome'], { readonly failure: unknown }> {
  if (!(error instanceof ProbeFailed)) throw error;
  return { failure: error.failure, says: error.message };
}

function copyOf({ nonce, measurement }: NonNullable<Answer['signed']>): NonNullable<ProbeRecord['signed']> {
  const { payload, signatures } = measurement;
  return { nonce, measurement: { payload, signatures: signatures.map((each) => ({ ...each })) } };
}

function unguessable(): number {
  return randomBytes(6).readUIntBE(0, 6) / 2 ** 48;
}

async function waiting(milliseconds: number, signal?: AbortSignal): Promise<void> {
  await pause(milliseconds, undefined, signal && { signal }).catch(() => undefined);
}
