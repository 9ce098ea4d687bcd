import { join } from 'node:path';

/** The signal by which a network's process is told that a request waits for it. */
export const SIGNAL = 'SIGHUP';

/** Where requests wait and are answered, in the network's data directory; it is there while the network listens. */
export function requestsFolder(dataDir: string): string {
  return join(dataDir, 'requests');
}

/** Where one request waits, by the id that who asks has given it: two who ask at once must not get each other's answers. */
export function requestFile(dataDir: string, id: string): string {
  return join(requestsFolder(dataDir), `${id}.json`);
}

/** Where the process says what became of it. */
export function answerFile(dataDir: string, id: string): string {
  return join(requestsFolder(dataDir), `${id}.answer`);
}
