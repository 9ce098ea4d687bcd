import { requireAgreement, openOwnPart } from '@tracecal/network/member';
import { alreadyRunning } from './engineProcess.js';
import type { EngineOptions, EngineProcess, EngineReady } from './engineProcess.js';
import { recordEngine, settleEngine } from './engines.js';
import { holdEngine } from './holdEngine.js';
import { memberFounding } from './memberFounding.js';
import { findRunning } from './runningNetwork.js';

export interface MemberStart extends Omit<EngineOptions, 'engine' | 'isMember' | 'ports'> {
  /** The founding statement of the registry, which the chaincode services of all members serve; by default the one of an earlier start. */
  readonly founding?: string | undefined;
  /** Cancels the start: everything that was started is stopped. */
  readonly signal: AbortSignal;
}

/** A member's nodes, which run. */
export interface StartedMember {
  readonly process: EngineProcess;
  readonly ready: EngineReady;
}

/**
 * Starts the nodes of the member whose data directory it is.
 * @throws MemberError `NOT_AGREED`, `NOT_A_MEMBERS`; CliError `ALREADY_RUNNING`, `NETWORK_START_FAILED`
 */
export async function startMember({ data, founding, signal, ...options }: MemberStart): Promise<StartedMember> {
  // Before anything is written or started; the process itself checks it too.
  requireAgreement(openOwnPart(data.root));
  const running = await findRunning(data);
  if (running) throw alreadyRunning(data, running.pid);
  const engine = settleEngine(data, 'native');
  const { environment, keep } = await memberFounding(data, founding);
  return holdEngine({ data, engine, isMember: true, ...options }, signal, async (process) => {
    const ready = await process.start(environment);
    keep();
    recordEngine(data, engine);
    return { process, ready };
  });
}
