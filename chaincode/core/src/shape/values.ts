import type * as z from 'zod/mini';
import type { Fault } from './fault.js';
import { paramsOf } from './params.js';
import type { Params } from './params.js';
import { Shape } from './shape.js';

/** A value of one of the types that JSON has for single values. */
class TypeShape extends Shape {
  protected read(value: unknown): unknown {
    const expected = this.def.type;
    return typeof value === expected && (expected !== 'number' || Number.isFinite(value))
      ? value
      : this.fault({ code: 'invalid_type', input: value, expected });
  }
}

/** A whole number that a number of JSON holds exactly. */
class WholeShape extends TypeShape {
  protected override get traits(): readonly string[] {
    return ['$ZodCheck'];
  }

  protected override read(value: unknown): unknown {
    const number = super.read(value);
    if (typeof number !== 'number' || Number.isSafeInteger(number)) {
      return number;
    }
    return Number.isInteger(number) ? this.#outOfRange(number) : this.#broken(number);
  }

  #outOfRange(input: number): Fault {
    const limit =
      input > 0
        ? { code: 'too_big', maximum: Number.MAX_SAFE_INTEGER }
        : { code: 'too_small', minimum: Number.MIN_SAFE_INTEGER };
    const note = 'Integers must be within the safe integer range.';
    return this.fault({ ...limit, input, origin: 'int', inclusive: true, note }, true);
  }

  #broken(input: number): Fault {
    return this.fault({ code: 'invalid_type', input, expected: 'int', format: this.def['format'] });
  }
}

class AnyShape extends Shape {
  protected read(value: unknown): unknown {
    return value;
  }
}

/** What never is there: the members that an object has besides those of its shape. */
class NeverShape extends Shape {
  protected read(value: unknown): unknown {
    return this.fault({ code: 'invalid_type', input: value, expected: 'never' });
  }
}

/** One of some values. */
class OneOfShape extends Shape {
  readonly #values: ReadonlySet<unknown>;

  constructor(def: { readonly values?: readonly unknown[]; readonly entries?: object }) {
    super(def);
    this.#values = new Set(def.values ?? Object.values(def.entries ?? {}));
  }

  override get values(): ReadonlySet<unknown> {
    return this.#values;
  }

  protected read(value: unknown): unknown {
    return this.#values.has(value)
      ? value
      : this.fault({ code: 'invalid_value', input: value, values: [...this.#values] });
  }
}

class CustomShape extends Shape {
  protected read(value: unknown): unknown {
    const fits = this.def['fn'] as (value: unknown) => unknown;
    return fits(value) ? value : this.fault({ code: 'custom', input: value });
  }
}

const typed = (type: string) => (params?: Params) => new TypeShape({ type, ...paramsOf(params) });

export const string = typed('string') as unknown as typeof z.string;
export const number = typed('number') as unknown as typeof z.number;
export const boolean = typed('boolean') as unknown as typeof z.boolean;

export const int = ((params?: Params) =>
  new WholeShape({
    type: 'number',
    check: 'number_format',
    format: 'safeint',
    ...paramsOf(params),
  })) as unknown as typeof z.int;

export const ANY = new AnyShape({ type: 'unknown' });
export const NEVER = new NeverShape({ type: 'never' });

export const unknown = (() => new AnyShape({ type: 'unknown' })) as unknown as typeof z.unknown;

export const literal = ((value: unknown, params?: Params) =>
  new OneOfShape({ ...{ type: 'literal' }, values: [value], ...paramsOf(params) })) as unknown as typeof z.literal;

const oneOf = ((names: readonly string[], params?: Params) =>
  new OneOfShape({
    ...{ type: 'enum' },
    entries: Object.fromEntries(names.map((name) => [name, name])),
    ...paramsOf(params),
  })) as unknown as typeof z.enum;
export { oneOf as enum };

export const custom = ((fn: (value: unknown) => unknown, params?: Params) =>
  new CustomShape({ type: 'custom', check: 'custom', fn, ...paramsOf(params) })) as unknown as typeof z.custom;
