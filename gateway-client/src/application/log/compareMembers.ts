import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { RegistryError } from '@tracecal/core/model';
import type { Instant } from '@tracecal/core/model';
import { atomicWrite, makeFolder } from '../../client/atomicWrite.js';
import { TraceCalError } from '../../client/index.js';
import type { TraceCal } from '../../client/index.js';
import { compareLogs } from '../../proof/verify/index.js';
import type { Comparison } from '../../proof/verify/index.js';
import { ApplicationError } from '../errors.js';
import { requireNewFile } from '../files/newFile.js';
import { exportLog } from './exportLog.js';
import type { Exported } from './exportLog.js';
import { logFolder } from './logFolder.js';

/** Where a member's change log comes from: its peer, or a folder that it has published. */
export interface MemberLog {
  readonly member: string;
  readonly log: { readonly folder: string } | (() => Promise<Pick<TraceCal, 'getHead' | 'getRegistry' | 'getChanges'>>);
}

/** What a member's log has. */
export interface MemberHead {
  readonly member: string;
  /** Where its log is kept, as evidence; null where nothing contradicts it, or it could not be read. */
  readonly folder: string | null;
  /** The last sealed epoch, and its chained digest; null where the log was published, or could not be read. */
  readonly head: Pick<Exported, 'epoch' | 'digest'> | null;
  /** Beside the first log that could be read; null for that one. */
  readonly comparison: Comparison | null;
  /** Why it could not be read; null if it could. */
  readonly unread: string | null;
  /** Why it contradicts itself, or those who signed it; null if it does not. */
  readonly contradiction: string | null;
}

export interface MembersCompared {
  readonly members: readonly MemberHead[];
  /** Whether any two contradict each other, or one itself: somebody was shown another ledger. */
  readonly contradicts: boolean;
  /** Whether all could be read. */
  readonly isComplete: boolean;
}

/**
 * Compares what several members' peers have sealed and signed: there is one log. What contradicts another is kept.
 *
 * @param evidence - A new folder for what contradicts; removed again if nothing does.
 * @throws ApplicationError `INPUT_INVALID` if there are fewer than two; `FILE_UNWRITABLE` if the folder is there already
 */
export async function compareMembers(
  logs: readonly MemberLog[],
  evidence: string,
  question: { readonly roots: readonly string[]; readonly asOf: Instant },
): Promise<MembersCompared> {
  if (logs.length < 2) {
    throw new ApplicationError(
      'INPUT_INVALID',
      'There is nothing to compare with: name members whose identities are here with --peers, or the change logs that others publish with --log.',
    );
  }
  // Nobody's own files may be among what is removed.
  requireNewFile(evidence, 'folder');
  await makeFolder(evidence);
  const taken: MemberHead[] = [];
  let first: string | undefined;
  for (const each of logs) {
    const own = await takenFrom(each, join(evidence, each.member));
    if (own.folder === null || own.contradiction !== null || first === undefined) {
      first ??= own.contradiction === null ? (own.folder ?? undefined) : undefined;
      taken.push(own);
      continue;
    }
    taken.push({ ...own, ...(await comparedTo(first, own.folder, question)) });
  }
  const isContrary = ({ contradiction, comparison }: MemberHead) => contradiction !== null || Boolean(comparison?.fork);
  const contradicts = taken.some(isContrary);
  if (contradicts) {
    await atomicWrite(join(evidence, 'why.json'), `${JSON.stringify(taken, undefined, 2)}\n`);
  } else {
    await rm(evidence, { recursive: true, force: true });
  }
  return {
    members: contradicts ? taken : taken.map((each) => ({ ...each, folder: null })),
    contradicts,
    isComplete: taken.every(({ unread }) => unread === null),
  };
}

async function takenFrom({ member, log }: MemberLog, folder: string): Promise<MemberHead> {
  const none = { member, folder: null, head: null, comparison: null, unread: null, contradiction: null };
  if (typeof log !== 'function') return { ...none, folder: log.folder };
  try {
    await makeFolder(folder);
    const { epoch, digest } = await exportLog(await log(), folder);
    return { ...none, folder, head: { epoch, digest } };
  } catch (error) {
    if (!(error instanceof TraceCalError || error instanceof ApplicationError)) throw error;
    const isContrary = error.code === 'ANSWER_INVALID';
    return isContrary ? { ...none, folder, contradiction: error.message } : { ...none, unread: error.message };
  }
}

async function comparedTo(
  first: string,
  folder: string,
  question: Parameters<typeof compareLogs>[2],
): Promise<Pick<MemberHead, 'comparison' | 'contradiction'>> {
  try {
    return { comparison: await compareLogs(logFolder(first), logFolder(folder), question), contradiction: null };
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
    return { comparison: null, contradiction: error.message };
  }
}
