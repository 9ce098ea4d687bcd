import { instantOf } from '@tracecal/core/model';
import { channelOf, endorsersIn, movedForward, withConfigurations } from '../../client/index.js';
import type { Endorsers, TraceCal, Trust } from '../../client/index.js';
import { ApplicationError } from '../errors.js';
import type { Session } from '../session/session.js';

/** What a trust is to say beside its roots. */
export interface TrustSpec {
  readonly engine: Endorsers['engine'];
  /** How many organisations must agree; by default a majority, and one where one machine runs all. */
  readonly k?: number;
  /** Days from now on. */
  readonly validDays?: number;
}

const DAY_MS = 86_400_000;

/**
 * The same trust with the registry, the institutes as endorsers, and the channel, as the network describes them: whoever keeps it trusts the
 * network for that once.
 *
 * @throws ApplicationError `INPUT_INVALID`; TraceCalError
 */
export async function trustFromNetwork(session: Session, trust: Trust, spec: TrustSpec): Promise<Trust> {
  const reader = await session.reader();
  const blocks = await reader.configurationBlocks();
  const mspIds = await instituteMsps(session);
  const [first] = blocks;
  const newest = blocks.at(-1);
  if (!first || !newest) {
    throw new ApplicationError('INPUT_INVALID', 'The channel has no configuration.');
  }
  const { engine, k = engine === 'embedded' ? 1 : Math.floor(mspIds.length / 2) + 1, validDays } = spec;
  return {
    ...trust,
    registry: await session.registry(),
    endorsers: inNetwork(() => ({ k, engine, organisations: endorsersIn(newest, mspIds) })),
    channel: inNetwork(() => movedForward(channelOf(first), blocks)),
    ...(validDays !== undefined && { validity: validFor(validDays) }),
  };
}

/** The same trust with its channel as far forward as the network is. @throws TraceCalError `TRUST_UNCHANGED` */
export async function trustMovedForward(reader: Pick<TraceCal, 'configurationBlocks'>, trust: Trust): Promise<Trust> {
  return withConfigurations(trust, trust.channel ? await reader.configurationBlocks() : []);
}

/** MSP ids of the standing institutes, each once. */
export async function instituteMsps(session: Session): Promise<readonly string[]> {
  const reader = await session.reader();
  const standing = (await session.institutes()).filter(({ impediments }) => impediments.length === 0);
  const answers = await Promise.all(standing.map(({ id }) => reader.getOrganisation(id)));
  return [...new Set(answers.map(({ mspId }) => mspId))].sort();
}

function validFor(days: number): NonNullable<Trust['validity']> {
  const now = Date.now();
  return { from: instantOf(now), to: instantOf(now + days * DAY_MS) };
}

function inNetwork<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ApplicationError('INPUT_INVALID', `The network cannot be named as it is: ${why}`, { cause });
  }
}
