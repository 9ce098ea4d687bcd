import { digits, findingOf } from './values.js';
import type { ProbeFinding, SentValue } from './values.js';

/** Changes from value to value that have to be the same before two stretches are looked at. */
const SEED_LENGTH = 5;
/** A stretch has so many different changes, so that the few steps of a coarse display on a steady course are no recording. */
const DIFFERENT = 10;
const HASH_BASE = 1_000_003;

/**
 * Whether a stretch of values comes again, exactly or moved by a constant. How much a stretch surprises follows from how rare its changes are: a
 * night in which nothing changes comes again every night, and surprises nobody.
 */
export function repeated(sent: readonly SentValue[], chance: number): ProbeFinding | undefined {
  const changes = changesOf(sent);
  const count = changes.length;
  const surprises = surprisesUpTo(changes);
  const needed = Math.log((count * count) / 2 / chance);
  const seen = new Map<number, number>();
  for (let start = 0; start + SEED_LENGTH <= count; start += 1) {
    const hash = hashOf(changes, start);
    const before = seen.get(hash);
    if (before === undefined) {
      seen.set(hash, start);
      continue;
    }
    const length = sameLength(changes, before, start);
    const surprise = (surprises[start + length] ?? 0) - (surprises[start] ?? 0);
    if (surprise >= needed && differentIn(changes, start, length) >= DIFFERENT)
      return found(sent, before, start, length);
    // A quiet stretch is no beginning to be found again.
    seen.set(hash, start);
  }
  return undefined;
}

/** In whole numbers of a unit that is small beside the values: what doubles lose is no change. */
function changesOf(sent: readonly SentValue[]): readonly number[] {
  const largest = sent.reduce((most, { value }) => Math.max(most, Math.abs(value)), 0);
  const unit = (largest || 1) * 1e-9;
  return sent.slice(1).map(({ value }, index) => Math.round((value - (sent[index]?.value ?? value)) / unit));
}

/** The sum of surprises before each place. */
function surprisesUpTo(changes: readonly number[]): readonly number[] {
  const counts = new Map<number, number>();
  for (const change of changes) counts.set(change, (counts.get(change) ?? 0) + 1);
  const sums = [0];
  let sum = 0;
  for (const change of changes) {
    sum += Math.log(changes.length / (counts.get(change) ?? 1));
    sums.push(sum);
  }
  return sums;
}

function differentIn(changes: readonly number[], start: number, length: number): number {
  return new Set(changes.slice(start, start + length).filter((change) => change !== 0)).size;
}

function hashOf(changes: readonly number[], start: number): number {
  let hash = 17;
  for (let index = start; index < start + SEED_LENGTH; index += 1) {
    hash = (Math.imul(hash, HASH_BASE) + (changes[index] ?? 0)) | 0;
  }
  return hash;
}

/** How many changes are the same from two places on, without overlapping. */
function sameLength(changes: readonly number[], before: number, start: number): number {
  let length = 0;
  while (
    before + length < start &&
    start + length < changes.length &&
    changes[before + length] === changes[start + length]
  ) {
    length += 1;
  }
  return length;
}

function found(sent: readonly SentValue[], before: number, start: number, length: number): ProbeFinding {
  const [old, now] = [sent.slice(before, before + length + 1), sent.slice(start, start + length + 1)];
  const hours = ((now[0]?.at ?? 0) - (old[0]?.at ?? 0)) / 3_600_000;
  return findingOf('replay', `${length + 1} values in a row came again after ${digits(hours)} h.`, [...old, ...now]);
}
