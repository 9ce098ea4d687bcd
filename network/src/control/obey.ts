import { readFileSync, rmSync } from 'node:fs';
import type { OrganisationEndpoint } from '../embedded/index.js';
import { parseConsortium, type ChangeOptions, type Consortium } from '../topology/index.js';
import { answerFile, reconfigurationRequest, requestFile, SIGNAL, writeWhole } from './files.js';

/** A running network whose members may change. */
export interface Reconfigurable {
  readonly organisations: readonly OrganisationEndpoint[];
  reconfigure(consortium: Consortium, how: ChangeOptions): Promise<void>;
}

/**
 * Lets other processes of the same user change the members of the network that this process runs: see
 * {@link requestReconfiguration}. A description that was brought about takes the place of `consortiumFile`, so that the
 * network comes up with it again.
 * @returns The way to stop listening, which waits for a change under way.
 */
export function obeyReconfigurations(
  dataDir: string,
  consortiumFile: string | undefined,
  network: Reconfigurable,
): () => Promise<void> {
  let turn = Promise.resolve();
  const obey = (): void => {
    turn = turn.then(() => obeyOnce(dataDir, consortiumFile, network));
  };
  process.on(SIGNAL, obey);
  return () => {
    process.off(SIGNAL, obey);
    return turn;
  };
}

async function obeyOnce(dataDir: string, consortiumFile: string | undefined, network: Reconfigurable): Promise<void> {
  const request = requestFile(dataDir);
  const answer = (content: object): void => {
    writeWhole(answerFile(dataDir), JSON.stringify(content));
  };
  try {
    const { consortium, joinFrom } = reconfigurationRequest.parse(JSON.parse(readFileSync(request, 'utf8')));
    await network.reconfigure(parseConsortium(consortium, 'the new description'), { joinFrom });
    if (consortiumFile !== undefined) writeWhole(consortiumFile, consortium);
    answer({ organisations: network.organisations });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'INTERNAL';
    answer({ error: { code, message: error instanceof Error ? error.message : String(error) } });
  } finally {
    rmSync(request, { force: true });
  }
}
