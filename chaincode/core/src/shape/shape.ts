import type { Check } from './checks.js';
import { Fault } from './fault.js';
import type { Says, Wrong } from './fault.js';

/** What a shape is made of, in the words of the schema library, which makes published schemas of it. */
export interface Definition {
  readonly type: string;
  readonly error?: Says;
  readonly checks?: readonly Check[];
  readonly [more: string]: unknown;
}

/** Whether a member may be missing, and whether something takes its place then. */
export type WhenMissing = 'optional' | 'defaulted' | undefined;

/** What the schema library hands over, and expects back. */
interface Payload {
  value: unknown;
  issues: unknown[];
}

export abstract class Shape {
  readonly def: Definition;
  #parent: Shape | undefined;
  #outside: object | undefined;

  constructor(def: object) {
    this.def = def as Definition;
  }

  /** The value as it counts, or the first thing that is wrong with it; without the checks. */
  protected abstract read(value: unknown): unknown;

  /** What may be left out of an object. */
  get optin(): WhenMissing {
    return undefined;
  }

  get optout(): 'optional' | undefined {
    return undefined;
  }

  /** All values that fit, where they are few. */
  get values(): ReadonlySet<unknown> | undefined {
    return undefined;
  }

  /** What the schema library knows a kind of shape by. */
  protected get traits(): readonly string[] {
    return [];
  }

  run(value: unknown): unknown {
    const read = this.read(value);
    const { checks } = this.def;
    if (checks === undefined || read instanceof Fault) {
      return read;
    }
    for (const check of checks) {
      const fault = check.of(read);
      if (fault) {
        return this.owned(fault);
      }
    }
    return read;
  }

  check(...checks: readonly Check[]): this {
    const more = new (this.constructor as new (def: Definition) => this)({
      ...this.def,
      checks: [...(this.def.checks ?? []), ...checks],
    });
    more.#parent = this;
    return more;
  }

  safeParse(value: unknown): { success: boolean; data?: unknown; error?: { issues: readonly unknown[] } } {
    const read = this.run(value);
    return read instanceof Fault
      ? { success: false, error: { issues: [read.issue()] } }
      : { success: true, data: read };
  }

  /** What the schema library finds in a shape of its own, so that both can be parts of each other. */
  get _zod(): object {
    return (this.#outside ??= this.#seenFromOutside());
  }

  protected fault(wrong: Wrong, isMild = false): Fault {
    return new Fault(wrong, isMild, this.def.error);
  }

  /** What a check without a sentence has found, the shape may have one for. */
  protected owned(fault: Fault): Fault {
    fault.message ??= this.def.error?.(fault.wrong);
    return fault;
  }

  #seenFromOutside(): object {
    const run = (payload: Payload): Payload => {
      const read = this.run(payload.value);
      if (read instanceof Fault) {
        payload.issues.push({ ...read.issue(), input: read.wrong.input, continue: read.isMild });
      } else {
        payload.value = read;
      }
      return payload;
    };
    const { def, optin, optout, values } = this;
    return {
      def,
      optin,
      optout,
      values,
      run,
      parse: run,
      parent: this.#parent,
      constr: this.constructor,
      traits: new Set(['$ZodType', ...this.traits]),
      bag: {},
      propValues: this.tags,
    };
  }

  /** Of an object: the values of its members that have few. */
  get tags(): Readonly<Record<string, Set<unknown>>> | undefined {
    return undefined;
  }
}
