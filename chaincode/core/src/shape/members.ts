import type * as z from 'zod/mini';
import { Fault } from './fault.js';
import { paramsOf } from './params.js';
import type { Params } from './params.js';
import { Shape } from './shape.js';
import type { WhenMissing } from './shape.js';
import { ANY, NEVER } from './values.js';

type Shapes = Readonly<Record<string, Shape>>;
type Plain = Readonly<Record<string, unknown>>;

interface ObjectDefinition {
  readonly type: 'object';
  readonly shape: Shapes;
  /** What else may be in it. */
  readonly catchall: Shape;
}

interface Member {
  readonly name: string;
  readonly shape: Shape;
  readonly optin: WhenMissing;
  readonly optout: 'optional' | undefined;
}

export function isPlain(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An object: with the members of the shape, in its order, and others only where these are let through. */
export class ObjectShape extends Shape {
  readonly #own: ObjectDefinition;
  #members: readonly Member[] | undefined;

  constructor(def: ObjectDefinition) {
    super(def);
    this.#own = def;
  }

  get shape(): Shapes {
    return this.#own.shape;
  }

  override get tags(): Readonly<Record<string, Set<unknown>>> {
    const few = Object.entries(this.shape).flatMap(([name, { values }]) =>
      values ? [[name, new Set(values)] as const] : [],
    );
    return Object.fromEntries(few);
  }

  protected read(value: unknown): unknown {
    if (!isPlain(value)) {
      return this.fault({ code: 'invalid_type', input: value, expected: 'object' });
    }
    const read: Record<string, unknown> = {};
    for (const member of this.#known()) {
      const fault = this.#take(member, value, read);
      if (fault) {
        return fault.within(member.name);
      }
    }
    return this.#takeOthers(value, read) ?? read;
  }

  /** Found when it is first needed: most shapes of a bundle are never used. */
  #known(): readonly Member[] {
    return (this.#members ??= Object.entries(this.shape).map(([name, shape]) => {
      const { optin, optout } = shape;
      return { name, shape, optin, optout };
    }));
  }

  #take({ name, shape, optin, optout }: Member, from: Plain, read: Record<string, unknown>): Fault | undefined {
    const isThere = name in from;
    if (!isThere && optin === 'optional' && optout) {
      return undefined;
    }
    const value = shape.run(from[name]);
    if (value instanceof Fault) {
      return value;
    }
    if (!isThere && optin === undefined) {
      return new Fault({ code: 'invalid_type', input: undefined, expected: 'nonoptional' }, false, undefined);
    }
    read[name] = value;
    return undefined;
  }

  #takeOthers(from: Plain, read: Record<string, unknown>): Fault | undefined {
    const others: string[] = [];
    for (const name in from) {
      if (!Object.hasOwn(this.shape, name)) {
        others.push(name);
      }
    }
    if (this.#own.catchall === NEVER) {
      return others.length === 0
        ? undefined
        : this.fault({ code: 'unrecognized_keys', input: from, keys: others }, true);
    }
    // A member of that name would become the prototype.
    for (const name of others) if (name !== '__proto__') read[name] = from[name];
    return undefined;
  }
}

/** An object of any members, which all have one shape. */
class RecordShape extends Shape {
  protected read(value: unknown): unknown {
    if (!isPlain(value)) {
      return this.fault({ code: 'invalid_type', input: value, expected: 'record' });
    }
    const { keyType, valueType } = this.def as unknown as { readonly keyType: Shape; readonly valueType: Shape };
    const read: Record<string, unknown> = {};
    for (const [name, each] of Object.entries(value)) {
      if (name === '__proto__') continue;
      if (keyType.run(name) instanceof Fault) {
        return this.fault({ code: 'invalid_key', input: name, origin: 'record', path: [name] });
      }
      const member = valueType.run(each);
      if (member instanceof Fault) {
        return member.within(name);
      }
      read[name] = member;
    }
    return read;
  }
}

class ListShape extends Shape {
  protected read(value: unknown): unknown {
    if (!Array.isArray(value)) {
      return this.fault({ code: 'invalid_type', input: value, expected: 'array' });
    }
    const entries: readonly unknown[] = value;
    return this.#tooMany(entries) ?? this.#entries(entries);
  }

  /** Before an entry is read: a list of a million entries is not worth it. */
  #tooMany(value: readonly unknown[]): Fault | undefined {
    for (const check of this.def.checks ?? []) {
      if (!SIZES.test(check.def.check)) {
        return undefined;
      }
      if (check.most !== undefined && value.length > check.most) {
        const fault = check.of(value);
        return fault && this.owned(fault);
      }
    }
    return undefined;
  }

  #entries(value: readonly unknown[]): unknown {
    const { element } = this.def as unknown as { readonly element: Shape };
    const read: unknown[] = [];
    for (const [place, each] of value.entries()) {
      const entry = element.run(each);
      if (entry instanceof Fault) {
        return entry.within(place);
      }
      read.push(entry);
    }
    return read;
  }
}

/** A list of a certain number of entries, each of a shape of its own. */
class TupleShape extends Shape {
  protected read(value: unknown): unknown {
    if (!Array.isArray(value)) {
      return this.fault({ code: 'invalid_type', input: value, expected: 'tuple' });
    }
    const { items } = this.def as unknown as { readonly items: readonly Shape[] };
    const [entries, { length }] = [value as readonly unknown[], items];
    if (entries.length !== length) {
      const limit =
        entries.length < length ? { code: 'too_small', minimum: length } : { code: 'too_big', maximum: length };
      return this.fault({ ...limit, input: value, inclusive: true, origin: 'array' });
    }
    const read = items.map((each, place) => each.run(entries[place]));
    const place = read.findIndex((each) => each instanceof Fault);
    return place < 0 ? read : (read[place] as Fault).within(place);
  }
}

const SIZES = /_length$|_equals$/;

export const strictObject = ((shape: Shapes, params?: Params) =>
  new ObjectShape({
    type: 'object',
    shape,
    catchall: NEVER,
    ...paramsOf(params),
  })) as unknown as typeof z.strictObject;

export const looseObject = ((shape: Shapes, params?: Params) =>
  new ObjectShape({ type: 'object', shape, catchall: ANY, ...paramsOf(params) })) as unknown as typeof z.looseObject;

export const record = ((keyType: Shape, valueType: Shape, params?: Params) =>
  new RecordShape({ type: 'record', keyType, valueType, ...paramsOf(params) })) as unknown as typeof z.record;

export const array = ((element: Shape, params?: Params) =>
  new ListShape({ type: 'array', element, ...paramsOf(params) })) as unknown as typeof z.array;

export const tuple = ((items: readonly Shape[], params?: Params) =>
  new TupleShape({ type: 'tuple', items, rest: null, ...paramsOf(params) })) as unknown as typeof z.tuple;
