import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { carryOut, type Controllable } from './carryOut.js';
import { Description } from './description.js';
import { PRIVATE, writeWhole } from '../../system/wholeFile.js';
import { answerFile, requestFile, requestsFolder, SIGNAL } from './files.js';
import { requestSchema } from './messages.js';

/**
 * Lets other processes of the same user change the network that this process runs: see `request.ts`. What was brought about
 * is written into `consortiumFile`, so that the network comes up with it again.
 * @returns The way to stop listening, which waits for a change under way.
 */
export function obeyRequests(
  dataDir: string,
  consortiumFile: string | undefined,
  network: Controllable,
): () => Promise<void> {
  const folder = requestsFolder(dataDir);
  const description = new Description(consortiumFile);
  // What was asked of an earlier process is not to be done to this one by any later signal.
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  let turn = Promise.resolve();
  const obey = (): void => {
    // An answer that cannot be written, on a full disk, must not end the network: who asked gives up in time.
    turn = turn.then(() => obeyAll(dataDir, description, network)).catch(() => undefined);
  };
  process.on(SIGNAL, obey);
  return async () => {
    process.off(SIGNAL, obey);
    await turn;
    rmSync(folder, { recursive: true, force: true });
  };
}

/** Several signals may arrive as one. */
async function obeyAll(dataDir: string, description: Description, network: Controllable): Promise<void> {
  const waiting = readdirSync(requestsFolder(dataDir)).filter((name) => extname(name) === '.json');
  for (const name of waiting) await obeyOnce(dataDir, basename(name, '.json'), description, network);
}

async function obeyOnce(dataDir: string, id: string, description: Description, network: Controllable): Promise<void> {
  const file = requestFile(dataDir, id);
  const answer = (content: object): void => {
    // Who has given up has taken the request away, and reads no answer.
    if (existsSync(file)) writeWhole(answerFile(dataDir, id), JSON.stringify(content), PRIVATE);
  };
  try {
    const request = requestSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
    const outcome = await carryOut(request, description, network);
    answer({ organisations: network.organisations, ...outcome });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'INTERNAL';
    answer({ error: { code, message: error instanceof Error ? error.message : String(error) } });
  } finally {
    rmSync(file, { force: true });
  }
}
