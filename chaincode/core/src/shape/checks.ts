import type * as z from 'zod/mini';
import { Fault } from './fault.js';
import type { Wrong } from './fault.js';
import { paramsOf } from './params.js';
import type { Params } from './params.js';

interface CheckDefinition {
  readonly check: string;
  readonly error?: ((wrong: Wrong) => string | undefined) | undefined;
  readonly path?: readonly PropertyKey[];
  readonly [more: string]: unknown;
}

/** What a value of the right type has to fulfil besides. */
export class Check {
  readonly def: CheckDefinition;
  /** A list of more entries than that is not read. */
  readonly most: number | undefined;
  readonly #wrongWith: (value: never) => Wrong | undefined;

  constructor(def: CheckDefinition, wrongWith: (value: never) => Wrong | undefined, most?: number) {
    this.def = def;
    this.#wrongWith = wrongWith;
    this.most = most;
  }

  of(value: unknown): Fault | undefined {
    const wrong = this.#wrongWith(value as never);
    return wrong && new Fault(wrong, true, this.def.error);
  }

  /** What the schema library finds in a check of its own. */
  get _zod(): object {
    const check = (payload: { value: unknown; issues: unknown[] }): void => {
      const fault = this.of(payload.value);
      if (fault) {
        payload.issues.push({ ...fault.issue(), input: payload.value, continue: true });
      }
    };
    return { def: this.def, check, onattach: [], traits: new Set(['$ZodCheck']) };
  }
}

type Bound = (than: number, params?: Params) => Check;

function bound(check: 'greater_than' | 'less_than', inclusive: boolean): Bound {
  const isLow = check === 'greater_than';
  const [code, name] = isLow ? ['too_small', 'minimum'] : ['too_big', 'maximum'];
  const holds = (value: number, than: number): boolean =>
    (inclusive && value === than) || (isLow ? value > than : value < than);
  return (than, params) =>
    new Check({ check, value: than, inclusive, ...paramsOf(params) }, (value: number) =>
      holds(value, than) ? undefined : { code, input: value, origin: 'number', [name]: than, inclusive },
    );
}

const [atLeast, above] = [bound('greater_than', true), bound('greater_than', false)];
const [atMost, below] = [bound('less_than', true), bound('less_than', false)];

type Sized = string | readonly unknown[];

/** Texts are measured in characters, not in halves of pairs: counted only where that decides. */
function sizeOf(value: Sized, limit: number): number {
  const { length: units } = value;
  return typeof value === 'string' && units >= limit && units <= 2 * limit ? Array.from(value).length : units;
}

function size(check: string, part: string, limit: number, code: (size: number) => string | undefined, params?: Params) {
  return new Check(
    { check, [part]: limit, ...paramsOf(params) },
    (value: Sized) => {
      const wrong = code(sizeOf(value, limit));
      return wrong === undefined
        ? undefined
        : {
            code: wrong,
            input: value,
            origin: typeof value === 'string' ? 'string' : 'array',
            [wrong === 'too_big' ? 'maximum' : 'minimum']: limit,
            inclusive: true,
            ...(part === 'length' && { exact: true }),
          };
    },
    part === 'minimum' ? undefined : limit,
  );
}

function longest(most: number, params?: Params): Check {
  return size('max_length', 'maximum', most, (own) => (own > most ? 'too_big' : undefined), params);
}

function shortest(least: number, params?: Params): Check {
  return size('min_length', 'minimum', least, (own) => (own < least ? 'too_small' : undefined), params);
}

function exactly(number: number, params?: Params): Check {
  const code = (own: number): string | undefined => (own > number ? 'too_big' : own < number ? 'too_small' : undefined);
  return size('length_equals', 'length', number, code, params);
}

function pattern(expression: RegExp, params?: Params): Check {
  const def = { check: 'string_format', format: 'regex', pattern: expression, ...paramsOf(params) };
  return new Check(def, (value: string) =>
    value.search(expression) >= 0
      ? undefined
      : { code: 'invalid_format', input: value, origin: 'string', format: 'regex', pattern: String(expression) },
  );
}

function holds(rule: (value: never) => unknown, params?: Params): Check {
  const { path, ...def } = paramsOf(params);
  return new Check({ check: 'custom', ...def }, (value) =>
    rule(value) ? undefined : { code: 'custom', input: value, ...(path && { path }) },
  );
}

/** @param examine - Tells what is wrong with `addIssue`. */
function examined(examine: (value: never, context: { addIssue(issue: object): void }) => void): Check {
  return new Check({ check: 'custom' }, (value) => {
    const issues: object[] = [];
    examine(value, { addIssue: (issue) => issues.push(issue) });
    return issues[0] && { code: 'custom', input: value, ...issues[0] };
  });
}

export const gte = atLeast as unknown as typeof z.gte;
export const gt = above as unknown as typeof z.gt;
export const lte = atMost as unknown as typeof z.lte;
export const lt = below as unknown as typeof z.lt;
export const minimum = atLeast as unknown as typeof z.minimum;
export const maximum = atMost as unknown as typeof z.maximum;
export const minLength = shortest as unknown as typeof z.minLength;
export const maxLength = longest as unknown as typeof z.maxLength;
export const length = exactly as unknown as typeof z.length;
export const regex = pattern as unknown as typeof z.regex;
export const refine = holds as unknown as typeof z.refine;
export const superRefine = examined as unknown as typeof z.superRefine;
