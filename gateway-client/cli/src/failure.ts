import { sep } from 'node:path';
import { describeFailure } from '@tracecal/gateway-client/application';
import { CliError } from './errors.js';
import { exitOfError } from './exit.js';
import type { Terminal } from './terminal.js';

/** Says what went wrong, on stderr for people and with `--json` on stdout too, and returns the exit code. */
export function reportFailure(error: unknown, terminal: Terminal): number {
  const failure = describeFailure(error);
  terminal.warn(`${terminal.style.red('tracecal:')} ${sentence(failure.message)} [${failure.code}]`);
  if (failure.txId !== undefined && failure.code === 'OUTCOME_UNKNOWN') {
    terminal.warn(
      `          Ask with \`tracecal outcome ${failure.txId}\`; for a site's channel add --level and --site.`,
    );
  }
  if (terminal.isJson) {
    terminal.result({ error: failure }, () => '');
  }
  return exitOfError(error);
}

/** What the system refuses in the data directory, as an error that says what to do; other errors as they are. */
export function aboutData(error: unknown, root: string): unknown {
  if (!(error instanceof Error && 'code' in error && 'path' in error)) {
    return error;
  }
  const place = 'dest' in error ? String(error.dest) : String(error.path);
  const isRefusal = error.code === 'EACCES' || error.code === 'EPERM';
  if (!isRefusal || (place !== root && !place.startsWith(`${root}${sep}`))) {
    return error;
  }
  const why = `${place} belongs to another user, perhaps to root: \`sudo chown -R "$(id -u)" ${root}\` takes it over.`;
  return new CliError('DATA_UNUSABLE', why, { cause: error });
}

/** The registry's messages begin in lower case, as parts of sentences; names of files stay as they are. */
function sentence(text: string): string {
  if (!/^[a-z]+[ ,;]/.test(text)) {
    return text;
  }
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
