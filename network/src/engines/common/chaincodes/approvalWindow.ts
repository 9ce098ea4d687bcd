import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Channel } from '../../../topology/index.js';
import { Turns } from '../../../system/turns.js';
import { atomicWrite } from '../../../system/atomicWrite.js';
import { FabricError } from '../errors.js';

/** Updates a channel's configuration so that administrators of its readers can write, or can no longer write. */
export type SetApproving = (channel: Channel, isApproving: boolean) => Promise<void>;

/**
 * The period in which administrators of a channel's readers can write, because they approve a chaincode definition. It is as short as
 * possible, and a restart of the network ends it: a marker file exists for each channel where it may still be open.
 */
export class ApprovalWindow {
  readonly #folder: string;
  readonly #set: SetApproving;
  readonly #turns = new Map<string, Turns>();

  /** @param folder - Folder of the marker files. */
  constructor(folder: string, set: SetApproving) {
    this.#folder = folder;
    this.#set = set;
  }

  /**
   * Opens the period on a channel, lets members approve, and always closes it. One chaincode at a time.
   * @throws FabricError `APPROVAL_OPEN` if it could not be closed; otherwise the error of `approve`
   */
  async during<T>(channel: Channel, approve: () => Promise<T>): Promise<T> {
    const turns = this.#turns.get(channel.name) ?? new Turns();
    this.#turns.set(channel.name, turns);
    return turns.take(async () => {
      mkdirSync(this.#folder, { recursive: true });
      // Write the marker first, so that the next start closes the period if this process is interrupted from here on.
      atomicWrite(this.#file(channel), '');
      const opened = this.#set(channel, true);
      const approved = opened.then(approve);
      const [opening] = await Promise.allSettled([opened, approved]);
      await this.#close(channel);
      // The update that opens it may still commit later: keep the marker, so that the next start closes it again.
      if (opening.status === 'fulfilled') this.#forget(channel);
      return approved;
    });
  }

  /** The channels where an interruption may have left the period open. */
  leftOpen(channels: readonly Channel[]): readonly Channel[] {
    return channels.filter((channel) => existsSync(this.#file(channel)));
  }

  /**
   * Closes the period on channels where an interruption may have left it open.
   * @returns A function that closes it again and removes the markers: an update that was in flight when the network was killed may commit
   * later.
   */
  async closeAgain(channels: readonly Channel[]): Promise<() => Promise<void>> {
    await Promise.all(channels.map((channel) => this.#close(channel)));
    return async () => {
      await Promise.all(channels.map((channel) => this.#close(channel)));
      for (const channel of channels) this.#forget(channel);
    };
  }

  async #close(channel: Channel): Promise<void> {
    try {
      await this.#set(channel, false);
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new FabricError(
        'APPROVAL_OPEN',
        `Administrators of readers can still write channel ${channel.name}, because the update that ends the approval of a chaincode failed. Restart the network: it ends the approval first. ${why}`,
        { cause },
      );
    }
  }

  #forget(channel: Channel): void {
    rmSync(this.#file(channel), { force: true });
  }

  #file({ name }: Channel): string {
    return join(this.#folder, `${name}.approving`);
  }
}
