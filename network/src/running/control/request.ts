import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { AuthorityKind } from '../../pki/index.js';
import type { ChaincodeDeployment, ChangeOptions, MembershipChange } from '../../topology/index.js';
import type { Upgrade } from '../upgrade.js';
import { PRIVATE, writeWhole } from '../../system/wholeFile.js';
import { answerFile, requestFile, SIGNAL } from './files.js';
import { answerSchema, type Done, type Request } from './messages.js';

/** How long a change may take where it takes longest, in containers. That the network's process has ended shows at once. */
const TIMEOUT_MS = {
  /** New peers start and take over all blocks. */
  changeMembers: 1_800_000,
  /** An image is built, and its service started for every member. */
  upgrade: 1_200_000,
  /** The organisation's peers are started twice. */
  rotateAuthority: 600_000,
  rotateOrderer: 300_000,
} as const;
const POLL_MS = 50;

/**
 * A network in another process that did not do what it was asked for. The code is the one with which it refused, or
 * - `NETWORK_GONE`: its process ended.
 * - `NOT_WRITTEN`: it did it, but would not come up with it again: its description could not be written.
 * - `NO_ANSWER`: it did not answer in time; what became of the change is not known.
 */
export class ControlError extends Error {
  override readonly name = 'ControlError';

  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** The network of a data directory, and the process that runs it. */
export interface Place {
  readonly dataDir: string;
  readonly pid: number;
}

/**
 * Has an organisation join a network, or leave it. The change alone is sent: what it is made to is what the network's
 * description says when its turn has come. Asked for again, a change that stopped halfway goes on.
 *
 * @throws ControlError
 */
export function requestMembershipChange(
  place: Place,
  change: MembershipChange,
  { joinFrom = 'genesis' }: ChangeOptions = {},
): Promise<Done> {
  return request(place, { changeMembers: { change, joinFrom } }, TIMEOUT_MS.changeMembers);
}

/** Has a network bring one of its chaincodes to another definition. @throws ControlError */
export async function requestUpgrade(place: Place, chaincode: ChaincodeDeployment): Promise<Upgrade> {
  const { upgrade } = await request(place, { upgrade: chaincode }, TIMEOUT_MS.upgrade);
  if (upgrade !== undefined) return upgrade;
  throw new ControlError('NO_ANSWER', 'The network does not say what became of the upgrade.');
}

/** Has a network give one of its members a new certification authority. @throws ControlError */
export function requestAuthorityRotation(place: Place, organisation: string, authority: AuthorityKind): Promise<Done> {
  return request(place, { rotateAuthority: { organisation, authority } }, TIMEOUT_MS.rotateAuthority);
}

/** Has a network give one of its orderers new certificates. @throws ControlError */
export function requestOrdererRotation(place: Place, name: string): Promise<Done> {
  return request(place, { rotateOrderer: name }, TIMEOUT_MS.rotateOrderer);
}

async function request({ dataDir, pid }: Place, what: Request, timeoutMs: number): Promise<Done> {
  const id = randomUUID();
  const [question, file] = [requestFile(dataDir, id), answerFile(dataDir, id)];
  try {
    await answered(file, pid, timeoutMs, () => {
      writeWhole(question, JSON.stringify(what), PRIVATE);
    });
    const answer = answerSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
    if ('organisations' in answer) return answer;
    throw new ControlError(answer.error.code, answer.error.message);
  } finally {
    for (const path of [question, file]) rmSync(path, { force: true });
  }
}

async function answered(file: string, pid: number, timeoutMs: number, ask: () => void): Promise<void> {
  try {
    ask();
    process.kill(pid, SIGNAL);
    const deadline = Date.now() + timeoutMs;
    while (!existsSync(file)) {
      process.kill(pid, 0);
      if (Date.now() > deadline)
        throw new ControlError('NO_ANSWER', 'The network does not say whether it has changed.');
      await pause(POLL_MS);
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    // No such process, or one that has taken its folder for requests away.
    if (code !== 'ESRCH' && code !== 'ENOENT') throw error;
    throw new ControlError('NETWORK_GONE', 'The process of the network ended.');
  }
}
