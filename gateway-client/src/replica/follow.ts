import { setTimeout as delay } from 'node:timers/promises';
import type { DefinedChaincode } from '@tracecal/ledger/validation';
import { Deadline } from '../client/deadline.js';
import { clientError } from '../client/errors.js';
import type { Trust } from '../client/trust/trust.js';
import { receivedFrom } from './blockSource.js';
import type { BlockSource, Received } from './blockSource.js';
import type { Database } from './database.js';
import { Intake } from './intake.js';
import type { IntakeOptions } from './intake.js';
import type { CheckedBlock } from './keptBlock.js';
import { isVouchedHeld, pinsOf } from './pin.js';
import type { Pin } from './pin.js';
import { placeWrite, readPlace } from './place.js';
import type { Place } from './place.js';
import { Store } from './store.js';

/** How a replica follows its channel. */
export interface FollowOptions {
  /** The folder of the replica; made if it does not exist. */
  readonly replica: string;
  /** The peers that are followed. With several, each block is compared. */
  readonly peers: readonly BlockSource[];
  /** That of the trust, or `calibration`, if not given. */
  readonly channel?: string;
  /**
   * Its section `channel` says with which block the channel begins, and which block brings its newest known configuration: no other ones
   * are taken, and a peer has to have both.
   */
  readonly trust?: Trust;
  /** A block that the asker vouches for. Without it, and without a trust, the first peer's first block is believed. */
  readonly pin?: Pin;
  /**
   * Definitions that the asker vouches for, of chaincodes on which members have not agreed in the channel: the embedded network keeps
   * them outside.
   */
  readonly definitions?: readonly DefinedChaincode[];
  /** How long a peer may be behind the others, and another process may have the replica, in milliseconds: 10,000 by default. */
  readonly patienceMs?: number;
  /** Keep whole blocks, beside the state that follows from them: an audit reads them. A replica that has begun with them goes on so. */
  readonly keepBlocks?: boolean;
  /** Called with each block that was verified, before the replica takes it. */
  readonly onBlock?: (block: CheckedBlock) => void;
  /** Called after each block. */
  readonly onProgress?: (progress: Progress) => void;
}

/** Where a replica is on its way to the end of the channel. */
export interface Progress {
  /** Blocks that it has. */
  readonly height: number;
  /** Blocks that there are. */
  readonly of: number;
  /** Bytes taken in this round. */
  readonly bytes: number;
  /** Blocks taken in this round. */
  readonly blocks: number;
}

const PATIENCE_MS = 10_000;
const ASK_AGAIN_MS = 250;

/**
 * A copy of a channel that verifies each block itself. It believes no peer: neither what is in a block, nor which transactions are valid.
 *
 * @example
 * const follower = new Follower({ replica: 'replica', peers: [peerSource('lab-alpha', tracecal)], pin: await readPin(genesis) });
 * const { height } = await follower.catchUp();
 * await follower.close();
 */
export class Follower {
  readonly #store: Store;
  readonly #options: FollowOptions;
  readonly #intake: IntakeOptions;
  readonly #patienceMs: number;
  /** How many blocks there are at least. */
  readonly #trusted: number;

