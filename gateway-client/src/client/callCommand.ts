import { spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { printable } from '@tracecal/core/model';

/** How long stderr may take to arrive after the command has ended. */
const LAST_WORDS_MS = 500;
const MOST_TOLD = 300;

/**
 * Runs the user's own text in a shell, with a document on stdin. Nothing of the document is in the text or in its environment: whoever
 * registers a device could choose words that a shell would execute.
 *
 * @throws Error if it fails, or does not end in time
 */
export async function callCommand(command: string, input: string, timeoutMs: number): Promise<void> {
  // Start an own process group, so that everything the command started ends with it.
  const child = spawn(command, { shell: true, stdio: ['pipe', 'ignore', 'pipe'], detached: true });
  let isLate = false as boolean;
  const timer = setTimeout(() => {
    isLate = true;
    endGroup(child.pid);
  }, timeoutMs);
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('exit', resolve);
  });
  const closed = new Promise((resolve) => child.stderr.once('close', resolve));
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (more: string) => {
    said = `${said}${more}`.slice(-MOST_TOLD);
  });
  // A command may ignore its input.
  child.stdin.on('error', () => undefined).end(input);
  try {
    const code = await ended;
    // What it left running in the background may keep stderr open, and does not count.
    await Promise.race([closed, code === 0 ? undefined : pause(LAST_WORDS_MS)]);
    if (isLate) {
      throw new Error(`the command did not end within ${timeoutMs / 1000} s, and was ended`);
    }
    if (code !== 0) {
      const why = printable(said.trim());
      throw new Error(`the command ended with ${code === null ? 'a signal' : `exit code ${code}`}: ${why}`);
    }
  } finally {
    clearTimeout(timer);
    child.stderr.destroy();
  }
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) {
    return;
  }
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
  } catch {
    // It has ended in the meantime.
  }
}
