import type { CalendarDate } from '@tracecal/core/model';
import { unverifiedReaderKey } from '@tracecal/core/trace';
import type { KnownReaderKey } from '@tracecal/core/trace';
import { publicReaderKey, readerKeyText, signReaderKey, verifyReaderKey } from '../../client/index.js';
import { ApplicationError } from '../errors.js';
import type { Session } from '../session/session.js';
import { officerOf } from './people.js';

export interface ReaderKeyWish {
  /** The last day on which anything is encrypted to it; by default in a year. */
  readonly until?: CalendarDate;
  /** Makes another key, although there is one. */
  readonly isNew?: boolean;
}

/** A reader's key that was just signed. */
export interface NewReaderKey extends KnownReaderKey {
  /** What others need. */
  readonly text: string;
}

/**
 * Signs, as an officer of the organisation that the user acts as, which key is its reader's, and checks that as those will who encrypt
 * something to it. Its private half is made if there is none.
 *
 * @throws ApplicationError `USAGE`, `KEYS_MISSING`; TraceCalError as `verifyReaderKey`
 */
export async function makeReaderKey(session: Session, { until, isNew = false }: ReaderKeyWish): Promise<NewReaderKey> {
  const organisation = session.actor;
  if (organisation === undefined) {
    throw new ApplicationError('USAGE', 'Say with --as whose key it is.');
  }
  const signer = await session.keys.signer('officer', officerOf(organisation));
  const registry = await session.registry();
  const key = publicReaderKey(await session.readers.own(organisation, isNew));
  const signed = await signReaderKey({ registry, organisation, key, ...(until !== undefined && { until }) }, signer);
  const text = readerKeyText(signed);
  const known = await checkedReader(session, text);
  await session.readers.keep(known);
  return { ...known, text };
}

/**
 * Keeps the key of a reader after it was checked.
 *
 * @throws ApplicationError `INPUT_INVALID` for one that is older than the one that is here; TraceCalError as `verifyReaderKey`
 */
export async function addReaderKey(session: Session, text: string): Promise<KnownReaderKey> {
  const known = await checkedReader(session, text);
  const { organisation, date } = known.content;
  const before = await session.readers.signed(organisation);
  // Somebody who has stolen an older key would like it to be used again.
  if (before !== undefined && unverifiedReaderKey(before).content.date > date) {
    throw new ApplicationError(
      'INPUT_INVALID',
      `A later key of ${organisation} is here already: ask ${organisation} which one it uses, and have it signed anew if it is this one.`,
    );
  }
  await session.readers.keep(known);
  return known;
}

/** The keys of readers, each checked against the registry now. @throws ApplicationError `INPUT_INVALID`; TraceCalError as `verifyReaderKey` */
export async function readersNamed(
  session: Session,
  organisations: readonly string[],
): Promise<readonly KnownReaderKey[]> {
  const found: KnownReaderKey[] = [];
  for (const organisation of new Set(organisations)) {
    const text = await session.readers.signed(organisation);
    if (text === undefined) {
      throw new ApplicationError(
        'INPUT_INVALID',
        `No reader's key of ${organisation} is here: have it make one with \`tracecal keys make\`, and add its file with \`tracecal keys add FILE\`.`,
      );
    }
    const known = await checkedReader(session, text);
    if (known.content.organisation !== organisation) {
      throw new ApplicationError('INPUT_INVALID', `What is kept as the reader's key of ${organisation} is another's.`);
    }
    found.push(known);
  }
  return found;
}

/** @throws TraceCalError as `verifyReaderKey` */
export async function checkedReader(session: Session, text: string): Promise<KnownReaderKey> {
  const { name: channel } = session.channel;
  return verifyReaderKey(text, await session.reader(), { channel });
}
