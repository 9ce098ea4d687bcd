import { instantOf, millisecondsOf, RegistryError, TIME_WINDOW_MS } from '@tracecal/core/model';
import type { Epoch, HeartbeatRecord, Instant, SealedEpoch } from '@tracecal/core/model';
import { said } from '@tracecal/core/open';
import type { Said } from '@tracecal/core/open';
import { keys } from '@tracecal/core/registry';
import { epochDigests } from '../log.js';
import { requireWord } from '../registration.js';
import type { Details, Registration } from '../registration.js';
import { required } from '../state.js';
import { requireInstitute } from './institutes.js';

/** A seal dates everything that comes after it: a seal dated in the future would make all of that look later than it is. */
const CLOCKS_DIFFER_MS = 60 * 1000;
/** Every seal invalidates all transactions that were endorsed before it, so an institute may seal only this often. */
const SHORTEST_EPOCH_MS = 60 * 1000;
/** How far a seal may be ahead of correct clocks, so that those can still continue after it. */
const FURTHEST_AHEAD_MS = TIME_WINDOW_MS + CLOCKS_DIFFER_MS;

/** Closes the open epoch. Nothing more enters it, and transactions endorsed before can no longer be committed. */
export async function seal({ state, word }: Registration<'seal'>): Promise<Details> {
  const { author, number, date } = word.statement;
  const open = await state.epoch();
  if (number !== open.number) {
    throw new RegistryError('INPUT_INVALID', `the open epoch is ${open.number}, not ${number}: seal that one.`);
  }
  const ahead = millisecondsOf(date) - millisecondsOf(state.now);
  if (ahead > CLOCKS_DIFFER_MS || ahead < -TIME_WINDOW_MS) {
    throw new RegistryError(
      'TIME_INVALID',
      `the seal is dated ${date}, which is not the present (${state.now}) nor within 15 minutes before it.`,
    );
  }
  requireDue(word, open, state.now, await state.read<Instant>(keys.lastSeal(author)));
  await requireInstitute(state, word);
  await requireWord(state, word);
  state.write(keys.sealed(number), { ...open, seal: word.entry } satisfies SealedEpoch);
  state.write(keys.lastSeal(author), date);
  state.write(keys.epoch(), { number: number + 1, opened: date } satisfies Epoch);
  return {};
}

/**
 * A minute after the epoch was opened, and after the institute's own last seal. An opening dated in the future does not make
 * other institutes wait for that date.
 */
function requireDue({ statement }: Said<'seal'>, { opened }: Epoch, now: Instant, last: Instant | undefined): void {
  const { author, number, date } = statement;
  const isAhead = millisecondsOf(opened) - millisecondsOf(now) > CLOCKS_DIFFER_MS;
  const [earliest = opened] = [
    instantOf(millisecondsOf(opened) + (isAhead ? -FURTHEST_AHEAD_MS : SHORTEST_EPOCH_MS)),
    ...(last === undefined ? [] : [instantOf(millisecondsOf(last) + SHORTEST_EPOCH_MS)]),
  ]
    .sort()
    .reverse();
  if (date < earliest) {
    throw new RegistryError(
      'TIME_INVALID',
      `epoch ${number} was opened on ${opened}: ${author} can seal it on ${earliest} or later.`,
    );
  }
}

/** An institute's signature over everything that can change a verdict, up to a sealed epoch. */
export async function heartbeat({ state, word }: Registration<'heartbeat'>): Promise<Details> {
  const { registry, author, number, date, body } = word.statement;
  await requireInstitute(state, word);
  if (date > instantOf(millisecondsOf(state.now) + TIME_WINDOW_MS)) {
    throw new RegistryError('TIME_INVALID', `the heartbeat is dated ${date}, which lies ahead of ${state.now}.`);
  }
  const sealed = await required('sealed epoch', String(number), state.read<SealedEpoch>(keys.sealed(number)));
  const sealedOn = said(sealed.seal, registry, 'seal').statement.date;
  // A heartbeat dated before the seal is allowed if the seal's date was in the future: then the clock of the heartbeat is
  // the correct one.
  if (millisecondsOf(date) < millisecondsOf(sealedOn) - FURTHEST_AHEAD_MS) {
    throw new RegistryError(
      'TIME_INVALID',
      `epoch ${number} was sealed on ${sealedOn}, after this heartbeat of ${date}.`,
    );
  }
  requireProgress(word, await state.heartbeat(author));
  await requireWord(state, word);
  const digests = await epochDigests(state, number);
  const { digest } = digests.at(-1) ?? {};
  if (digest !== body.digest) {
    throw new RegistryError(
      'INPUT_INVALID',
      `the change log up to epoch ${number} has digest ${digest ?? ''}, not ${body.digest}: do not sign what you cannot recompute.`,
    );
  }
  for (const each of digests) {
    if ((await state.read(keys.digest(each.epoch))) === undefined) {
      state.write(keys.digest(each.epoch), each);
    }
  }
  state.write(keys.heartbeat(author), { institute: author, statement: word.entry } satisfies HeartbeatRecord);
  return {};
}

/** A withheld heartbeat that is submitted late would make old records look fresh. */
function requireProgress({ statement }: Said<'heartbeat'>, last: HeartbeatRecord | undefined): void {
  const before = last && said(last.statement, statement.registry, 'heartbeat').statement;
  if (before && (statement.number < before.number || statement.date <= before.date)) {
    throw new RegistryError(
      'TIME_INVALID',
      `the heartbeat of ${statement.author} is not newer than the one over epoch ${before.number} of ${before.date}.`,
    );
  }
}
