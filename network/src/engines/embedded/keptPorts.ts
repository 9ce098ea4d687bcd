import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { hostOf } from '../../pki/index.js';
import { freePorts, whyTaken, type Ports } from '../../system/ports.js';
import { atomicWrite } from '../../system/atomicWrite.js';
import type { Consortium } from '../../topology/index.js';
import type { NextPorts } from '../nextPorts.js';

/** A peer with its port: the description's until it listens. */
interface Listener {
  readonly host: string;
  readonly port: number;
}

const savedSchema = z.record(z.string(), z.int());

/**
 * The ports of members. Free ports that were chosen once are saved in the data directory, because clients' connection profiles contain
 * them. They are saved when the network is ready, so that a failed start fixes nothing.
 */
export class KeptPorts {
  readonly #file: string;
  readonly #wanted: Ports;
  readonly #kept: Readonly<Record<string, number>> | undefined;

  constructor(dataDir: string, wanted: Ports) {
    this.#file = join(dataDir, 'ports.json');
    this.#wanted = wanted;
    this.#kept = wanted === 'configured' ? undefined : read(this.#file);
  }

  /** The ports for these peers, in their order. */
  async choose(peers: readonly Listener[]): Promise<readonly number[]> {
    if (!this.#areChosen) return peers.map(({ port }) => port);
    const usable = await Promise.all(peers.map(({ host }) => this.#usable(host)));
    const taken = new Set(Object.values(this.#kept ?? {}));
    const fresh = (await freePorts(peers.length + taken.size)).filter((port) => !taken.has(port));
    return usable.map((port) => port ?? fresh.pop() ?? 0);
  }

  /** The port of a peer at a start with these options, if it is known before: a new peer may get any free port. */
  portOf({ host, port }: Listener): number | undefined {
    return this.#areChosen ? this.#kept?.[host] : port;
  }

  /** Saves the ports of all peers of the network, unless they equal those of the description. */
  keep(peers: readonly Listener[]): void {
    if (!this.#areChosen) rmSync(this.#file, { force: true });
    else
      atomicWrite(this.#file, `${JSON.stringify(Object.fromEntries(peers.map(({ host, port }) => [host, port])))}\n`);
  }

  get #areChosen(): boolean {
    return this.#wanted === 'free' || this.#kept !== undefined;
  }

  /** The saved port of a peer. If it is taken and the caller asked for free ports, undefined. */
  async #usable(host: string): Promise<number | undefined> {
    const port = this.#kept?.[host];
    if (port === undefined || this.#wanted === 'kept') return port;
    return (await whyTaken(port)) === undefined ? port : undefined;
  }
}

function read(file: string): Readonly<Record<string, number>> | undefined {
  try {
    return savedSchema.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data;
  } catch {
    return undefined;
  }
}

/** The ports of the next start on a data directory. Its orderers need none. */
export function embeddedPorts(dataDir: string, { organisations }: Consortium): NextPorts {
  const kept = new KeptPorts(dataDir, 'kept');
  const peers = organisations.flatMap((organisation) =>
    organisation.peers.map((peer) => ({ host: hostOf(peer, organisation), port: peer.port })),
  );
  return { ports: peers.flatMap((peer) => kept.portOf(peer) ?? []), areFixed: false };
}
