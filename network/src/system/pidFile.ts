import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { processBeginning } from './processBeginning.js';

/** A process of this data directory: its id, and when it began, since the system gives ids out again. */
const record = z.strictObject({
  pid: z.int().positive(),
  began: z.string(),
  /** How often it ended by itself and was started again, and how and when it ended last. */
  restarts: z.int().default(0),
  lastEnd: z.string().optional(),
});
export type ProcessRecord = z.infer<typeof record>;
export type ProcessPast = Pick<ProcessRecord, 'restarts' | 'lastEnd'>;

/** Writes down a running process under a name. */
export async function recordProcess(folder: string, name: string, pid: number, past?: ProcessPast): Promise<void> {
  await mkdir(folder, { recursive: true });
  const began = processBeginning(pid) ?? '';
  await writeFile(join(folder, `${name}.json`), JSON.stringify({ pid, began, ...past }));
}

/** Forgets a process. */
export async function forgetProcess(folder: string, name: string): Promise<void> {
  await rm(join(folder, `${name}.json`), { force: true });
}

/** The recorded processes that still run, by name. */
export async function recordedProcesses(folder: string): Promise<ReadonlyMap<string, ProcessRecord>> {
  const files = await readdir(folder).catch((): string[] => []);
  const found = await Promise.all(
    files
      .filter((file) => file.endsWith('.json'))
      .map(async (file) => {
        return [file.slice(0, -'.json'.length), await readRecord(join(folder, file))] as const;
      }),
  );
  const alive = new Map<string, ProcessRecord>();
  for (const [name, process] of found) {
    if (process !== undefined && isSameProcess(process)) alive.set(name, process);
  }
  return alive;
}

/** Asks processes to end, and ends those that do not within the time given. */
export async function endProcesses(processes: Iterable<ProcessRecord>, graceMs: number): Promise<void> {
  await Promise.all(
    Array.from(processes, async (process) => {
      signal(process.pid, 'SIGTERM');
      const deadline = Date.now() + graceMs;
      while (isSameProcess(process)) {
        if (Date.now() > deadline) signal(process.pid, 'SIGKILL');
        await pause(50);
      }
    }),
  );
}

/** Undefined also for a file that was being written when the machine went down. */
async function readRecord(file: string): Promise<ProcessRecord | undefined> {
  try {
    return record.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return undefined;
  }
}

function isSameProcess({ pid, began }: ProcessRecord): boolean {
  return processBeginning(pid) === began;
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended in the meantime.
  }
}
