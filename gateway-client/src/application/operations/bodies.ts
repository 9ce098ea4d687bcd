import type { KeyObject } from 'node:crypto';
import type { Disclosure, Result } from '@tracecal/core/model';
import { joinedDisclosures } from '@tracecal/core/trace';
import type { KnownReaderKey } from '@tracecal/core/trace';
import {
  disclosuresOf,
  encryptBody,
  forFurtherReaders,
  isEncryptedWith,
  MOST_BODY_BYTES,
  newContentKey,
  openBody,
  publicReaderKey,
  readBody,
  readerKeyId,
  readersOf,
  TraceCalError,
} from '../../client/index.js';
import type { EncryptedBody } from '../../client/index.js';
import { clientError } from '../../client/errors.js';
import { httpGet } from '../../client/httpGet.js';
import { Bodies } from '../confidential/bodies.js';
import type { KeptReport } from '../confidential/keptResults.js';
import { ApplicationError } from '../errors.js';
import type { Session } from '../session/session.js';
import { disclosedFacts } from './disclosedFacts.js';
import { reportFacts } from './reportFacts.js';
import type { ReportFacts } from './reportFacts.js';

/** To whom confidential results are encrypted, and where to. */
export interface Readership {
  readonly readers: readonly KnownReaderKey[];
  /** A folder; by default that of the data directory. */
  readonly store?: string;
}

/** Some of the confidential results of a report. */
export interface Choice {
  readonly quantity?: string;
  /** Names of results. */
  readonly results?: readonly string[];
}

/** What a reader can open from now on. */
export interface Given {
  /** The file with the body. */
  readonly file: string;
  readonly disclosures: readonly Disclosure[];
}

/** The folder of bodies that somebody named, or that of the data directory. */
export function bodiesIn(session: Pick<Session, 'bodies'>, store: string | undefined): Bodies {
  return store === undefined ? session.bodies : new Bodies(store);
}

/**
 * Encrypts all confidential results of a report to readers. A body that is there gets further readers: its content is not encrypted again.
 *
 * @returns Its file.
 */
export async function encryptFor(
  session: Pick<Session, 'bodies' | 'confidential'>,
  report: KeptReport,
  { readers, store }: Readership,
): Promise<string> {
  const contentKey = report.contentKey === undefined ? newContentKey() : Buffer.from(report.contentKey, 'base64url');
  if (report.contentKey === undefined) {
    // Before anything is encrypted with it: without the key, the body would get no further reader.
    await session.confidential.put({ ...report, contentKey: Buffer.from(contentKey).toString('base64url') });
  }
  const bodies = bodiesIn(session, store);
  const there = await bodies.get(report.digest);
  const keys = readers.map(({ content }) => content.key);
  const body =
    there && isEncryptedWith(there, contentKey)
      ? await forFurtherReaders(there, contentKey, keys)
      : await encryptBody(disclosuresOf(report), contentKey, keys);
  return bodies.put(report.digest, body);
}

/**
 * Gives one reader confidential results of a report: all of them in the body that all readers share, or some in a file of its own, beside
 * those that this reader was told before.
 */
export async function discloseTo(
  session: Pick<Session, 'bodies' | 'confidential'>,
  report: KeptReport,
  reader: KnownReaderKey,
  { quantity, results, store }: Choice & Pick<Readership, 'store'>,
): Promise<Given> {
  if (quantity === undefined && results === undefined) {
    const file = await encryptFor(session, report, { readers: [reader], ...(store !== undefined && { store }) });
    return { file, disclosures: disclosuresOf(report) };
  }
  const { organisation, key } = reader.content;
  const isChosen = (result: Result) =>
    (quantity === undefined || result.quantity === quantity) && (results?.includes(result.name) ?? true);
  const told = await session.confidential.toldTo(report, organisation);
  const chosen = report.sealed.flatMap((each) => {
    const own = { ...report, sealed: [each] };
    return quantity === each.quantity && results === undefined ? disclosuresOf(own) : disclosuresOf(own, isChosen);
  });
  const disclosures = joinedDisclosures([...told, ...chosen]);
  const body = await encryptBody(disclosures, newContentKey(), [key]);
  const file = await bodiesIn(session, store).put(report.digest, body, readerKeyId(key));
  await session.confidential.remember(report.digest, organisation, disclosures);
  return { file, disclosures };
}

/** Confidential results that were encrypted to an organisation whose reader's key is here, checked against what the report signs. */
export interface ReadReport {
  readonly facts: ReportFacts;
  readonly disclosures: readonly Disclosure[];
}

/**
 * Opens what is in a folder of bodies for the readers whose keys are here: those of the organisation that the user acts as, or all.
 *
 * @param report - Its whole id.
 * @throws ApplicationError `INPUT_INVALID` if there is nothing, or if it does not lead to what the report signs; TraceCalError `NOT_A_READER`, `BODY_INVALID`
 */
