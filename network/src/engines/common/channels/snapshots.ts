import { cp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pendingSnapshots, requestSnapshot } from '../../../admin/index.js';
import type { Channel } from '../../../topology/index.js';
import { FabricError } from '../errors.js';
import type { Layout } from '../places/layout.js';
import type { PeerHandle } from '../nodes/nodes.js';

/** A peer commits nothing while it writes a snapshot, so it should not take long. */
const WRITTEN_MS = 300_000;
const POLL_MS = 100;

/** The snapshots from which new peers join: one a channel, taken when it is first asked for. */
export class Snapshots {
  readonly #layout: Layout;
  readonly #seen: Layout;
  readonly #sourceOf: (channel: Channel) => PeerHandle;
  readonly #taken = new Map<string, Promise<string>>();
  /** What lies here because of us: snapshots that were made, and the copies that were brought. */
  readonly #ours: string[] = [];

  /**
   * @param seen where the peers see what lies in `layout`.
   * @param sourceOf the peer whose word is taken for a channel's state.
   */
  constructor(layout: Layout, seen: Layout, sourceOf: (channel: Channel) => PeerHandle) {
    this.#layout = layout;
    this.#seen = seen;
    this.#sourceOf = sourceOf;
  }

  /**
   * Brings a channel's snapshot to a peer, which sees nothing of the others' files where it runs in a container.
   *
   * @returns Its folder, as that peer sees it.
   * @throws AdminError, FabricError `NOT_READY`
   */
  async bring(channel: Channel, { name }: PeerHandle): Promise<string> {
    const taken = this.#taken.get(channel.name) ?? this.#take(channel);
    this.#taken.set(channel.name, taken);
    const folder = join(this.#layout.peerSnapshots(name), 'incoming', channel.name);
    await rm(folder, { recursive: true, force: true });
    this.#ours.push(folder);
    await cp(await taken, folder, { recursive: true });
    return join(this.#seen.peerSnapshots(name), 'incoming', channel.name);
  }

  /** Deletes them: who has joined does not need them any more. One that was there before is somebody else's, and stays. */
  async discard(): Promise<void> {
    await Promise.allSettled(this.#taken.values());
    await Promise.all(this.#ours.map((folder) => rm(folder, { recursive: true, force: true })));
  }

  async #take(channel: Channel): Promise<string> {
    const source = this.#sourceOf(channel);
    const completed = join(this.#layout.peerSnapshots(source.name), 'completed', channel.name);
    const before = await snapshotsIn(completed);
    await requestSnapshot(source.connection, source.admin, channel.name);
    const newest = await newestOf(source, channel.name, completed);
    const folder = join(completed, String(newest));
    if (!before.includes(newest)) this.#ours.push(folder);
    return folder;
  }
}

/** The newest snapshot of a peer, as soon as none is being written. A peer puts it into its place whole. */
async function newestOf({ name, connection, admin }: PeerHandle, channel: string, completed: string): Promise<number> {
  const deadline = Date.now() + WRITTEN_MS;
  while ((await pendingSnapshots(connection, admin, channel)).length > 0) {
    if (Date.now() > deadline) {
      throw new FabricError('NOT_READY', `${name} still writes its snapshot of ${channel}: see its log.`);
    }
    await pause(POLL_MS);
  }
  const numbers = await snapshotsIn(completed);
  if (numbers.length > 0) return Math.max(...numbers);
  throw new FabricError('NOT_READY', `${name} could not write a snapshot of ${channel}: see its log.`);
}

/** The last blocks of the snapshots in a folder. */
async function snapshotsIn(completed: string): Promise<readonly number[]> {
  return (await readdir(completed).catch((): string[] => [])).map(Number);
}
