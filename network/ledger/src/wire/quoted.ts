const MAX_QUOTED = 64;

/** A name that a stranger chose, as an error may say it: it must not reach a log or a terminal as it is. */
export function quoted(name: string): string {
  return JSON.stringify(name.slice(0, MAX_QUOTED));
}