export async function readConfidential(session: Session, report: string, store?: string): Promise<ReadReport> {
  const facts = await reportFacts(await session.reader(), session.content, report);
  const bodies = bodiesIn(session, store);
  const keys = await session.readers.all(session.actor);
  const whole = await bodies.get(facts.digest);
  const parts = await Promise.all(keys.map((key) => bodies.get(facts.digest, nameOf(key))));
  const found = [whole, ...parts].flatMap((body) => body ?? []);
  if (found.length === 0) {
    throw new ApplicationError(
      'INPUT_INVALID',
      `Nothing of report ${report} is in ${bodies.folder}: fetch it with \`tracecal report fetch ${report} --from FOLDER\`, or ask ${facts.laboratory.id} for a disclosure.`,
    );
  }
  return opened(facts, found, keys);
}

/** What was taken over from another folder of bodies. */
export interface Fetched {
  readonly report: string;
  /** The files, in the own folder. */
  readonly files: readonly string[];
}

interface From {
  /** A folder, or the https address of one. */
  readonly from: string;
  readonly store?: string;
  readonly timeoutMs: number;
}

/**
 * Takes over, from somebody else's folder, what is encrypted to readers whose keys are here. Only what they can open and what leads to
 * that which the report signs is kept.
 *
 * @throws ApplicationError `USAGE`, `INPUT_INVALID`; TraceCalError `NOT_A_READER`, `BODY_INVALID`, `UNAVAILABLE`, `TIMED_OUT`, `ANSWER_INVALID`
 */
export async function fetchBodies(
  session: Session,
  report: string,
  { from, store, timeoutMs }: From,
): Promise<Fetched> {
  const source = sourceOf(from, timeoutMs);
  const facts = await reportFacts(await session.reader(), session.content, report);
  const keys = await session.readers.all(session.actor);
  const bodies = bodiesIn(session, store);
  const files: string[] = [];
  let isThere = false;
  for (const reader of [undefined, ...keys.map(nameOf)]) {
    const body = await source(facts.digest, reader);
    isThere ||= body !== undefined;
    const isOurs = body !== undefined && keys.some((key) => readersOf(body).includes(nameOf(key)));
    if (isOurs) {
      await opened(facts, [body], keys);
      files.push(await bodies.put(facts.digest, await joinedWith(bodies, facts.digest, body, reader), reader));
    }
  }
  if (files.length === 0) {
    if (isThere) throw clientError('NOT_A_READER');
    throw new ApplicationError('INPUT_INVALID', `Nothing of report ${report} is in ${from}.`);
  }
  return { report, files };
}

/** Readers that the own copy of the same body has stay. */
async function joinedWith(
  bodies: Bodies,
  digest: string,
  body: EncryptedBody,
  reader: string | undefined,
): Promise<EncryptedBody> {
  const own = await bodies.get(digest, reader).catch(() => undefined);
  if (own?.ciphertext !== body.ciphertext) {
    return body;
  }
  const known = new Set(readersOf(body));
  return {
    ...body,
    recipients: [...body.recipients, ...own.recipients.filter(({ header }) => !known.has(header.kid))],
  };
}

function sourceOf(
  from: string,
  timeoutMs: number,
): (digest: string, reader?: string) => Promise<EncryptedBody | undefined> {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(from)) {
    const folder = new Bodies(from);
    return (digest, reader) => folder.get(digest, reader);
  }
  const base = URL.canParse(from) ? new URL(from) : undefined;
  if (base?.protocol !== 'https:' || base.username !== '' || base.password !== '') {
    throw new ApplicationError(
      'USAGE',
      'Write a folder, or an address like https://example.org/bodies/, without a password.',
    );
  }
  base.pathname = base.pathname.endsWith('/') ? base.pathname : `${base.pathname}/`;
  return async (digest, reader) => {
    const url = new URL(Bodies.fileOf(digest, reader), base);
    const { status, text } = await httpGet(url, { mostBytes: MOST_BODY_BYTES, timeoutMs, accept: 'application/json' });
    if (status === 404) {
      return undefined;
    }
    if (status !== 200) {
      throw new TraceCalError('UNAVAILABLE', `${base.origin} answers with status ${status}: ask whoever runs it.`);
    }
    return readBody(text);
  };
}

/** @throws TraceCalError `NOT_A_READER`, `BODY_INVALID`; ApplicationError `INPUT_INVALID` */
async function opened(
  facts: ReportFacts,
  bodies: readonly EncryptedBody[],
  keys: readonly KeyObject[],
): Promise<ReadReport> {
  const names = new Set(keys.map(nameOf));
  const ours = bodies.filter((body) => readersOf(body).some((each) => names.has(each)));
  if (ours.length === 0) {
    throw clientError('NOT_A_READER');
  }
  const disclosures = joinedDisclosures((await Promise.all(ours.map((body) => openBody(body, keys)))).flat());
  return { facts: disclosedFacts(facts, disclosures), disclosures };
}

function nameOf(key: KeyObject): string {
  return readerKeyId(publicReaderKey(key));
}
