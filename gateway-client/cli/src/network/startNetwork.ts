import { existsSync, readFileSync } from 'node:fs';
import type { Item } from '@tracecal/gateway-client';
import { CalibrationKeys, establish, foundingOf } from '@tracecal/gateway-client/application';
import type { FoundingStep } from '@tracecal/gateway-client/application';
import { PRIVATE, atomicWrite } from '@tracecal/network/engine';
import type { EngineName } from '@tracecal/network/engine';
import { defaultConsortiumFile, editedText, readConsortium, withChaincode } from '@tracecal/network/topology';
import type { DataDirectory } from '../data/dataDirectory.js';
import { openSession, WHILE_STARTING } from '../session.js';
import { readDescription } from './descriptionFile.js';
import type { Description } from './descriptionFile.js';
import { alreadyRunning } from './engineProcess.js';
import type { EngineOptions, EngineProcess, EngineReady } from './engineProcess.js';
import { recordEngine, settleEngine } from './engines.js';
import { ofLevels } from './founders.js';
import { holdEngine } from './holdEngine.js';
import { findRunning } from './runningNetwork.js';
import { environmentOf } from './serviceEnvironment.js';

export interface StartOptions extends Omit<EngineOptions, 'engine'> {
  /** Engine; by default the one that made the data directory, or embedded. */
  readonly engine?: EngineName;
  /** Description of the consortium; by default the one that made the data directory, or the project's own. */
  readonly consortium?: string | undefined;
  /** Keys of the calibration chain; those of the data directory if they are not given. */
  readonly keys?: CalibrationKeys;
  /** Cancels the start: everything that was started is stopped. */
  readonly signal: AbortSignal;
}

/** A running network, and the ledger writes of its founding: none, unless it is new. */
export interface StartedNetwork {
  readonly engine: EngineName;
  readonly process: EngineProcess;
  readonly ready: EngineReady;
  readonly founding: readonly FoundingStep[];
}

/**
 * Starts a network on a data directory, and founds its registry if it is new. The next start completes an interrupted one. Everything is
 * prepared under the lock of the network's process.
 */
export async function startNetwork({
  data,
  consortium,
  engine: wanted,
  keys = new CalibrationKeys(data.keys),
  signal,
  ...options
}: StartOptions): Promise<StartedNetwork> {
  // The lock would refuse a second process too, but only after that had written to the log of the first.
  const running = await findRunning(data);
  if (running) {
    throw alreadyRunning(data, running.pid);
  }
  const engine = settleEngine(data, wanted);
  data.make();
  signal.throwIfAborted();
  return holdEngine({ data, engine, ...options }, signal, async (process) => {
    const { ready, founding } = await prepare(data, consortium, keys, process);
    recordEngine(data, engine);
    const steps = founding ? await found(data, founding, keys) : [];
    return { engine, process, ready, founding: steps };
  });
}

/** Starts the network with a description. If the start fails, restores the earlier description of the directory. */
async function prepare(
  data: DataDirectory,
  consortium: string | undefined,
  keys: CalibrationKeys,
  process: EngineProcess,
): Promise<{ readonly ready: EngineReady; readonly founding: Item | undefined }> {
  const restore = await placeConsortium(data, consortium);
  try {
    const founding = await foundingOf(data.foundingFile, ofLevels(readConsortium(data.consortiumFile)), keys);
    return { ready: await process.start(environmentOf(founding)), founding };
  } catch (error) {
    restore();
    throw error;
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

/**
 * Copies the description, so that later starts do not depend on edits elsewhere.
 *
 * @returns A function that restores the earlier description, if there was one and the start fails.
 */
async function placeConsortium({ consortiumFile }: DataDirectory, consortium: string | undefined): Promise<() => void> {
  const earlier = existsSync(consortiumFile) ? readFileSync(consortiumFile) : undefined;
  if (consortium === undefined && earlier) {
    return () => undefined;
  }
  const described = await readDescription(consortium ?? defaultConsortiumFile());
  atomicWrite(consortiumFile, earlier ? withUpgrades(described, consortiumFile) : described.text, PRIVATE);
  return () => {
    if (earlier) {
      atomicWrite(consortiumFile, earlier, PRIVATE);
    }
  };
}

/** Chaincodes that were upgraded here stay as they are: the file that the user keeps may be older. */
function withUpgrades({ text, consortium }: Description, earlierFile: string): string {
  const upgraded = readConsortium(earlierFile).chaincodes.filter(({ name, sequence }) =>
    consortium.chaincodes.some((described) => described.name === name && described.sequence < sequence),
  );
  return upgraded.length === 0 ? text : editedText(text, upgraded.reduce(withChaincode, consortium));
}
