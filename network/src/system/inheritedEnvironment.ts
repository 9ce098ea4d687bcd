/** Enough to run a program. NODE_V8_COVERAGE, where tests are measured, reaches the programs that they start. */
const INHERITED = ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'LANG', 'SystemRoot', 'NODE_V8_COVERAGE'];

/** What a child process sees of this one's environment: neither secrets nor settings that are meant for this process. */
export function inheritedEnvironment(): Record<string, string> {
  return Object.fromEntries(INHERITED.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}
