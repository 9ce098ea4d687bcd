import type { Place } from '@tracecal/network/control';
import type { DataDirectory } from '../data/dataDirectory.js';
import { nothingRuns } from './networkDown.js';
import { findRunning } from './runningNetwork.js';

/** The network that runs on a data directory, as requests reach it. @throws ApplicationError `NETWORK_DOWN` */
export function placeOfNetwork(data: DataDirectory): Place {
  const running = findRunning(data);
  if (!running) {
    throw nothingRuns(data);
  }
  return { dataDir: data.root, pid: running.pid };
}
