import { cp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pendingSnapshots, requestSnapshot } from '../../../admin/index.js';
import type { Channel } from '../../../topology/index.js';
import { FabricError } from '../errors.js';
import type { Layout } from '../places/layout.js';
import type { PeerHandle } from '../nodes/nodes.js';

/** Time limit for a snapshot; a peer commits nothing while it writes one. */
const WRITTEN_MS = 300_000;
const POLL_MS = 100;

/** The snapshots from which new peers join: one for each channel, taken at the first request. */
export class Snapshots {
  readonly #layout: Layout;
  readonly #seen: Layout;
  readonly #sourceOf: (channel: Channel) => PeerHandle;
  readonly #taken = new Map<string, Promise<string>>();
  /** Paths created here: the snapshots, and their copies. */
  readonly #ours: string[] = [];

  /**
   * @param seen The layout as the peers see it.
   * @param sourceOf The peer that is trusted for a channel's state.
   */
  constructor(layout: Layout, seen: Layout, sourceOf: (channel: Channel) => PeerHandle) {
    this.#layout = layout;
    this.#seen = seen;
    this.#sourceOf = sourceOf;
  }

  /**
   * Brings a channel's snapshot to a peer; a peer in a container cannot see the files of others.
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

  /** Deletes the snapshots: joined peers do not need them any more. Snapshots that existed before belong to others and stay. */
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

/** A peer's newest snapshot, once none is being written. A peer moves a finished snapshot into place as a whole. */
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
