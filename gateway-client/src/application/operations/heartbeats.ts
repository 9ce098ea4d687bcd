import { instantOf, millisecondsOf, MOST_EPOCHS } from '@tracecal/core/model';
import type { Instant } from '@tracecal/core/model';
import { inForce } from '@tracecal/core/trace';
import { newStatement, readStatement, TraceCalError } from '../../client/index.js';
import type { Announced, TraceCal } from '../../client/index.js';
import { ApplicationError } from '../errors.js';
import type { Session } from '../session/session.js';
import { sign } from './sign.js';

/** The registry refuses shorter epochs, unless the epoch was opened that far ahead of the present. */
const SHORTEST_EPOCH_MS = 60_000;

export interface Beat {
  readonly institute: string;
  readonly committed: Announced;
}

/** An epoch that no heartbeat covers yet. */
export interface Uncovered {
  readonly epoch: number;
  readonly opened: Instant;
  /** When it can be sealed. */
  readonly due: Instant;
}

/** The sealed epoch, and the institutes that signed its content. */
export interface Heartbeat {
  /** The last sealed epoch. */
  readonly epoch: number;
  readonly digest: string;
  /** Null if the open epoch is younger than a minute: then the previous one is signed again. */
  readonly sealed: Announced | null;
  /** The open epoch, if it was too young to be sealed: nobody has signed what was registered in it. */
  readonly uncovered: Uncovered | null;
  readonly beats: readonly Beat[];
}

/**
 * Seals the open epoch, unless it is too young. Every institute whose key is here then signs the digest of everything written up to the
 * last sealed epoch, as its own peer computes it. Where more epochs were sealed since anybody's last heartbeat than one covers, it signs
 * earlier ones first: otherwise an institute that seals and signs nothing would keep all others from it.
 *
 * @throws ApplicationError `KEYS_MISSING` if no institute's key is here; `INPUT_INVALID` if there is no sealed epoch yet
 */
export async function heartbeat(session: Session): Promise<Heartbeat> {
  const institutes = await institutesHere(session);
  const [first = ''] = institutes;
  const { sealed, uncovered } = await sealIfDue(session, first);
  const epoch = await lastSealed(session, first);
  const beats: Beat[] = [];
  let digest = '';
  for (const institute of institutes) {
    const own = await clientOf(session, institute);
    if (sealed) {
      await own.outcome(sealed.txId);
    }
    for (let covered = await lastSigned(session, own); covered < epoch - MOST_EPOCHS;) {
      covered += MOST_EPOCHS;
      await beat(session, institute, covered);
    }
    const { committed, ...over } = await beat(session, institute, epoch);
    digest = over.digest;
    beats.push({ institute, committed });
  }
  return { epoch, digest, sealed, uncovered, beats };
}

/** The last epoch that any institute has signed; -1 if none has. */
async function lastSigned(session: Session, client: TraceCal): Promise<number> {
  const last = await Promise.all((await session.institutes()).map(({ id }) => client.getHeartbeat(id)));
  return Math.max(-1, ...last.flatMap((each) => (each ? [readStatement(each.statement.jws).number] : [])));
}

async function beat(session: Session, institute: string, epoch: number) {
  const own = await clientOf(session, institute);
  const { digest } = await own.getEpochDigest(epoch);
  const statement = newStatement('heartbeat', {
    registry: await session.registry(),
    author: institute,
    number: epoch,
    date: await afterLast(session, institute),
    subject: { kind: 'registry', id: session.channel.name },
    body: { digest },
  });
  return { digest, committed: await own.heartbeat({ statement: await sign(session, statement) }) };
}

/** Institutes whose key is here: the one that the user acts as, or all. */
async function institutesHere(session: Session): Promise<readonly string[]> {
  const now = instantOf(Date.now());
  const institutes = (await session.institutes())
    .filter(({ impediments }) => !inForce(impediments, now))
    .map(({ id }) => id);
  const officers = (await session.keys.ids('officer')).map((id) => id.slice(0, id.indexOf('/')));
  if (session.actor !== undefined && !institutes.includes(session.actor)) {
    throw new ApplicationError(
      'USAGE',
      `Only institutes in good standing give heartbeats, and ${session.actor} is none: act as one of ${institutes.join(', ')}.`,
    );
  }
  const here = institutes.filter((id) => officers.includes(id) || session.keys.has('organisation', id));
  const acting = here.filter((id) => session.actor === undefined || id === session.actor);
  if (acting.length === 0) {
    const whose = session.actor ?? institutes.join(', ');
    throw new ApplicationError(
      'KEYS_MISSING',
      `Only an institute gives heartbeats, and no key of ${whose} is in ${session.keys.folder}.`,
    );
  }
  return acting;
}

/** An institute's own client, because it trusts its own peer; if it has none on this network, another member's. */
function clientOf(session: Session, institute: string): Promise<TraceCal> {
  const isMember = session.consortium.organisations.some(({ id }) => id === institute);
  return isMember ? session.as(institute) : session.relay();
}

async function sealIfDue(session: Session, institute: string): Promise<Pick<Heartbeat, 'sealed' | 'uncovered'>> {
  const client = await clientOf(session, institute);
  const { number, opened } = await client.getEpoch();
  const date = instantOf(Date.now());
  if (Math.abs(millisecondsOf(date) - millisecondsOf(opened)) < SHORTEST_EPOCH_MS) {
    return { sealed: null, uncovered: { epoch: number, opened, due: dueOf(opened) } };
  }
  const statement = newStatement('seal', {
    registry: await session.registry(),
    author: institute,
    number,
    date,
    subject: { kind: 'registry', id: session.channel.name },
    body: {},
  });
  try {
    return { sealed: await client.seal({ statement: await sign(session, statement) }), uncovered: null };
  } catch (error) {
    if (await wasSealed(session, institute, number, error)) {
      return { sealed: null, uncovered: null };
    }
    throw error;
  }
}

/** Another institute may have sealed it at the same moment. */
async function wasSealed(session: Session, institute: string, number: number, error: unknown): Promise<boolean> {
  const isRace = error instanceof TraceCalError && ['INPUT_INVALID', 'MVCC_READ_CONFLICT'].includes(error.code);
  return isRace && (await (await clientOf(session, institute)).getEpoch()).number > number;
}

function dueOf(opened: Instant): Instant {
  return instantOf(millisecondsOf(opened) + SHORTEST_EPOCH_MS);
}

async function lastSealed(session: Session, institute: string): Promise<number> {
  const { number, opened } = await (await clientOf(session, institute)).getEpoch();
  if (number === 0) {
    throw new ApplicationError(
      'INPUT_INVALID',
      `No epoch is sealed yet: the first one was opened on ${opened} and can be sealed from ${dueOf(opened)} on.`,
    );
  }
  return number - 1;
}

/** Heartbeats of an institute must increase in time, which is counted in seconds. */
async function afterLast(session: Session, institute: string): Promise<Instant> {
  const last = await (await clientOf(session, institute)).getHeartbeat(institute);
  const before = last ? millisecondsOf(readStatement(last.statement.jws).date) : 0;
  return instantOf(Math.max(Date.now(), before + 1000));
}
