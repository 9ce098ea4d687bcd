import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';
import { Transform } from 'node:stream';

export const LOOPBACK = '127.0.0.1';
/** The connections of this machine's processes, as Linux shows them: there is no other way to tell who is calling. */
const CONNECTIONS = '/proc/net/tcp';

/** Whether partitions can be made on this machine. */
export const CAN_PARTITION = existsSync(CONNECTIONS);

/** A node that is reached through a {@link Partition}. */
interface Reached {
  readonly name: string;
  readonly pid: number | undefined;
}

/** An address and a port. */
interface Place {
  readonly host: string;
  readonly port: number;
}

/** A connection to a node, and what forwards it. */
interface Link {
  readonly to: string;
  readonly inward: Socket;
  /** There is none as long as the connection is held up from its beginning. */
  outward: Socket | undefined;
  /** What passes, on its way in each direction. */
  readonly ways: { readonly there: Transform; readonly back: Transform };
  readonly target: Place;
  cut: boolean;
  /** So long everything takes that passes. */
  delayMs: number;
}

/** What happens between some nodes and everybody else. */
interface Fault {
  readonly nodes: readonly Reached[];
  /** Undefined if nothing passes. */
  readonly delayMs?: number;
}

/**
 * Relays between nodes, that can be told to let nothing through between some of them and everybody else. As in a network that
 * is torn, nobody is told: connections stay open, and what was sent arrives when the network is whole again. They can also be slow, or end
 * connections.
 */
export class Partition {
  readonly #servers: Server[] = [];
  readonly #links = new Set<Link>();
  #fault: Fault | undefined;

  /**
   * Opens a relay to a node, and resolves with the port on which others reach the node from now on.
   * @param at Where the relay listens: by default, on any port of loopback.
   */
  async relay(to: string, target: Place, at: Place = { host: LOOPBACK, port: 0 }): Promise<number> {
    const server = createServer({ pauseOnConnect: true }, (inward) => {
      void this.#accept(linkOf(to, inward, target));
    });
    this.#servers.push(server);
    server.listen(at.port, at.host);
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  }

  /** Lets nothing through any more between these nodes and all others, in neither direction. */
  async separate(...away: readonly Reached[]): Promise<void> {
    this.#fault = { nodes: away };
    const crossing = await crossingTo(away);
    for (const link of this.#links) if (crossing(link)) cut(link);
  }

  /** Lets everything that passes between these nodes and all others take so much longer, in each direction. */
  async slowDown(delayMs: number, ...nodes: readonly Reached[]): Promise<void> {
    this.#fault = { nodes, delayMs };
    const crossing = await crossingTo(nodes);
    for (const link of this.#links) if (crossing(link)) link.delayMs = delayMs;
  }

  /** Ends all connections between these nodes and all others, whatever is under way on them. New ones may be made at once. */
  async breakOff(...nodes: readonly Reached[]): Promise<void> {
    const crossing = await crossingTo(nodes);
    for (const link of this.#links) if (crossing(link)) this.#ended(link);
  }

  /** Lets everything through again, what was held up first. */
  heal(): void {
    this.#fault = undefined;
    for (const link of this.#links) {
      link.delayMs = 0;
      if (link.cut) this.#join(link);
    }
  }

  close(): void {
    for (const server of this.#servers) server.close();
    for (const link of this.#links) destroy(link);
  }

  async #accept(link: Link): Promise<void> {
    this.#links.add(link);
    link.inward.on('error', () => undefined);
    link.inward.on('close', () => {
      this.#ended(link);
    });
    const fault = this.#fault;
    const crossing = fault === undefined ? () => false : await crossingTo(fault.nodes);
    const isConcerned = this.#fault === fault && crossing(link);
    link.delayMs = isConcerned ? (fault?.delayMs ?? 0) : 0;
    if (isConcerned && fault?.delayMs === undefined) link.cut = true;
    else this.#join(link);
  }

  #join(link: Link): void {
    link.cut = false;
    link.outward ??= this.#forward(link);
    const { inward, outward } = link;
    if (inward.destroyed || outward.destroyed) {
      destroy(link);
      this.#links.delete(link);
      return;
    }
    inward.pipe(link.ways.there);
    outward.pipe(link.ways.back);
  }

  #forward(link: Link): Socket {
    const outward = connect(link.target);
    link.ways.there.pipe(outward);
    outward.on('error', () => undefined);
    outward.on('close', () => {
      this.#ended(link);
    });
    return outward;
  }

  /** The other end hears of it when the network is whole. */
  #ended(link: Link): void {
    if (link.cut) return;
    destroy(link);
    this.#links.delete(link);
  }
}

/** Tells whether a connection leads from one side to the other. */
async function crossingTo(away: readonly Reached[]): Promise<(link: Link) => boolean> {
  const [inodes, owned] = await Promise.all([inodesByEnds(), socketsOf(away.flatMap(({ pid }) => pid ?? []))]);
  return ({ to, inward }) => {
    const ends = [placeOf(inward.remoteAddress, inward.remotePort), placeOf(inward.localAddress, inward.localPort)];
    const inode = inodes.get(ends.join(' '));
    const fromAway = inode !== undefined && owned.has(inode);
    return fromAway !== away.some(({ name }) => name === to);
  };
}

function linkOf(to: string, inward: Socket, target: Place): Link {
  const way = (): Transform => delayed(() => link.delayMs);
  const ways = { there: way(), back: way() };
  const link: Link = { to, inward, outward: undefined, ways, target, cut: false, delayMs: 0 };
  ways.back.pipe(inward);
  return link;
}

/** Lets everything through in its order, so late. */
function delayed(delayMs: () => number): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const late = delayMs();
      if (late === 0) done(null, chunk);
      else setTimeout(done, late, null, chunk);
    },
  });
}

function cut(link: Link): void {
  link.cut = true;
  link.inward.unpipe().pause();
  link.outward?.unpipe().pause();
}

function destroy({ inward, outward }: Link): void {
  inward.destroy();
  outward?.destroy();
}

/** The sockets of all connections by their two ends, the local one first. */
async function inodesByEnds(): Promise<ReadonlyMap<string, string>> {
  const [, ...lines] = (await readFile(CONNECTIONS, 'utf8')).trim().split('\n');
  return new Map(
    lines.map((line) => {
      // proc(5): number, local and remote address, state, ..., and the socket's inode as the tenth field.
      const [, local = '', remote = '', , , , , , , inode = ''] = line.trim().split(/\s+/);
      return [`${local} ${remote}`, inode];
    }),
  );
}

/** As it stands in the list of connections: `0100007F:1F90`. */
function placeOf(address = '', port = 0): string {
  // The address as a number of a little-endian machine.
  const bytes = Buffer.from(address.split('.').map(Number)).reverse();
  return `${bytes.toString('hex')}:${port.toString(16).padStart(4, '0')}`.toUpperCase();
}

/** The inodes of the sockets that processes have open. */
async function socketsOf(pids: readonly number[]): Promise<ReadonlySet<string>> {
  const found = await Promise.all(
    pids.map(async (pid) => {
      const files = await readdir(`/proc/${pid}/fd`).catch((): string[] => []);
      return Promise.all(files.map((file) => readlink(`/proc/${pid}/fd/${file}`).catch(() => '')));
    }),
  );
  return new Set(found.flat().flatMap((target) => /^socket:\[(\d+)\]$/.exec(target)?.[1] ?? []));
}
