/*
 * The shapes of what comes from outside: a small form of the schema library, with its names, types and sentences. A verifier and a gate
 * carry no more than they use, and begin sooner. Both can be parts of each other, and the library makes the published schemas of these.
 * A shape names the first thing that is wrong, and only that. Of the library's methods shapes have `safeParse` and `check`.
 */
export { array, looseObject, record, strictObject, tuple } from './members.js';
export { _default, discriminatedUnion, exactOptional, nullable, optional, union } from './choices.js';
export {
  gt,
  gte,
  length,
  lt,
  lte,
  maximum,
  maxLength,
  minimum,
  minLength,
  refine,
  regex,
  superRefine,
} from './checks.js';
export { boolean, custom, enum, int, literal, number, string, unknown } from './values.js';
export type { core, infer, ZodMiniType, ZodMiniUnknown } from 'zod/mini';
