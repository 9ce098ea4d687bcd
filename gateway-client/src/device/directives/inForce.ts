import { isAbout, standingOf } from '@tracecal/core/directives';
import type { DeviceStanding, Directives, DirectivesSeen, SignedDirective } from '@tracecal/core/directives';
import { instantOf, ownValue } from '@tracecal/core/model';
import type { Instant } from '@tracecal/core/model';

export interface InForceOptions {
  /** Milliseconds since 1970; left out on a machine without a clock. */
  readonly now?: () => number;
  /** What was seen before. */
  readonly seen?: DirectivesSeen;
}

/** An operator's directives, asked again and again: about every measurement that comes. */
export class DirectivesInForce {
  readonly #directives: Directives;
  readonly #options: InForceOptions;
  readonly #about = new Map<string, readonly SignedDirective[]>();

  constructor(directives: Directives, options: InForceOptions = {}) {
    this.#directives = directives;
    this.#options = options;
  }

  /** @param at - Null without a clock. */
  standing(device: string, at: Instant | null): DeviceStanding {
    const { now, seen = {} } = this.#options;
    const asked = { device, at, now: now ? instantOf(now()) : null, seen: ownValue(seen, device) ?? null };
    return standingOf({ ...this.#directives, read: this.#read(device) }, asked);
  }

  #read(device: string): readonly SignedDirective[] {
    const known = this.#about.get(device) ?? this.#directives.read.filter(({ content }) => isAbout(content, device));
    if (known.length > 0) {
      // Devices without any are without number.
      this.#about.set(device, known);
    }
    return known;
  }
}
