import type { ProbeFindingName, ProbedValue, SentValue, Shown } from '@tracecal/gateway-client/monitor';
import { waitMs } from '@tracecal/monitor';
import { normals } from '../normals.js';
import { Random } from '../random.js';

/** What liars do who know how they are looked for, and not when they are probed. */
export const LIARS = {
  'holds one value, with its usual noise added': 'stuck',
  'drifts by a tenth of U a day, and shows it': 'drift',
  'shows what it showed a day before': 'replay',
  'shows what it showed two days before, with its usual noise added': 'replay',
  'sends 0.5 U too little, but is honest for 10 minutes after a probe': 'lies',
  'sends 0.5 U too little, but is honest when a regular probe would come': 'lies',
  'sends 2.5 U too much in 1 of 100 values': 'lies',
  'sends 2.5 U too much in 1 of 10 values, and answers no probe after that': 'silent',
  'shows 1.1 U too little to everybody': 'disagrees',
} as const satisfies Record<string, ProbeFindingName>;

export type LiarKind = keyof typeof LIARS;
export const LIAR_KINDS = Object.keys(LIARS) as readonly LiarKind[];

export interface Member {
  readonly kind: LiarKind | 'honest';
  readonly shown: Shown;
}

export const DAYS = 10;
const STEP_MS = 600_000;
const DAY_MS = 86_400_000;
const STEPS = (DAYS * DAY_MS) / STEP_MS;
const STEPS_A_DAY = DAY_MS / STEP_MS;
const EVERY_SECONDS = 3 * 3600;
const START = Date.parse('2026-03-01T00:00:00Z');

const U = { expanded: 0.2, coverageFactor: 2 };
const NOISE = 0.05;
const REFERENCE_NOISE = 0.01;
/** Connections of honest instruments fail so often. */
const FAILURES = 0.01;
const SHARE_OF_LIARS = 0.01;

const TIMES = Array.from({ length: STEPS }, (_, step) => START + step * STEP_MS);
const DIGESTS = Array.from({ length: STEPS }, (_, step) => step.toString(16).padStart(64, '0'));

/** So many instruments, of which one in a hundred lies, each kind in turn. */
export function* population(seed: number, size: number, jitter = 0.9): Generator<Member> {
  const random = new Random(seed * 7919);
  const liars = Math.round(size * SHARE_OF_LIARS);
  for (let number = 0; number < size; number += 1) {
    const kind = number < liars ? LIAR_KINDS[(number + seed * liars) % LIAR_KINDS.length]! : 'honest';
    yield { kind, shown: new Life(random, kind, jitter).shown };
  }
}

/** One instrument of a kind. */
export function lifeOf(seed: number, kind: Member['kind'], jitter: number): Shown {
  return new Life(new Random(seed), kind, jitter).shown;
}

/** Ten days of one instrument: what was true, what it sent every ten minutes, and what it answered. */
class Life {
  readonly #random: Random;
  readonly #kind: LiarKind | 'honest';
  readonly #truth: readonly number[];
  readonly #bias: number;
  /** When it began to be what it is. */
  readonly #onset: number;
  readonly #sent: SentValue[] = [];
  readonly #probed: ProbedValue[] = [];
  readonly #failed: { at: number; evidence: string; replayed: boolean }[] = [];
  readonly #plan: { readonly everySeconds: number; readonly jitter: number };
  #lastProbe = START;
  #lied = false;

