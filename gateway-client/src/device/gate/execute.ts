import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { constants as system } from 'node:os';
import { delimiter, join, sep } from 'node:path';
import { TraceCalError } from '../../client/errors.js';

/** What a shell, a service manager or a person at a terminal sends. */
const PASSED_ON: readonly NodeJS.Signals[] = [
  'SIGTERM',
  'SIGINT',
  'SIGHUP',
  'SIGQUIT',
  'SIGUSR1',
  'SIGUSR2',
  'SIGWINCH',
  'SIGCONT',
];
/** A terminal sends these to every process in the foreground itself. */
const FROM_THE_TERMINAL: readonly NodeJS.Signals[] = ['SIGINT', 'SIGQUIT', 'SIGHUP', 'SIGWINCH'];

/**
 * Runs a command as a child of this process, with its own input and output, and passes signals on. It does not take the place of this process
 * (`process.execve`): a program that Node starts so ignores SIGPIPE, as Node does, and one that cannot be started ends Node without a word.
 *
 * @returns Its exit code; 128 and the number of the signal, if one ended it.
 * @throws TraceCalError `FILE_UNREADABLE` if it cannot be started
 */
export async function execute(command: readonly string[]): Promise<number> {
  return exitOf(start(command));
}

/** Starts a command as a child that gets the signals of this process. @throws TraceCalError `FILE_UNREADABLE` */
export function start([name = '', ...args]: readonly string[]): ChildProcess {
  const file = programOf(name);
  const isTerminal = process.stdin.isTTY;
  let child: ChildProcess | undefined;
  const passOn = (signal: NodeJS.Signals): void => {
    if (!isTerminal || !FROM_THE_TERMINAL.includes(signal)) {
      child?.kill(signal);
    }
  };
  const stop = (): void => {
    PASSED_ON.forEach((signal) => process.off(signal, passOn));
  };
  // Before it starts: a signal in between would end this process and leave the command alone. It is heard only afterwards.
  PASSED_ON.forEach((signal) => process.on(signal, passOn));
  try {
    child = spawn(file, args, { stdio: 'inherit', argv0: name });
    child.once('exit', stop);
    child.on('error', () => {
      if (child?.pid === undefined) {
        stop();
      }
    });
    return child;
  } catch (error) {
    stop();
    throw error;
  }
}

/** @throws TraceCalError `FILE_UNREADABLE` if it could not be started */
export function exitOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.on('error', (cause) => {
      // A command that runs as somebody else may not be signalled: it runs on.
      if (child.pid === undefined) {
        reject(new TraceCalError('FILE_UNREADABLE', `The command cannot be started: ${cause.message}.`, { cause }));
      }
    });
    child.once('exit', (code, signal) => {
      resolve(code ?? 128 + (signal === null ? 0 : system.signals[signal]));
    });
  });
}

/** A program by its path, or as PATH has it. @throws TraceCalError `FILE_UNREADABLE` */
function programOf(name: string): string {
  const isPath = name.includes('/') || name.includes(sep);
  const places = isPath
    ? [name]
    : (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder || '.', name));
  const found = name === '' ? undefined : places.find(isExecutable);
  if (found === undefined) {
    throw new TraceCalError('FILE_UNREADABLE', `The command ${JSON.stringify(name)} is not there, or may not be run.`);
  }
  return found;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
