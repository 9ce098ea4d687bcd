import { setTimeout as pause } from 'node:timers/promises';
import { channelHeight, ordererChannel } from '../../../admin/index.js';
import type { OrdererHandle, PeerHandle } from './nodes.js';
import type { Runner } from '../processes/runner.js';
import type { Log } from '../../../system/log.js';
import { Stragglers, type Heights } from './stragglers.js';

const LOOK_EVERY_MS = 5000;
/** An orderer that was away moves again within seconds; one that missed the last block learns of it within about ten. */
const PATIENCE_MS = 60_000;

/** What runs the orderers, and where it is told that one was started again. */
export interface Keeper {
  readonly runner: Pick<Runner, 'restart'>;
  readonly log?: Log | undefined;
}

/** The nodes whose blocks are counted. */
export interface Watched {
  /** These are restarted. */
  readonly orderers: readonly OrdererHandle[];
  /** Their blocks show what others agreed on, where only some of the orderers can be asked. */
  readonly peers?: readonly PeerHandle[];
}

/**
 * Restarts orderers that have stopped making progress. In Fabric 3.1.5 an orderer that decides on a block while it fetches the same block
 * from the others can deadlock: it runs, answers and reports that it is healthy, but takes part in nothing any more.
 */
export class OrdererWatch {
  readonly #watched: Watched;
  readonly #keeper: Keeper;
  readonly #stragglers = new Map<string, Stragglers>();
  readonly #end = new AbortController();
  #restarting: Promise<void> | undefined;
  /** Nodes are stopped on purpose: nothing else may start them. */
  #isPaused = false;

  constructor(watched: Watched, keeper: Keeper) {
    this.#watched = watched;
    this.#keeper = keeper;
  }

  /** Watches these channels until {@link end}. */
  begin(channels: readonly string[]): void {
    for (const channel of channels) this.#stragglers.set(channel, new Stragglers(PATIENCE_MS));
    void this.#look();
  }

  /** Restarts nothing while this is done. */
  async pausedFor<T>(work: () => Promise<T>): Promise<T> {
    this.#isPaused = true;
    try {
      return await work();
    } finally {
      this.#isPaused = false;
    }
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
    const found = new Set(stragglers.find(heights, performance.now()));
    for (const { name } of this.#watched.orderers.filter((orderer) => found.has(orderer.name))) {
      if (this.#end.signal.aborted || this.#isPaused) return;
      this.#restarting = this.#startAgain(name, `it stopped at block ${heights.get(name)} of ${channel}`);
      await this.#restarting;
    }
  }

  async #heights(channel: string): Promise<Heights> {
    const { orderers, peers = [] } = this.#watched;
    const asked = [
      ...orderers.map(async ({ name, admin }) => [name, (await ordererChannel(admin, channel))?.height] as const),
      ...peers.map(
        async ({ name, connection, admin }) => [name, await channelHeight(connection, admin, channel)] as const,
      ),
    ];
    const heights = await Promise.all(asked.map((height) => height.catch(() => undefined)));
    return new Map(heights.flatMap((known) => (known?.[1] === undefined ? [] : [[known[0], known[1]] as const])));
  }

  async #startAgain(name: string, why: string): Promise<void> {
    const { runner, log } = this.#keeper;
    log?.('error', `${name} is started again: ${why} while others went on.`);
    await runner.restart(name, why).catch((error: unknown) => {
      log?.('error', `${name} could not be started again: ${String(error)}`);
    });
  }
}
