import type { Place } from '@tracecal/network/control';
import type { DataDirectory } from '../data/dataDirectory.js';
import { CliError } from '../errors.js';
import { findRunning } from './runningNetwork.js';

/** The network that runs on a data directory, as requests reach it. @throws CliError `NETWORK_DOWN` */
export function placeOfNetwork(data: DataDirectory): Place {
  const running = findRunning(data);
  if (!running) {
    throw new CliError('NETWORK_DOWN');
  }
  return { dataDir: data.root, pid: running.pid };
}
