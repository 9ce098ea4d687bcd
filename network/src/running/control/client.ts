import { connect, type Socket } from 'node:net';
import type { AuthorityKind } from '../../pki/index.js';
import type { ChaincodeDeployment, ChangeOptions, MembershipChange } from '../../topology/index.js';
import { directoryId } from '../../system/directoryId.js';
import type { Upgrade } from '../upgrade.js';
import { atSocket } from './address.js';
import { onLines, sendLine } from './lines.js';
import { lastHolder } from './lock.js';
import {
  greetingSchema,
  replySchema,
  type Answer,
  type Change,
  type Done,
  type NetworkStatus,
  type Request,
} from './messages.js';

/** Time limits of changes on the slowest engine, in containers. The end of the network's process is detected at once. */
const TIMEOUT_MS = {
  /** New peers start and take over all blocks. */
  changeMembers: 1_800_000,
  /** An image is built, and its service started for every member. */
  upgrade: 1_200_000,
  /** The organisation's peers are started twice. */
  rotateAuthority: 600_000,
  rotateOrderer: 300_000,
  /** Large ledgers take their time. */
  copyTo: 6 * 3_600_000,
} as const;
/** A network that sends no greeting within this time hangs. A stop gets a little longer, before the user is told to kill the process. */
const GREETING_MS = { status: 10_000, stop: 20_000 } as const;

/**
 * A network in another process did not do what was requested. The code is that of its refusal, or
 *
 * - `NETWORK_DOWN`: no network runs on this data directory.
 * - `NETWORK_NOT_RUNNING`: the network is starting or stopping.
 * - `NETWORK_STUCK`: its process hangs; the request was not sent.
 * - `NETWORK_CHANGING`: it stops as soon as the change under way has come to its end.
 * - `NETWORK_GONE`: its process ended.
 * - `NOT_WRITTEN`: the change was made, but could not be written into the description for the next start.
 * - `NO_ANSWER`: it did not answer in time; the outcome of the change is unknown.
 */
export class ControlError extends Error {
  override readonly name = 'ControlError';

