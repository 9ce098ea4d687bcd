import { rm } from 'node:fs/promises';
import { FabricError } from '../errors.js';
import type { Layout } from '../places/layout.js';
import { placedNames } from '../places/placement.js';
import type { NativeStatus } from '../network.js';
import { endProcesses, forgetProcess, recordedProcesses, recordProcess } from '../../../system/pidFile.js';

const SUPERVISOR = 'supervisor';

/** How long a node may take to close its ledger. */
export const GRACE_MS = 10_000;
/** How long the supervisor may take, which stops everything in order. */
const SUPERVISOR_GRACE_MS = 3 * GRACE_MS;

/**
 * Makes this process the one that runs the network of a data directory. Nodes that a supervisor left behind when it was
 * killed are ended first: nobody would notice if they failed.
 *
 * @throws FabricError `ALREADY_RUNNING`
 */
export async function becomeSupervisor(layout: Layout): Promise<void> {
  const supervisor = (await recordedProcesses(layout.supervisorDir)).get(SUPERVISOR);
  if (supervisor !== undefined) {
    throw new FabricError(
      'ALREADY_RUNNING',
      `The network in ${layout.root} is run by process ${supervisor.pid}: stop it first, or use another data directory.`,
    );
  }
  await recordProcess(layout.supervisorDir, SUPERVISOR, process.pid);
  await endProcesses((await recordedProcesses(layout.runDir)).values(), GRACE_MS);
}

/** The opposite of {@link becomeSupervisor}. */
export async function resignSupervisor(layout: Layout): Promise<void> {
  await forgetProcess(layout.supervisorDir, SUPERVISOR);
}

/** What runs on a data directory. */
export async function supervisionStatus(layout: Layout): Promise<NativeStatus> {
  const names = await placedNames(layout);
  const alive = await recordedProcesses(layout.runDir);
  const processes = names.map((name) => {
    const { pid, restarts = 0, lastEnd } = alive.get(name) ?? {};
    return { name, pid, restarts, lastEnd };
  });
  const running = processes.filter(({ pid }) => pid !== undefined).length;
  if (names.length === 0) return { state: 'absent', processes };
  if (running === 0) return { state: 'stopped', processes };
  return { state: running === names.length ? 'running' : 'partly running', processes };
}

/** Ends the network of a data directory, whoever started it. */
export async function endSupervised(layout: Layout): Promise<void> {
  const supervisor = (await recordedProcesses(layout.supervisorDir)).get(SUPERVISOR);
  if (supervisor !== undefined && supervisor.pid !== process.pid) await endProcesses([supervisor], SUPERVISOR_GRACE_MS);
  await endProcesses((await recordedProcesses(layout.runDir)).values(), GRACE_MS);
  await rm(layout.runDir, { recursive: true, force: true });
  await resignSupervisor(layout);
}
