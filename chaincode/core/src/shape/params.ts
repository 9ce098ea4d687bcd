import type { Says } from './fault.js';

/** A sentence, or how to find one: what a shape or a check says of a value that does not fit. */
export type Params =
  | string
  | {
      readonly error?: string | Says;
      readonly message?: string;
      readonly path?: readonly PropertyKey[];
    }
  | undefined;

export function paramsOf(params: Params): { error?: Says; path?: readonly PropertyKey[] } {
  const { error, message, path } = typeof params === 'string' ? { error: params } : (params ?? {});
  const says = error ?? message;
  return {
    ...(says !== undefined && { error: typeof says === 'string' ? () => says : says }),
    ...(path && { path }),
  };
}