  constructor(random: Random, kind: LiarKind | 'honest', jitter: number) {
    this.#plan = { everySeconds: EVERY_SECONDS, jitter };
    this.#random = random;
    this.#kind = kind;
    this.#truth = truths(random);
    this.#bias = 0.03 * this.#normal();
    this.#onset = Math.floor((3 + 3 * random.next()) * STEPS_A_DAY);
    let next = this.#wait();
    for (let step = 0; step < STEPS; step += 1) {
      this.#send(step);
      for (; next < step + 1; next += this.#wait()) this.#answer(next);
    }
  }

  get shown(): Shown {
    return { probed: this.#probed, sent: this.#sent, failed: this.#failed };
  }

  /** Until the next probe, in steps. */
  #wait(): number {
    return waitMs(this.#plan, this.#random.next()) / STEP_MS;
  }

  #send(step: number): void {
    const honest = this.#shows(step);
    const change = this.#change(step);
    this.#lied = change !== 0;
    this.#sent.push({ at: TIMES[step]!, value: rounded(honest + change), uncertainty: U, evidence: DIGESTS[step]! });
  }

  /** What it adds to what it shows when it sends it. */
  #change(step: number): number {
    const sinceProbe = TIMES[step]! - this.#lastProbe;
    switch (this.#kind) {
      case 'sends 0.5 U too little, but is honest for 10 minutes after a probe':
        return sinceProbe <= 600_000 ? 0 : -0.1;
      case 'sends 0.5 U too little, but is honest when a regular probe would come':
        return Math.abs(sinceProbe - 1000 * EVERY_SECONDS) <= 900_000 ? 0 : -0.1;
      case 'sends 2.5 U too much in 1 of 100 values':
        return this.#random.chance(0.01) ? 0.5 : 0;
      case 'sends 2.5 U too much in 1 of 10 values, and answers no probe after that':
        return this.#random.chance(0.1) ? 0.5 : 0;
      default:
        return 0;
    }
  }

  #answer(moment: number): void {
    const at = Math.round(START + moment * STEP_MS);
    this.#lastProbe = at;
    const evidence = `${this.#probed.length + this.#failed.length}p`.padStart(64, '0');
    const hides = this.#kind.includes('answers no probe') && this.#lied;
    if (hides || this.#random.chance(FAILURES)) {
      this.#failed.push({ at, evidence, replayed: false });
      return;
    }
    const value = rounded(this.#shows(moment));
    const reference = {
      value: this.#true(moment) + REFERENCE_NOISE * this.#normal(),
      expanded: 0.04,
      coverageFactor: 2,
    };
    this.#probed.push({ at, value, uncertainty: U, evidence, reference });
  }

  /** What its display says, if it is asked. */
  #shows(moment: number): number {
    const now = this.#true(moment) + this.#bias + NOISE * this.#normal();
    if (this.#kind === 'shows 1.1 U too little to everybody') return now - 0.22;
    if (moment < this.#onset) return now;
    const days = (moment - this.#onset) / STEPS_A_DAY;
    switch (this.#kind) {
      case 'holds one value, with its usual noise added':
        return this.#true(this.#onset) + NOISE * this.#normal();
      case 'drifts by a tenth of U a day, and shows it':
        return now + (days * U.expanded) / 10;
      case 'shows what it showed a day before':
        return this.#recorded(moment - STEPS_A_DAY);
      case 'shows what it showed two days before, with its usual noise added':
        return this.#recorded(moment - 2 * STEPS_A_DAY) + NOISE * this.#normal();
      default:
        return now;
    }
  }

  #recorded(moment: number): number {
    return this.#sent[Math.round(moment)]!.value;
  }

  #true(moment: number): number {
    const step = Math.min(Math.floor(moment), STEPS - 2);
    const [one, other] = [this.#truth[step]!, this.#truth[step + 1]!];
    return one + (moment - step) * (other - one);
  }

  #normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.#random.next())) * Math.cos(2 * Math.PI * this.#random.next());
  }
}

/** A temperature that follows the day, and its own course over some hours. */
function truths(random: Random): number[] {
  const phase = 2 * Math.PI * random.next();
  const remembered = Math.exp(-STEP_MS / (12 * 3_600_000));
  const innovation = 0.3 * Math.sqrt(1 - remembered ** 2);
  let own = 0.3 * normals(random, 1)[0]!;
  return normals(random, STEPS).map((normal, step) => {
    own = remembered * own + innovation * normal;
    return 20 + Math.sin((2 * Math.PI * step) / STEPS_A_DAY + phase) + own;
  });
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
