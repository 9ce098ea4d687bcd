/** Enough to run a program. NODE_V8_COVERAGE must reach the programs that tests start, to measure their coverage. */
const INHERITED = ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'LANG', 'SystemRoot', 'NODE_V8_COVERAGE'];

/** The part of this process's environment for child processes: without secrets and settings of this process. */
export function inheritedEnvironment(): Record<string, string> {
  return Object.fromEntries(INHERITED.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}
