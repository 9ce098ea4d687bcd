/** The name of a unit of TraceCal. An @ would make it an instance of a template. */
export function unitName(name: string, kind: 'service' | 'target' | 'timer'): string {
  return `tracecal-${serviceNameOf(name)}.${kind}`;
}

/** A name in the characters that systemd and Compose take. */
export function serviceNameOf(name: string): string {
  return name.replace(/[^a-zA-Z0-9._-]/g, '-');
}

/** One word of a unit file: a per cent sign would begin a specifier. */
export function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&').replaceAll('%', '%%')}"`;
}

/** A command line: a dollar sign would begin a variable. */
export function command(words: readonly string[]): string {
  return words.map((word) => quoted(word).replaceAll('$', '$$$$')).join(' ');
}

/** A path as the whole of a setting, where quotes would count. */
export function singlePath(path: string): string {
  return path.replaceAll('%', '%%');
}
