/** Why a message is refused: the waiting queue is full, or the message kept its room too long while others waited. */
export type Turned = 'full' | 'late';

/** A message that needs room, from its first bytes until its sender's signature is checked. */
export interface Claim {
  readonly bytes: number;
  /** There is room now; called only if there was none at once. */
  granted(): void;
  refused(why: Turned): void;
}

/** Messages up to this size are small. They never wait for large ones. */
const SMALL = 1024 * 1024;
/** Memory of a call besides its message. */
const LEAST = 16 * 1024;
/** Limit of waiting messages: each uses some memory too, for data that its connection receives before it is read. */
const MOST_WAITING = 256;

/** Bytes in a budget, and how long a message keeps its room while others wait, by the kind of message. */
export interface BudgetLimits {
  readonly small: LaneLimits;
  readonly large: LaneLimits;
}

export interface LaneLimits {
  readonly bytes: number;
  readonly patienceMs: number;
}

/** Together 128 MiB: Fabric's largest message, plus room for all small ones. */
export const BUDGET: BudgetLimits = {
  large: { bytes: 100 * 1024 * 1024, patienceMs: 30_000 },
  small: { bytes: 28 * 1024 * 1024, patienceMs: 3000 },
};

/**
 * Limits the memory that untrusted callers can use: the bytes of all messages whose senders' signatures are not checked yet, over all calls
 * and services. A message without room waits. A message that takes too long while others wait loses its room.
 */
export class MessageBudget {
  readonly #small: Lane;
  readonly #large: Lane;

  constructor({ small, large } = BUDGET) {
    this.#small = new Lane(small);
    this.#large = new Lane(large);
  }

  /** Bytes that are claimed at present. */
  get used(): number {
    return this.#small.used + this.#large.used;
  }

  /** Whether there is room at once; if not, the claim waits until it is granted or refused. */
  enter(claim: Claim): boolean {
    return this.#laneOf(claim).enter(claim);
  }

  /** Releases the room of a claim, or its place in the queue. */
  leave(claim: Claim): void {
    this.#laneOf(claim).leave(claim);
  }

  #laneOf({ bytes }: Claim): Lane {
    return bytes <= SMALL ? this.#small : this.#large;
  }
}

class Lane {
  readonly #limits: LaneLimits;
  /** The time at which each claim got its room, the oldest first. */
  readonly #holders = new Map<Claim, number>();
  readonly #waiting = new Set<Claim>();
  #timer: NodeJS.Timeout | undefined;
  used = 0;

  constructor(limits: LaneLimits) {
    this.#limits = limits;
  }

  enter(claim: Claim): boolean {
    if (this.#waiting.size === 0 && this.#fits(claim)) {
      this.#hold(claim);
      return true;
    }
    if (this.#waiting.size >= MOST_WAITING) {
      claim.refused('full');
      return false;
    }
    this.#waiting.add(claim);
    this.#watch();
    return false;
  }

  leave(claim: Claim): void {
    if (!this.#waiting.delete(claim) && this.#holders.delete(claim)) this.used -= sizeOf(claim);
    this.#serve();
  }

  #fits(claim: Claim): boolean {
    return this.used + sizeOf(claim) <= this.#limits.bytes;
  }

  #hold(claim: Claim): void {
    this.used += sizeOf(claim);
    this.#holders.set(claim, Date.now());
  }

  /** Serves in order of arrival; otherwise large messages would never get room. */
  #serve(): void {
    for (const claim of this.#waiting) {
      if (!this.#fits(claim)) return;
      this.#waiting.delete(claim);
      this.#hold(claim);
      claim.granted();
    }
  }

  /** While any message waits, watches the one that has kept its room longest. */
  #watch(): void {
    const [oldest] = this.#holders;
    if (this.#timer || this.#waiting.size === 0 || !oldest) return;
    const [claim, since] = oldest;
    const left = since + this.#limits.patienceMs - Date.now();
    this.#timer = setTimeout(
      () => {
        this.#timer = undefined;
        if (this.#waiting.size > 0 && this.#holders.get(claim) === since) {
          this.leave(claim);
          claim.refused('late');
        }
        this.#watch();
      },
      Math.max(left, 0),
    );
    this.#timer.unref();
  }
}

function sizeOf({ bytes }: Claim): number {
  return Math.max(bytes, LEAST);
}
