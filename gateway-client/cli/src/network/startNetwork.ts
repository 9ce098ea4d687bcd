import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { Item } from '@tracecal/gateway-client';
import { CalibrationKeys, establish, foundingOf } from '@tracecal/gateway-client/application';
import type { FoundingStep } from '@tracecal/gateway-client/application';
import { endEngine } from '@tracecal/network/engine';
import type { EngineName } from '@tracecal/network/engine';
import { defaultConsortiumFile, readConsortium } from '@tracecal/network/topology';
import type { DataDirectory } from '../data/dataDirectory.js';
import { CliError } from '../errors.js';
import { openSession, WHILE_STARTING } from '../session.js';
import { readDescription } from './descriptionFile.js';
import { EngineProcess } from './engineProcess.js';
import { recordEngine, settleEngine } from './engines.js';
import { findRunning, forgetRunning, recordRunning } from './runningNetwork.js';
import { environmentOf } from './serviceEnvironment.js';
import { claimStart } from './startClaim.js';

export interface StartOptions {
  readonly data: DataDirectory;
  /** What it runs on; what the data directory was made with, or embedded. */
  readonly engine?: EngineName;
  /** Folder with Fabric's own programs; on PATH if it is not given. */
  readonly fabricBin?: string;
  /** Description of the consortium; the one that the data directory was made with, or the project's own. */
  readonly consortium?: string;
  readonly ports: 'configured' | 'free';
  readonly chaincodes?: readonly string[];
  readonly detached: boolean;
  readonly verbose?: boolean;
  readonly onLog?: (line: string) => void;
  /** Keys of the calibration chain; those of the data directory if they are not given. */
  readonly keys?: CalibrationKeys;
}

/** A network that runs, and what its founding wrote to the ledger just now: nothing, unless it is new. */
export interface StartedNetwork {
  readonly engine: EngineProcess;
  readonly founding: readonly FoundingStep[];
}

/**
 * Starts a network on a data directory, writes down that it runs, and founds its registry if it is new. A start that was
 * interrupted is completed by the next.
 */
export async function startNetwork({
  data,
  consortium,
  engine: wanted,
  keys = new CalibrationKeys(data.keys),
  ...options
}: StartOptions): Promise<StartedNetwork> {
  refuseRunning(data);
  const engine = settleEngine(data, wanted);
  data.make();
  const giveBack = claimStart(data);
  try {
    // Once more: another start may have come to its end just before the claim, and a failure here would end its network.
    refuseRunning(data);
    const restore = await placeConsortium(data, consortium);
    const founding = await foundingOf(data.foundingFile, readConsortium(data.consortiumFile), keys).catch(
      (error: unknown) => {
        restore();
        throw error;
      },
    );
    const environment = environmentOf(founding);
    const started = await EngineProcess.start({ data, engine, environment, ...options }).catch(
      async (error: unknown) => {
        restore();
        await endEngine(engine, data.root);
        throw error;
      },
    );
    try {
      const { pid, organisations } = started.ready;
      recordEngine(data, engine);
      recordRunning(data, { engine, pid, organisations });
      return { engine: started, founding: founding ? await found(data, founding, keys) : [] };
    } catch (error) {
      // Nobody would find it to stop it, or it would serve a registry that is not founded.
      await started.stop();
      forgetRunning(data);
      throw error;
    }
  } finally {
    giveBack();
  }
}

async function found(data: DataDirectory, founding: Item, keys: CalibrationKeys): Promise<readonly FoundingStep[]> {
  const session = openSession(data, { keys, patience: WHILE_STARTING });
  try {
    return await establish(session, data.trustFile, founding);
  } finally {
    await session.close();
  }
}

/** @throws CliError `ALREADY_RUNNING` */
function refuseRunning(data: DataDirectory): void {
  const running = findRunning(data);
  if (running) {
    throw new CliError(
      'ALREADY_RUNNING',
      `A network already runs in ${data.root} (process ${running.pid}): stop it with \`tracecal down\`.`,
    );
  }
}

/**
 * The description is copied, so that the network comes up again as it was, whatever is edited elsewhere.
 *
 * @returns How to have the earlier one back, if there was one and the network does not start with this one.
 */
async function placeConsortium({ consortiumFile }: DataDirectory, consortium: string | undefined): Promise<() => void> {
  const earlier = existsSync(consortiumFile) ? readFileSync(consortiumFile) : undefined;
  if (consortium === undefined && earlier) {
    return () => undefined;
  }
  const { text } = await readDescription(consortium ?? defaultConsortiumFile());
  writeFileSync(consortiumFile, text, { mode: 0o600 });
  return () => {
    if (earlier) {
      writeFileSync(consortiumFile, earlier);
    }
  };
}
