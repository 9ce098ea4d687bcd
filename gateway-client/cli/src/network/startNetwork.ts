import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { Item } from '@tracecal/gateway-client';
import { CalibrationKeys, establish, foundingOf } from '@tracecal/gateway-client/application';
import type { FoundingStep } from '@tracecal/gateway-client/application';
import { endEngine } from '@tracecal/network/engine';
import type { EngineName } from '@tracecal/network/engine';
import { defaultConsortiumFile, readConsortium } from '@tracecal/network/topology';
import type { DataDirectory } from '../data/dataDirectory.js';
import { openSession, WHILE_STARTING } from '../session.js';
import { readDescription } from './descriptionFile.js';
import { alreadyRunning, EngineProcess } from './engineProcess.js';
import type { EngineOptions, EngineReady } from './engineProcess.js';
import { recordEngine, settleEngine } from './engines.js';
import { findRunning } from './runningNetwork.js';
import { environmentOf } from './serviceEnvironment.js';

export interface StartOptions extends Omit<EngineOptions, 'engine'> {
  /** What it runs on; what the data directory was made with, or embedded. */
  readonly engine?: EngineName;
  /** Description of the consortium; the one that the data directory was made with, or the project's own. */
  readonly consortium?: string | undefined;
  /** Keys of the calibration chain; those of the data directory if they are not given. */
  readonly keys?: CalibrationKeys;
  /** Gives up: what was started is stopped. */
  readonly signal: AbortSignal;
}

/** A network that runs, and what its founding wrote to the ledger just now: nothing, unless it is new. */
export interface StartedNetwork {
  readonly engine: EngineName;
  readonly process: EngineProcess;
  readonly ready: EngineReady;
  readonly founding: readonly FoundingStep[];
}

/**
 * Starts a network on a data directory, and founds its registry if it is new. A start that was interrupted is completed by the
 * next. Whatever is prepared in the directory is under the lock of the network's process.
 */
export async function startNetwork({
  data,
  consortium,
  engine: wanted,
  keys = new CalibrationKeys(data.keys),
  signal,
  ...options
}: StartOptions): Promise<StartedNetwork> {
  // The lock would refuse a second one, too, but only after it had written to the log of the first.
  const running = await findRunning(data);
  if (running) {
    throw alreadyRunning(data, running.pid);
  }
  const engine = settleEngine(data, wanted);
  data.make();
  signal.throwIfAborted();
  const process = await EngineProcess.hold({ data, engine, ...options });
  const interrupt = () => void process.stop();
  signal.addEventListener('abort', interrupt);
  try {
    signal.throwIfAborted();
    const { ready, founding } = await prepare(data, consortium, keys, process);
    recordEngine(data, engine);
    const steps = founding ? await found(data, founding, keys) : [];
    signal.throwIfAborted();
    return { engine, process, ready, founding: steps };
  } catch (error) {
    // Nobody would find it to stop it, or it would serve a registry that is not founded.
    await process.stop();
    await endEngine(engine, data.root);
    throw error;
  } finally {
    signal.removeEventListener('abort', interrupt);
  }
}

/** Starts the network with a description. A directory that had another before has that again when it does not start. */
async function prepare(
  data: DataDirectory,
  consortium: string | undefined,
  keys: CalibrationKeys,
  process: EngineProcess,
): Promise<{ readonly ready: EngineReady; readonly founding: Item | undefined }> {
  const restore = await placeConsortium(data, consortium);
  try {
    const founding = await foundingOf(data.foundingFile, readConsortium(data.consortiumFile), keys);
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
