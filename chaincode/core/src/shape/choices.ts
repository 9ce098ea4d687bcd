import type * as z from 'zod/mini';
import { Fault } from './fault.js';
import { isPlain } from './members.js';
import { paramsOf } from './params.js';
import type { Params } from './params.js';
import { Shape } from './shape.js';
import type { WhenMissing } from './shape.js';

/** A value of one of several shapes: of the first that it fits. */
class UnionShape extends Shape {
  protected readonly options: readonly Shape[];

  constructor(def: { readonly options: readonly Shape[] }) {
    super(def);
    this.options = def.options;
  }

  override get optin(): WhenMissing {
    const all = this.options.map(({ optin }) => optin);
    return all.includes('defaulted') ? 'defaulted' : all.find((each) => each !== undefined);
  }

  override get optout(): 'optional' | undefined {
    return this.options.find(({ optout }) => optout !== undefined)?.optout;
  }

  override get values(): ReadonlySet<unknown> | undefined {
    const all = this.options.map(({ values }) => values);
    return all.every((each) => each !== undefined) ? new Set(all.flatMap((each) => [...each])) : undefined;
  }

  protected read(value: unknown): unknown {
    const mild: Fault[] = [];
    for (const option of this.options) {
      const read = option.run(value);
      if (!(read instanceof Fault)) {
        return read;
      }
      if (read.isMild) mild.push(read);
    }
    const [only] = mild;
    return only && mild.length === 1 ? only : this.fault({ code: 'invalid_union', input: value, errors: [] });
  }
}

/** An object of one of several shapes: of that which has its tag. */
class TaggedShape extends UnionShape {
  #byTag: ReadonlyMap<unknown, Shape> | undefined;

  protected override read(value: unknown): unknown {
    if (!isPlain(value)) {
      return this.fault({ code: 'invalid_type', input: value, expected: 'object' });
    }
    const tag = this.def['discriminator'] as string;
    this.#byTag ??= new Map(
      this.options.flatMap((option) => [...(option.tags?.[tag] ?? [])].map((each) => [each, option] as const)),
    );
    const option = this.#byTag.get(value[tag]);
    return option
      ? option.run(value)
      : this.fault({ code: 'invalid_union', input: value, errors: [], note: 'No matching discriminator', path: [tag] });
  }
}

/** What stands for a shape that it holds. */
abstract class AroundShape extends Shape {
  protected readonly inner: Shape;

  constructor(def: { readonly innerType: Shape }) {
    super(def);
    this.inner = def.innerType;
  }

  override get optin(): WhenMissing {
    return this.inner.optin;
  }

  override get optout(): 'optional' | undefined {
    return this.inner.optout;
  }

  override get values(): ReadonlySet<unknown> | undefined {
    return this.inner.values;
  }

  protected read(value: unknown): unknown {
    return this.inner.run(value);
  }
}

/** A member that may be missing. */
class ExactOptionalShape extends AroundShape {
  override get optin(): WhenMissing {
    return this.inner.optin ?? 'optional';
  }

  override get optout(): 'optional' {
    return 'optional';
  }
}

/** A member that may be missing or undefined. */
class OptionalShape extends ExactOptionalShape {
  override get values(): ReadonlySet<unknown> | undefined {
    return this.inner.values && new Set([...this.inner.values, undefined]);
  }

  protected override read(value: unknown): unknown {
    return value === undefined ? value : super.read(value);
  }
}

class NullableShape extends AroundShape {
  override get values(): ReadonlySet<unknown> | undefined {
    return this.inner.values && new Set([...this.inner.values, null]);
  }

  protected override read(value: unknown): unknown {
    return value === null ? value : super.read(value);
  }
}

class DefaultShape extends AroundShape {
  override get optin(): WhenMissing {
    return 'defaulted';
  }

  override get optout(): undefined {
    return undefined;
  }

  protected override read(value: unknown): unknown {
    if (value !== undefined) {
      return super.read(value);
    }
    const { defaultValue } = this.def;
    return Array.isArray(defaultValue) ? [...(defaultValue as readonly unknown[])] : defaultValue;
  }
}

export const union = ((options: readonly Shape[], params?: Params) =>
  new UnionShape({ ...{ type: 'union', inclusive: true }, options, ...paramsOf(params) })) as unknown as typeof z.union;

export const discriminatedUnion = ((discriminator: string, options: readonly Shape[], params?: Params) =>
  new TaggedShape({
    ...{ type: 'union', inclusive: false, discriminator },
    options,
    ...paramsOf(params),
  })) as unknown as typeof z.discriminatedUnion;

export const optional = ((innerType: Shape) =>
  new OptionalShape({ ...{ type: 'optional' }, innerType })) as unknown as typeof z.optional;

export const exactOptional = ((innerType: Shape) =>
  new ExactOptionalShape({ ...{ type: 'optional' }, innerType })) as unknown as typeof z.exactOptional;

export const nullable = ((innerType: Shape) =>
  new NullableShape({ ...{ type: 'nullable' }, innerType })) as unknown as typeof z.nullable;

export const _default = ((innerType: Shape, defaultValue: unknown) =>
  new DefaultShape({ ...{ type: 'default', defaultValue }, innerType })) as unknown as typeof z._default;
