import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { directoryId } from './directoryId.js';
import { processStartTime } from './processStartTime.js';

const record = z.strictObject({
  pid: z.int().positive(),
  /** The start of the process, because the system reuses ids. */
  began: z.string(),
  /** The `directoryId` of the folder: a copy of the folder names processes of the original. */
  folder: z.string(),
});
export type ProcessRecord = z.infer<typeof record>;

/** Records a running process under a name. */
export async function recordProcess(folder: string, name: string, pid: number): Promise<void> {
  await mkdir(folder, { recursive: true });
  const content: ProcessRecord = { pid, began: processStartTime(pid) ?? '', folder: directoryId(folder) };
  await writeFile(join(folder, `${name}.json`), JSON.stringify(content));
}

/** Deletes the record of a process. */
export async function forgetProcess(folder: string, name: string): Promise<void> {
  await rm(join(folder, `${name}.json`), { force: true });
}

/** The processes recorded here that still run, by name. */
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
  const own = found.length === 0 ? '' : directoryId(folder);
  for (const [name, process] of found) {
    if (process?.folder === own && isSameProcess(process)) alive.set(name, process);
  }
  return alive;
}

/** Asks processes to end, and kills those that do not end in time. */
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

/** Undefined also for a file that was incomplete when the machine went down. */
async function readRecord(file: string): Promise<ProcessRecord | undefined> {
  try {
    return record.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return undefined;
  }
}

function isSameProcess({ pid, began }: ProcessRecord): boolean {
  return processStartTime(pid) === began;
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended in the meantime.
  }
}
