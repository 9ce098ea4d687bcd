import { ApplicationError } from '@tracecal/gateway-client/application';
import type { Stated } from '../model/index.js';
import { requireScpiQuery, requireSourceCommand } from './allowed.js';
import { addressOf, connected } from './connection.js';
import type { Endpoint } from './connection.js';
import { ProbeFailed } from './probe.js';
import type { ProbeLimits } from './probe.js';
import { ask } from './scpi.js';

/** Something whose output is known: a calibrator, a simulator. It belongs to the monitor, and is no instrument. */
export interface ReferenceSource {
  readonly address: string;
  /** @throws ProbeFailed */
  set(value: number): Promise<void>;
}

/** A calibrator that is set by one SCPI command: the only thing that the monitor ever writes. */
export class ScpiSource implements ReferenceSource {
  readonly address: string;
  readonly #endpoint: Endpoint;
  readonly #header: string;
  readonly #identity: string;
  readonly #limits: ProbeLimits;

  /**
   * @param header - `SOUR:VOLT`.
   * @param identity - A part of its answer to `*IDN?`. Before each command it is asked for: at the source's address may be something else by now.
   * @throws ApplicationError `INPUT_INVALID`
   */
  constructor(endpoint: Endpoint, header: string, identity: string, limits: ProbeLimits = {}) {
    requireSourceCommand(`${header} 0`);
    if (identity.trim() === '') {
      throw new ApplicationError(
        'INPUT_INVALID',
        'A reference source needs its identity: a part of its answer to *IDN?.',
      );
    }
    this.#endpoint = endpoint;
    this.#header = header;
    this.#identity = identity;
    this.#limits = limits;
    this.address = addressOf(endpoint);
  }

  async set(value: number): Promise<void> {
    const command = requireSourceCommand(`${this.#header} ${value}`);
    await connected(this.#endpoint, this.#limits, async (socket) => {
      const identity = await ask(socket, requireScpiQuery('*IDN?'));
      if (!identity.includes(this.#identity)) {
        throw new ProbeFailed('refused', `${this.address} is not the reference source: nothing was set.`);
      }
      socket.write(`${command}\n`);
      const error = await ask(socket, requireScpiQuery('SYST:ERR?'));
      if (!/^[+-]?0+(,|$)/.test(error)) {
        throw new ProbeFailed('refused', `The reference source ${this.address} did not take the set-point.`);
      }
    });
  }
}

/** How far and how often a source may be set. */
export interface SetPointLimits {
  readonly lowest: number;
  readonly highest: number;
  /** Between two set-points. */
  readonly shortestSeconds: number;
  /** How long the output takes to be what was set: 0 by default. */
  readonly settleSeconds?: number;
  /** Of the output. */
  readonly expanded: number;
  readonly coverageFactor: number;
}

export interface SetPointOptions {
  /** At least 0, less than 1. Nobody may guess it. */
  readonly random: () => number;
  /** In milliseconds since 1970. */
  readonly now: () => number;
  readonly pause: (milliseconds: number) => Promise<void>;
}

/** Digits of a set-point. */
const DIGITS = 6;

/** Random set-points of one source within its limits. */
export class SetPoints {
  readonly #source: ReferenceSource;
  readonly #limits: SetPointLimits;
  readonly #options: SetPointOptions;
  #set: { readonly value: number; readonly at: number } | undefined;
  #tried = Number.NEGATIVE_INFINITY;

  /** @throws ApplicationError `INPUT_INVALID` */
  constructor(source: ReferenceSource, limits: SetPointLimits, options: SetPointOptions) {
    requireLimits(limits);
    this.#source = source;
    this.#limits = limits;
    this.#options = options;
  }

  /**
   * The output of the source now: a new random one, or the last one where another would come too soon.
   *
   * @returns undefined where none is set, and none may be yet
   * @throws ProbeFailed if the source does not take it: what its output is then is not known
   */
  async next(): Promise<Stated | undefined> {
    const { lowest, highest, shortestSeconds, settleSeconds = 0, expanded, coverageFactor } = this.#limits;
    const { random, now, pause } = this.#options;
    const at = now();
    if (at - this.#tried >= 1000 * shortestSeconds) {
      this.#tried = at;
      this.#set = undefined;
      const wished = Number((lowest + random() * (highest - lowest)).toPrecision(DIGITS));
      const value = Math.min(highest, Math.max(lowest, wished));
      await this.#source.set(value);
      await pause(1000 * settleSeconds);
      this.#set = { value, at };
    }
    return this.#set && { value: this.#set.value, expanded, coverageFactor };
  }
}

/** @throws ApplicationError `INPUT_INVALID` */
function requireLimits({ lowest, highest, shortestSeconds }: SetPointLimits): void {
  if (!(lowest < highest && Number.isFinite(highest - lowest))) {
    throw new ApplicationError(
      'INPUT_INVALID',
      `Set-points from ${lowest} to ${highest}: give two numbers, the lower first.`,
    );
  }
  if (!(shortestSeconds >= 1)) {
    throw new ApplicationError(
      'INPUT_INVALID',
      `Set-points every ${shortestSeconds} s: give at least 1 s between two.`,
    );
  }
}
