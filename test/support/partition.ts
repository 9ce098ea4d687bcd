import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';

const LOOPBACK = '127.0.0.1';
/** The connections of this machine's processes, as Linux shows them: there is no other way to tell who is calling. */
const CONNECTIONS = '/proc/net/tcp';

/** Whether partitions can be made on this machine. */
export const CAN_PARTITION = existsSync(CONNECTIONS);

/** A node that is reached through a {@link Partition}. */
interface Reached {
  readonly name: string;
  readonly pid: number | undefined;
}

/** A connection to a node, and what forwards it. */
interface Link {
  readonly to: string;
  readonly inward: Socket;
  /** There is none as long as the connection is held up from its beginning. */
  outward: Socket | undefined;
  readonly targetPort: number;
  cut: boolean;
}

/**
 * Relays between nodes, that can be told to let nothing through between some of them and everybody else. As in a network that
 * is torn, nobody is told: connections stay open, and what was sent arrives when the network is whole again.
 */
export class Partition {
  readonly #servers: Server[] = [];
  readonly #links = new Set<Link>();
  #away: readonly Reached[] = [];

  /** Opens a relay to a node, and resolves with the port on which others reach the node from now on. */
  async relay(to: string, targetPort: number): Promise<number> {
    const server = createServer({ pauseOnConnect: true }, (inward) => {
      void this.#accept({ to, inward, outward: undefined, targetPort, cut: false });
    });
    this.#servers.push(server);
    server.listen(0, LOOPBACK);
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  }

  /** Lets nothing through any more between these nodes and all others, in neither direction. */
  async separate(...away: readonly Reached[]): Promise<void> {
    this.#away = away;
    const crossing = await this.#crossing();
    for (const link of this.#links) if (crossing(link)) cut(link);
  }

  /** Lets everything through again, what was held up first. */
  heal(): void {
    this.#away = [];
    for (const link of this.#links) if (link.cut) this.#join(link);
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
    const away = this.#away;
    const crossing = away.length > 0 ? await this.#crossing() : () => false;
    if (this.#away === away && crossing(link)) link.cut = true;
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
    inward.pipe(outward);
    outward.pipe(inward);
  }

  #forward(link: Link): Socket {
    const outward = connect(link.targetPort, LOOPBACK);
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

  /** Tells whether a connection leads from one side to the other. */
  async #crossing(): Promise<(link: Link) => boolean> {
    const away = this.#away;
    const [inodes, owned] = await Promise.all([inodesByPorts(), socketsOf(away.flatMap(({ pid }) => pid ?? []))]);
    return ({ to, inward }) => {
      const inode = inodes.get(`${inward.remotePort} ${inward.localPort}`);
      const fromAway = inode !== undefined && owned.has(inode);
      return fromAway !== away.some(({ name }) => name === to);
    };
  }
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

/** The sockets of all connections by their two ports, the local one first. */
async function inodesByPorts(): Promise<ReadonlyMap<string, string>> {
  const [, ...lines] = (await readFile(CONNECTIONS, 'utf8')).trim().split('\n');
  return new Map(
    lines.map((line) => {
      // proc(5): number, local and remote address, state, ..., and the socket's inode as the tenth field.
      const [, local = '', remote = '', , , , , , , inode = ''] = line.trim().split(/\s+/);
      return [`${portOf(local)} ${portOf(remote)}`, inode];
    }),
  );
}

/** `0100007F:1F90` */
function portOf(address: string): number {
  return Number.parseInt(address.split(':')[1] ?? '', 16);
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
