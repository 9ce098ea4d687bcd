import type { DeviceStanding, Directives, DirectivesSeen, OperatorPin } from '@tracecal/core/directives';
import { instantOf, millisecondsOf, ownValue, TIME_WINDOW_MS } from '@tracecal/core/model';
import type { Instant } from '@tracecal/core/model';
import { directivesIn } from './folder.js';
import { DirectivesInForce } from './inForce.js';
import { readDirectivesSeen, writeDirectivesSeen } from './memory.js';

export interface OperatorDirectivesOptions {
  /** How old the export may be; by default its age does not matter. */
  readonly ageSeconds?: number | undefined;
  /** Milliseconds since 1970; left out on a machine without a clock. */
  readonly now?: (() => number) | undefined;
  /** What this process has seen before. */
  readonly seen?: DirectivesSeen;
}

const NO_DIRECTIVES: Directives = { read: [], broken: [] };

/** What an operator directs, as gates and filters read it: its folder, and the memory beside it. */
export class OperatorDirectives {
  /** All that was read. */
  readonly all: Directives;
  readonly #inForce: DirectivesInForce;
  readonly #exported: Instant | null;
  readonly #options: OperatorDirectivesOptions;
  /** Where to remember, and what stands there. */
  readonly #memory: { readonly folder: string; readonly written: DirectivesSeen } | undefined;
  #seen: DirectivesSeen;

  private constructor(
    all: Directives & { readonly exported?: Instant | null },
    options: OperatorDirectivesOptions = {},
    memory?: { readonly folder: string; readonly written: DirectivesSeen },
  ) {
    this.all = all;
    this.#exported = all.exported ?? null;
    this.#options = options;
    this.#memory = memory;
    this.#seen = newest(memory?.written ?? {}, options.seen ?? {});
    this.#inForce = new DirectivesInForce(all, { ...(options.now && { now: options.now }), seen: this.#seen });
  }

  /** @throws RegistryError, TraceCalError if folder or memory cannot be read */
  static async read(
    folder: string,
    pin: OperatorPin,
    options: OperatorDirectivesOptions = {},
  ): Promise<OperatorDirectives> {
    const found = await directivesIn(folder, pin);
    return new OperatorDirectives(found, options, { folder, written: await readDirectivesSeen(folder) });
  }

  /** Nobody directs anything. */
  static none(): OperatorDirectives {
    return new OperatorDirectives(NO_DIRECTIVES);
  }

  /** They could not be read: no device may be used. */
  static unread(why: string): OperatorDirectives {
    return new OperatorDirectives({ read: [], broken: [why] });
  }

  /** What was seen until now, also by others before. */
  get seen(): DirectivesSeen {
    return this.#seen;
  }

  /** @param at - Null without a clock. */
  standing(device: string, at: Instant | null): DeviceStanding {
    return this.#inForce.standing(device, at);
  }

  /**
   * Why the export is too old to tell what the operator directs. An override counts all the same: the network may be down.
   *
   * @param at - By default now.
   */
  whyTooOld(at: Instant | null = this.#now()): string | undefined {
    const { ageSeconds } = this.#options;
    const exported = this.#exported;
    if (ageSeconds === undefined || exported === null || at === null) {
      return undefined;
    }
    const [age, why] = [millisecondsOf(at) - millisecondsOf(exported), `the directives were exported on ${exported}`];
    if (age < -TIME_WINDOW_MS) {
      return `${why}, which lies ahead: check the clock`;
    }
    return age > ageSeconds * 1000 ? `${why}, which is longer ago than they may be old: export them again` : undefined;
  }

  /** Remembers what was seen, so that no directive can be taken away later. @throws RegistryError, TraceCalError */
  async remember(devices: readonly string[], at: Instant | null): Promise<void> {
    const news = devices.flatMap((device) => {
      const own = this.standing(device, at).seen;
      return own ? [[device, own] as const] : [];
    });
    this.#seen = newest(this.#seen, Object.fromEntries(news));
    if (this.#memory) {
      await writeDirectivesSeen(this.#memory.folder, this.#memory.written, this.#seen);
    }
  }

  #now(): Instant | null {
    return this.#options.now ? instantOf(this.#options.now()) : null;
  }
}

/** By device, what has the higher number; what this process has seen, if they are equal. */
function newest(written: DirectivesSeen, own: DirectivesSeen): DirectivesSeen {
  const newer = Object.entries(own).filter(
    ([device, { number }]) => number >= (ownValue(written, device)?.number ?? 0),
  );
  return { ...written, ...Object.fromEntries(newer) };
}