  constructor(
    readonly code: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Gets the progress of a change. */
export type OnProgress = (line: string) => void;

/**
 * The status of a data directory's network; undefined if none runs.
 *
 * @param greetingMs - How long it may take to answer.
 * @throws ControlError
 */
export async function networkStatus(
  dataDir: string,
  greetingMs: number = GREETING_MS.status,
): Promise<NetworkStatus | undefined> {
  const answer = await ifAny(ask(dataDir, 'status', { timeoutMs: greetingMs, greetingMs }));
  return answer && 'status' in answer ? answer.status : undefined;
}

/**
 * Stops the network of a data directory, and resolves when it has ended in order.
 *
 * @param withinMs - How long it may take to answer at all, up to 20 s.
 * @returns Whether one ran.
 * @throws ControlError `NETWORK_STUCK` when it did not in time, `NETWORK_CHANGING` when that is because of a change under way
 */
export async function stopNetwork(
  dataDir: string,
  timeoutMs: number,
  withinMs: number = GREETING_MS.stop,
): Promise<boolean> {
  const greetingMs = Math.min(withinMs, timeoutMs, GREETING_MS.stop);
  const firstEnds: string[] = [];
  const onProgress = (line: string): void => {
    firstEnds.push(line);
  };
  try {
    return (await ifAny(ask(dataDir, 'stop', { timeoutMs, greetingMs, onProgress }))) !== undefined;
  } catch (error) {
    if (!(error instanceof ControlError)) throw error;
    switch (error.code) {
      case 'NETWORK_GONE':
        return true;
      case 'NETWORK_STUCK':
        throw stuck(dataDir, `did not stop within ${greetingMs / 1000} s`);
      case 'NO_ANSWER':
        if (firstEnds.length > 0) throw busy(dataDir, timeoutMs);
        throw stuck(dataDir, `did not stop within ${timeoutMs / 1000} s`);
      default:
        throw error;
    }
  }
}

/**
 * Adds an organisation to a network, or removes one. Only the change is sent: it is applied to the network's description when its turn
 * comes. Request an interrupted change again to complete it.
 *
 * @throws ControlError
 */
export function requestMembershipChange(
  dataDir: string,
  change: MembershipChange,
  { joinFrom = 'genesis' }: ChangeOptions = {},
  onProgress?: OnProgress,
): Promise<Done> {
  return request(dataDir, { changeMembers: { change, joinFrom } }, TIMEOUT_MS.changeMembers, onProgress);
}

/** Upgrades a chaincode of a network. @throws ControlError */
export async function requestUpgrade(
  dataDir: string,
  chaincode: ChaincodeDeployment,
  onProgress?: OnProgress,
): Promise<Upgrade> {
  const { upgrade } = await request(dataDir, { upgrade: chaincode }, TIMEOUT_MS.upgrade, onProgress);
  if (upgrade !== undefined) return upgrade;
  throw new ControlError('NO_ANSWER', 'The network does not report the result of the upgrade.');
}

/** Gives a member of a network a new certification authority. @throws ControlError */
export function requestAuthorityRotation(
  dataDir: string,
  organisation: string,
  authority: AuthorityKind,
  onProgress?: OnProgress,
): Promise<Done> {
  return request(dataDir, { rotateAuthority: { organisation, authority } }, TIMEOUT_MS.rotateAuthority, onProgress);
}

/** Gives an orderer of a network new certificates. @throws ControlError */
export function requestOrdererRotation(dataDir: string, name: string, onProgress?: OnProgress): Promise<Done> {
  return request(dataDir, { rotateOrderer: name }, TIMEOUT_MS.rotateOrderer, onProgress);
}

/** Copies the data directory of a running network into an empty folder. @throws ControlError */
export function requestCopy(dataDir: string, folder: string, onProgress?: OnProgress): Promise<Done> {
  return request(dataDir, { copyTo: folder }, TIMEOUT_MS.copyTo, onProgress);
}

async function request(
  dataDir: string,
  change: Change,
  timeoutMs: number,
  onProgress: OnProgress = () => undefined,
): Promise<Done> {
  const answer = await ask(dataDir, change, { timeoutMs, onProgress });
  if ('done' in answer) return answer.done;
  throw new ControlError('NO_ANSWER', 'The network does not report whether the change was made.');
}

interface AskOptions {
  readonly timeoutMs: number;
  readonly greetingMs?: number;
  readonly onProgress?: OnProgress;
}

/** @throws ControlError */
function ask(
  dataDir: string,
  what: Request,
  { timeoutMs, greetingMs = GREETING_MS.status, onProgress = () => undefined }: AskOptions,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const socket = connectTo(dataDir);
    let answer: Answer | undefined;
    const fail = (error: Error): void => {
      socket.destroy();
      reject(error);
    };
    let impatience = setTimeout(() => {
      fail(stuck(dataDir, `does not answer within ${greetingMs / 1000} s`));
    }, greetingMs);
    const greet = (message: unknown): void => {
      // A hard link leads to the socket of the original.
      if (greetingSchema.parse(message).directory !== directoryId(dataDir)) throw down(dataDir);
      clearTimeout(impatience);
      impatience = setTimeout(() => {
        fail(new ControlError('NO_ANSWER', `The network did not answer within ${timeoutMs / 1000} s.`));
      }, timeoutMs);
      sendLine(socket, what);
    };
    const hear = (message: unknown): void => {
      const reply = replySchema.parse(message);
      if ('progress' in reply) onProgress(reply.progress);
      else if ('error' in reply) throw new ControlError(reply.error.code, reply.error.message);
      else answer = reply;
      // A stopping network ends the connection itself, once it has stopped.
      if (answer && what !== 'stop') socket.end();
    };
    let take = (message: unknown): void => {
      take = hear;
      greet(message);
    };
    onLines(socket, (message) => {
      take(message);
    });
    socket.once('error', (error) => {
      reject(isNobody(error) ? down(dataDir, error) : error);
    });
    socket.once('close', () => {
      clearTimeout(impatience);
      if (answer) resolve(answer);
      else reject(new ControlError('NETWORK_GONE', 'The process of the network ended.'));
    });
  });
}

function connectTo(dataDir: string): Socket {
  return atSocket(dataDir, (path) => connect(path));
}

/** The answer of a network; undefined if none runs. */
async function ifAny(answer: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ControlError && error.code === 'NETWORK_DOWN') return undefined;
    throw error;
  }
}

/** The socket does not exist, belongs to a process that has ended, or was copied. */
function isNobody(error: Error): boolean {
  return 'code' in error && ['ENOENT', 'ENOTDIR', 'ECONNREFUSED'].includes(String(error.code));
}

function down(dataDir: string, cause?: Error): ControlError {
  return new ControlError('NETWORK_DOWN', `No network is running in ${dataDir}.`, { cause });
}

/** To kill it now would leave the change halfway. */
function busy(dataDir: string, timeoutMs: number): ControlError {
  const { pid } = lastHolder(dataDir) ?? {};
  const who = pid === undefined ? '' : ` (process ${pid})`;
  const message = `The network${who} did not stop within ${timeoutMs / 1000} s, for a change is under way: it stops when that has come to its end. Wait for it.`;
  return new ControlError('NETWORK_CHANGING', message);
}

function stuck(dataDir: string, what: string): ControlError {
  const { pid } = lastHolder(dataDir) ?? {};
  const [who, how] = pid === undefined ? ['', ''] : [` (process ${pid})`, `, or \`kill -9 ${pid}\``];
  return new ControlError('NETWORK_STUCK', `The network${who} ${what}. Try again${how}.`);
}
