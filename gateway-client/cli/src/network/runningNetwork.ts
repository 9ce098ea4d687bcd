import { existsSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { ENGINES, endEngine, processBeginning, processCommand } from '@tracecal/network/engine';
import { z } from 'zod';
import type { DataDirectory } from '../data/dataDirectory.js';
import { CliError } from '../errors.js';
import { engineOf, engines } from './engines.js';

const recordSchema = z.strictObject({
  engine: z.enum(ENGINES),
  pid: z.int().positive(),
  /** When the process began: the system gives process ids out again. */
  began: z.string(),
  organisations: z.array(z.object({ id: z.string(), mspId: z.string(), gatewayEndpoint: z.string() })),
});

/** What runs on a data directory, written down for other processes. */
export type RunningNetwork = z.infer<typeof recordSchema>;

export function recordRunning(data: DataDirectory, network: Omit<RunningNetwork, 'began'>): void {
  const record: RunningNetwork = { ...network, began: processBeginning(network.pid) ?? '' };
  writeFileSync(data.networkFile, `${JSON.stringify(record, null, 2)}\n`, { mode: 0o600 });
}

export function forgetRunning(data: DataDirectory): void {
  if (existsSync(data.networkFile)) {
    rmSync(data.networkFile);
  }
}

/**
 * The network that runs on this data directory, or undefined. A record of a process that is gone, or that is no network of this
 * directory, counts for nothing: who finds a network here sends signals to it.
 */
export function findRunning(data: DataDirectory): RunningNetwork | undefined {
  if (!existsSync(data.networkFile)) {
    return undefined;
  }
  const record = parse(readFileSync(data.networkFile, 'utf8'));
  return record && processBeginning(record.pid) === record.began && isNetworkOf(data, record.pid) ? record : undefined;
}

/** As an EngineProcess is started. */
const COMMAND = /[/\\]dist[/\\]engines[/\\]main\.js --engine \w+ --data (.+?) --consortium /;

function isNetworkOf(data: DataDirectory, pid: number): boolean {
  const [, root] = COMMAND.exec(processCommand(pid) ?? '') ?? [];
  try {
    return root !== undefined && realpathSync(root) === realpathSync(data.root);
  } catch {
    return false;
  }
}

/** Ends the network of a data directory. @returns Whether one ran. @throws CliError `NETWORK_STUCK` */
export async function stopRunning(data: DataDirectory): Promise<boolean> {
  const running = findRunning(data);
  if (!running) {
    forgetRunning(data);
    return endEngine(engineOf(data) ?? 'embedded', data.root);
  }
  process.kill(running.pid, 'SIGTERM');
  const began = Date.now();
  const deadline = began + 5000 + engines[running.engine].stopMs;
  while (findRunning(data)) {
    if (Date.now() > deadline) {
      throw new CliError(
        'NETWORK_STUCK',
        `The network (process ${running.pid}) did not stop within ${(deadline - began) / 1000} s: try again, or \`kill ${running.pid}\`.`,
      );
    }
    await pause(50);
  }
  forgetRunning(data);
  return true;
}

function parse(text: string): RunningNetwork | undefined {
  try {
    return recordSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