  /** @throws TraceCalError `TRUST_INVALID`, `OTHER_CHANNEL` if the trust names none, or another channel */
  constructor(options: FollowOptions) {
    const { replica, trust, pin, definitions = [], patienceMs = PATIENCE_MS, keepBlocks, onBlock } = options;
    const { channel = trust?.channel?.name ?? 'calibration' } = options;
    const trusted = trust ? pinsOf(trust, channel) : [];
    this.#options = options;
    this.#patienceMs = patienceMs;
    this.#store = new Store({ directory: replica, patienceMs });
    const given = new Map(definitions.map((definition) => [definition.name, definition]));
    // The asker's own block may be a later one than there is; a trusted configuration exists.
    this.#trusted = Math.max(0, ...trusted.map(({ number }) => number + 1));
    this.#intake = {
      channel,
      pins: pin ? [...trusted, pin] : trusted,
      given,
      refused: this.#store.refused,
      ...(keepBlocks !== undefined && { keepBlocks }),
      ...(onBlock && { onBlock }),
    };
  }

  /**
   * Takes all blocks that the peers have now.
   *
   * @param signal - Ends it after the block that is being taken.
   * @returns How far the replica is then.
   * @throws TraceCalError `PEER_FORKED`, `PEER_BEHIND`, `BLOCK_FORGED`, `CONFIG_UNSIGNED`, `VALIDITY_DIFFERS`, `STATE_DIFFERS`: the replica
   * is as it was before the block; `OTHER_CHANNEL`; those of the connections
   */
  async catchUp(signal?: AbortSignal): Promise<Place> {
    await this.#store.make();
    const before = await this.#store.use((database) => this.#begin(database));
    const end = await this.#endOf(before?.height ?? 0);
    return this.#store.use((database) => this.#takeUntil(database, end, signal));
  }

  /** Lets go of the replica. */
  close(): Promise<void> {
    return this.#store.close();
  }

  /** How far the replica is; what the asker vouches for must be in it. */
  async #begin(database: Database): Promise<Place | undefined> {
    const place = readPlace(database);
    const { channel, pins } = this.#intake;
    if (place === undefined) return undefined;
    if (place.channel !== channel) throw clientError('OTHER_CHANNEL', `The replica follows ${place.channel}.`);
    if (!isVouchedHeld(database, place, pins) || place.isPinned) return place;
    const vouched = { ...place, isPinned: true };
    await database.write([placeWrite(vouched)]);
    return vouched;
  }

  /** The number of blocks that there are. Every peer must have all of them, after a while. */
  async #endOf(ours: number): Promise<number> {
    const deadline = new Deadline(this.#patienceMs);
    for (;;) {
      const heights = await Promise.all(this.#options.peers.map((peer) => peer.height()));
      const end = Math.max(ours, this.#trusted, ...heights);
      const behind = heights.findIndex((height) => height < end);
      if (behind < 0) return end;
      if (deadline.isOver) {
        const { name } = this.#options.peers[behind] ?? { name: '' };
        const than =
          end === ours
            ? `this replica has ${ours}`
            : heights.includes(end)
              ? `another peer has ${end}`
              : `you trust block ${end - 1}`;
        throw clientError('PEER_BEHIND', `The peer of ${name} has ${heights[behind] ?? 0} blocks, and ${than}.`);
      }
      await delay(ASK_AGAIN_MS);
    }
  }

  async #takeUntil(database: Database, end: number, signal?: AbortSignal): Promise<Place> {
    const intake = new Intake(database, readPlace(database), this.#intake);
    const height = intake.place?.height ?? 0;
    let [blocks, bytes] = [0, 0];
    // Begins with the newest block that the replica has: a peer that has another one shows itself at once.
    for await (const { number, copies } of this.#copies(Math.max(height - 1, 0), end - 1)) {
      if (number < height) {
        await intake.compareNewest(copies);
        continue;
      }
      await intake.take(copies);
      blocks += 1;
      bytes += copies[0]?.bytes.length ?? 0;
      this.#options.onProgress?.({ height: number + 1, of: end, bytes, blocks });
      if (signal?.aborted) break;
    }
    if (intake.place === undefined) throw clientError('PEER_BEHIND', 'No peer has any block of the channel.');
    return intake.place;
  }

  /** Undefined if a peer does not send what it says that it has. */
  async #inTime<T>(sent: Promise<T>): Promise<T | undefined> {
    const over = new AbortController();
    const late = delay(this.#patienceMs, undefined, { signal: over.signal }).catch(() => undefined);
    try {
      return await Promise.race([sent, late]);
    } finally {
      over.abort();
    }
  }

  /** Each block, as every peer has it. */
  async *#copies(first: number, last: number): AsyncGenerator<NumberedCopies, void, undefined> {
    if (last < first) return;
    const streams = this.#options.peers.map((peer) => ({
      name: peer.name,
      blocks: peer.blocks(first, last)[Symbol.asyncIterator](),
    }));
    try {
      for (let number = first; number <= last; number++) {
        const copies = await Promise.all(
          streams.map(async ({ name, blocks }) => {
            const next = await this.#inTime(blocks.next());
            if (next?.done !== false) throw clientError('PEER_BEHIND', `The peer of ${name} sent no block ${number}.`);
            return receivedFrom(name, number, next.value);
          }),
        );
        yield { number, copies };
      }
    } finally {
      // A stream that waits for a block ends with its connection.
      for (const { blocks } of streams) void blocks.return?.().catch(() => undefined);
    }
  }
}

interface NumberedCopies {
  readonly number: number;
  readonly copies: readonly Received[];
}
