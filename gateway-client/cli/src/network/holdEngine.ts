import { endEngine } from '@tracecal/network/engine';
import { EngineProcess } from './engineProcess.js';
import type { EngineOptions } from './engineProcess.js';

/**
 * Holds an engine's process, and starts something with it. After a failure or a cancellation, nothing keeps running: nobody could find it to
 * stop it, or its registry would not be founded.
 */
export async function holdEngine<T>(
  options: EngineOptions,
  signal: AbortSignal,
  start: (process: EngineProcess) => Promise<T>,
): Promise<T> {
  const process = await EngineProcess.hold(options);
  const interrupt = () => void process.stop();
  signal.addEventListener('abort', interrupt);
  try {
    signal.throwIfAborted();
    const started = await start(process);
    signal.throwIfAborted();
    return started;
  } catch (error) {
    await process.stop();
    await endEngine(options.engine, options.data.root);
    throw error;
  } finally {
    signal.removeEventListener('abort', interrupt);
  }
}
