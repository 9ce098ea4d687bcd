const MAX_QUOTED = 64;

/** Quotes a name from an untrusted source for an error message: it must not reach a log or a terminal unchanged. */
export function quoted(name: string): string {
  return JSON.stringify(name.slice(0, MAX_QUOTED));
}
