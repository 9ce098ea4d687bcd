import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { HeadAnswer } from '@tracecal/core/contracts';
import { isKind } from '@tracecal/core/model';
import type { HeartbeatRecord, LoggedTransaction } from '@tracecal/core/model';
import { readStatement, TraceCalError } from '../../client/index.js';
import type { TraceCal } from '../../client/index.js';
import { isMissing, whyUnreadable } from '../../files/index.js';
import { atomicWrite, makeFolder } from '../../client/atomicWrite.js';
import { digestOf, epochFile, epochText, HEAD_FILE, headText, readEpoch } from '../../proof/verify/index.js';
import type { EpochLog } from '../../proof/verify/index.js';
import { ApplicationError } from '../errors.js';
import { logFolder } from './logFolder.js';

/** What was written of a change log. */
export interface Exported {
  readonly folder: string;
  readonly channel: string;
  /** The last sealed epoch; -1 if there is none. */
  readonly epoch: number;
  /** The chained digest of everything up to it, hex. */
  readonly digest: string;
  /** Files that were written now; others were there already. */
  readonly written: number;
  /** Transactions in them. */
  readonly transactions: number;
}

type Reader = Pick<TraceCal, 'getHead' | 'getRegistry' | 'getChanges'>;

/**
 * Writes the change log of the sealed epochs into a folder, as static files for everybody. What is there already is kept, and continued; the
 * head is written last. What is there and leads to something else than institutes have signed since is fetched anew: when it was written,
 * nobody may have signed it yet, and the peer asked then may have lied.
 *
 * @param into - Where what is new is written, if not into the folder itself.
 * @throws ApplicationError `INPUT_INVALID` if what is there is no log of this registry; TraceCalError `ANSWER_INVALID` if the log that the peer
 * gave is not what institutes have signed, `FILE_UNWRITABLE`
 */
export async function exportLog(
  reader: Reader,
  folder: string,
  progress: (epoch: number, last: number) => void = () => undefined,
  into = folder,
): Promise<Exported> {
  const head = await reader.getHead();
  const { channel } = head.evidence;
  const last = head.epoch.number - 1;
  const signed = digestsIn(head);
  const { founding } = await reader.getRegistry();
  const start: Place = { epoch: -1, digest: founding };
  await makeFolder(join(into, dirname(epochFile(0))));
  const continued = async (from: Place): Promise<Stretch> => {
    let [digest, transactions] = [from.digest, 0];
    for (let epoch = from.epoch + 1; epoch <= last; epoch += 1) {
      progress(epoch, last);
      const log: EpochLog = { channel, epoch, previous: digest, transactions: await all(reader.getChanges(epoch)) };
      digest = digestOf(log);
      const contradiction = contradictionIn(signed, epoch, digest);
      if (contradiction !== undefined) {
        return { contradiction };
      }
      await atomicWrite(join(into, epochFile(epoch)), epochText(log));
      transactions += log.transactions.length;
    }
    return { digest, transactions, written: Math.max(0, last - from.epoch) };
  };
  const held = await heldIn(folder, { channel, founding, signed });
  const kept = held && (await continued(held));
  const found = kept && !('contradiction' in kept) ? kept : await continued(start);
  if ('contradiction' in found) {
    throw new TraceCalError('ANSWER_INVALID', found.contradiction);
  }
  await atomicWrite(join(into, HEAD_FILE), headText(head));
  return { folder, channel, epoch: last, ...found };
}

/** The end of a stretch of the log, and the chained digest up to it. */
interface Place {
  readonly epoch: number;
  readonly digest: string;
}

/** What was written, or why it is not what institutes have signed. */
type Stretch = Pick<Exported, 'digest' | 'transactions' | 'written'> | { readonly contradiction: string };

/** The end of what the folder holds; undefined if it holds nothing, or something else than institutes have signed. */
async function heldIn(
  folder: string,
  { channel, founding, signed }: { channel: string; founding: string; signed: ReadonlyMap<number, string> },
): Promise<Place | undefined> {
  const names = new Set(await namesIn(join(folder, dirname(epochFile(0)))));
  let count = 0;
  while (names.has(basename(epochFile(count)))) {
    count += 1;
  }
  if (count === 0) {
    return undefined;
  }
  const first = await held(folder, 0);
  if (first.channel !== channel || first.previous !== founding) {
    throw new ApplicationError(
      'INPUT_INVALID',
      `${folder} holds the change log of another registry: name another folder.`,
    );
  }
  for (const [epoch] of signed) {
    if (epoch >= 0 && epoch < count && contradictionIn(signed, epoch, digestOf(await held(folder, epoch)))) {
      return undefined;
    }
  }
  return { epoch: count - 1, digest: digestOf(await held(folder, count - 1)) };
}

/** None, where the folder is not there yet. @throws ApplicationError `FILE_UNREADABLE` */
async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (cause) {
    if (isMissing(cause)) {
      return [];
    }
    throw new ApplicationError('FILE_UNREADABLE', whyUnreadable(folder, cause), { cause });
  }
}

async function held(folder: string, epoch: number): Promise<EpochLog> {
  return readEpoch((await logFolder(folder).epoch(epoch)) ?? '');
}

/** What institutes have signed, by epoch. Whoever checks the log looks at the signatures. */
function digestsIn({ evidence }: HeadAnswer): ReadonlyMap<number, string> {
  return new Map(
    evidence.exhibits.flatMap(({ of: [kind], record }) => {
      if (kind !== 'heartbeat' || record === null) {
        return [];
      }
      const statement = readStatement((record as HeartbeatRecord).statement.jws);
      return isKind(statement, 'heartbeat') ? [[statement.number, statement.body.digest] as const] : [];
    }),
  );
}

function contradictionIn(signed: ReadonlyMap<number, string>, epoch: number, digest: string): string | undefined {
  const expected = signed.get(epoch);
  return expected === undefined || expected === digest
    ? undefined
    : `Institutes have signed digest ${expected} of the change log up to epoch ${epoch}, and what the peer gave leads to ${digest}: ask another member's peer.`;
}

async function all(transactions: AsyncIterable<LoggedTransaction>): Promise<readonly LoggedTransaction[]> {
  const found: LoggedTransaction[] = [];
  for await (const transaction of transactions) {
    found.push(transaction);
  }
  return found;
}
