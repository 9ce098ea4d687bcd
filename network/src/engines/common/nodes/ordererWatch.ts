import { setTimeout as pause } from 'node:timers/promises';
import { ordererChannel } from '../../../admin/index.js';
import type { OrdererHandle } from './nodes.js';
import { Stragglers, type Heights } from './stragglers.js';

const LOOK_EVERY_MS = 5000;
/** An orderer that was away moves again within seconds; one that missed the last block learns of it within about ten. */
const PATIENCE_MS = 60_000;

/** Stops an orderer and starts it again, for this reason. */
export type RestartOrderer = (name: string, why: string) => Promise<void>;

/**
 * Restarts orderers that have stopped making progress. In Fabric 3.1.5 an orderer that decides on a block while it fetches the same block
 * from the others can deadlock: it runs, answers and reports that it is healthy, but takes part in nothing any more.
 */
export class OrdererWatch {
  readonly #orderers: readonly OrdererHandle[];
  readonly #restart: RestartOrderer;
  readonly #stragglers = new Map<string, Stragglers>();
  readonly #end = new AbortController();
  #restarting: Promise<void> | undefined;

  constructor(orderers: readonly OrdererHandle[], restart: RestartOrderer) {
    this.#orderers = orderers;
    this.#restart = restart;
  }

  /** Watches these channels until {@link end}. */
  begin(channels: readonly string[]): void {
    for (const channel of channels) this.#stragglers.set(channel, new Stragglers(PATIENCE_MS));
    void this.#look();
  }

  /** Resolves when no restart is in progress any more; does not wait for the answer of an orderer that hangs. */
  async end(): Promise<void> {
    this.#end.abort();
    await this.#restarting;
  }

  async #look(): Promise<void> {
    const { signal } = this.#end;
    for (;;) {
      // Do not keep the process alive for this timer.
      await pause(LOOK_EVERY_MS, undefined, { signal, ref: false }).catch(() => undefined);
      if (signal.aborted) return;
      // One after the other, so that an orderer that stopped in two channels is restarted only once.
      for (const [channel, stragglers] of this.#stragglers) await this.#help(channel, stragglers);
    }
  }

  async #help(channel: string, stragglers: Stragglers): Promise<void> {
    const heights = await this.#heights(channel);
    for (const name of stragglers.find(heights, performance.now())) {
      if (this.#end.signal.aborted) return;
      this.#restarting = this.#restart(name, `it stopped at block ${heights.get(name)} of ${channel}`);
      await this.#restarting;
    }
  }

  async #heights(channel: string): Promise<Heights> {
    const heights = await Promise.all(
      this.#orderers.map(async ({ name, admin }) => {
        const part = await ordererChannel(admin, channel).catch(() => undefined);
        return part === undefined ? [] : [[name, part.height] as const];
      }),
    );
    return new Map(heights.flat());
  }
}
