import { asRepeated, sayWaiting } from './outbox.js';
import type { Sink } from './outbox.js';
import { beginWatch, Watch } from './watch.js';
import type { WatchOptions, WatchReader } from './watch.js';
import { readWatch, writeWatch } from './watchFile.js';
import type { WatchState } from './watchFile.js';

/**
 * Follows the registry for one process, round by round. A round may fail anywhere: the next one begins with what was saved last,
 * since the events that gave reason to it already count as read.
 */
export class WatchRounds {
  readonly #file: string;
  /** What the file has; undefined before the first round. */
  #saved: WatchState | undefined;

  /** @param file - Path without extension: of the state and of the checkpoint. */
  constructor(file: string) {
    this.#file = file;
  }

  get file(): string {
    return this.#file;
  }

  /**
   * Reads what was registered, looks for what expired if `isLook`, and says what there is to say.
   *
   * @returns Why a notice was not taken; undefined if all were.
   */
  async round(reader: WatchReader, options: WatchOptions, sink: Sink, isLook: boolean): Promise<unknown> {
    const save = (state: WatchState) => this.#save(state);
    const state = this.#saved ?? (await this.#left()) ?? (await beginWatch(reader));
    const following = new Watch(reader, options, state);
    await save(state);
    await following.catchUp(`${this.#file}.checkpoint.json`, save);
    await (isLook ? following.look() : undefined);
    await save(following.state);
    return (await sayWaiting(following.state, sink, save)).failure;
  }

  async #save(state: WatchState): Promise<void> {
    await writeWatch(`${this.#file}.json`, state);
    this.#saved = state;
  }

  /** What an earlier process has left to be said may have been said by it. */
  async #left(): Promise<WatchState | undefined> {
    const state = await readWatch(`${this.#file}.json`);
    return state && asRepeated(state);
  }
}
