import { spawn, type ChildProcess, type ChildProcessByStdio } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import type { Order, Probe } from './agent.js';
import { inside, ipIn, killIn, loadRules, PREFIX, removeNamespace, run } from './netns.js';

const ROUTER = `${PREFIX}-router`;
const NEXT_HOP = '169.254.1.1';

/** A machine in a namespace of its own, with a cable to the router, or as an instrument to its gateway. */
export interface Place {
  readonly address: string;
  /** The address of the gateway that an instrument is behind. */
  readonly behind?: string;
}

/** Machines in network namespaces: a router that knows the way to everybody, and filters nothing. */
export class Namespaces {
  readonly #agents = new Map<string, Agent>();
  readonly #names = new Map<string, string>();

  constructor(
    readonly places: readonly Place[],
    readonly ports: readonly number[],
  ) {
    places.forEach(({ address }, index) => this.#names.set(address, `${PREFIX}-${index}`));
  }

  /** Makes the namespaces and their cables, and starts an agent in each. */
  async start(): Promise<void> {
    run('ip', 'netns', 'add', ROUTER);
    for (const name of this.#names.values()) run('ip', 'netns', 'add', name);
    this.places.forEach(({ address, behind }, index) => {
      if (behind === undefined) this.#cable(address, index);
    });
    this.places.forEach(({ address, behind }, index) => {
      if (behind !== undefined) this.#cableBehind(address, behind, index);
    });
    inside(ROUTER, 'sysctl', '-qw', 'net.ipv4.ip_forward=1');
    await Promise.all(
      this.places.map(async ({ address }) => {
        const agent = new Agent(this.#nameOf(address), this.ports);
        this.#agents.set(address, agent);
        await agent.ready;
      }),
    );
  }

  /** Ends the agents and removes the namespaces, whatever has been made of them. */
  stop(): void {
    for (const agent of this.#agents.values()) agent.stop();
    for (const name of [ROUTER, ...this.#names.values()]) {
      killIn(name);
      removeNamespace(name);
    }
  }

  /** Loads rules at an address, or on the router. */
  load(address: string, ruleset: string): void {
    const name = address === 'router' ? ROUTER : this.#nameOf(address);
    loadRules(name, ruleset);
  }

  /** The packets that a named counter of a `watch` table has counted. */
  counted(address: string, counter: string): number {
    const name = address === 'router' ? ROUTER : this.#nameOf(address);
    const text = inside(name, 'nft', 'list', 'counter', 'inet', 'watch', counter);
    return Number(/packets (\d+)/.exec(text)?.[1]);
  }

  probe(from: string, probes: readonly Probe[]): Promise<readonly boolean[]> {
    return this.#order(from, { probe: probes }) as Promise<readonly boolean[]>;
  }

  /** What an agent has received since it was asked last: `protocol source port`. */
  seen(at: string): Promise<readonly string[]> {
    return this.#order(at, { seen: true }) as Promise<readonly string[]>;
  }

  stream(from: string, to: string, port: number): Promise<boolean> {
    return this.#order(from, { stream: { to, port } }) as Promise<boolean>;
  }

  endStream(
    from: string,
  ): Promise<{ readonly rounds: number; readonly wentOn: boolean; readonly failure: string | null }> {
    return this.#order(from, { endStream: true }) as ReturnType<Namespaces['endStream']>;
  }

  /** The datagrams that arrived at an address and were dropped because the receiver's buffer was full. */
  droppedAtBuffer(address: string): number {
    const udp = inside(this.#nameOf(address), 'cat', '/proc/net/snmp')
      .split('\n')
      .filter((line) => line.startsWith('Udp: '));
    const [names = [], values = []] = udp.map((line) => line.split(' '));
    return Number(values[names.indexOf('RcvbufErrors')]);
  }

  /** Starts a Node program at an address, which is spoken to through its input and output. */
  spawn(address: string, args: readonly string[]): ChildProcessByStdio<Writable, Readable, null> {
    const command = ['netns', 'exec', this.#nameOf(address), process.execPath, ...args];
    return spawn('ip', command, { stdio: ['pipe', 'pipe', 'inherit'] });
  }

  #order(address: string, order: Order): Promise<unknown> {
    return this.#agents.get(address)!.order(order);
  }

  #nameOf(address: string): string {
    return this.#names.get(address)!;
  }

  #cable(address: string, index: number): void {
    const name = this.#nameOf(address);
    run('ip', 'link', 'add', `r${index}`, 'netns', ROUTER, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', name);
    ipIn(
      ROUTER,
      `addr add ${NEXT_HOP}/32 dev r${index}`,
      `link set r${index} up`,
      `route add ${address}/32 dev r${index}`,
    );
    ipIn(
      name,
      'link set lo up',
      `addr add ${address}/32 dev eth0`,
      'link set eth0 up',
      `route add ${NEXT_HOP} dev eth0 scope link`,
      `route add default via ${NEXT_HOP} dev eth0 onlink`,
    );
  }

  /** The worst case: the gateway forwards, and everybody knows the way to the instrument. */
  #cableBehind(address: string, gateway: string, index: number): void {
    const [name, between] = [this.#nameOf(address), this.#nameOf(gateway)];
    const network = address.replace(/\d+$/, '');
    run('ip', 'link', 'add', `i${index}`, 'netns', between, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', name);
    ipIn(between, `addr add ${network}1/24 dev i${index}`, `link set i${index} up`);
    inside(between, 'sysctl', '-qw', 'net.ipv4.ip_forward=1');
    ipIn(
      name,
      'link set lo up',
      `addr add ${address}/24 dev eth0`,
      'link set eth0 up',
      `route add default via ${network}1`,
    );
    const cable = this.places.findIndex((place) => place.address === gateway);
    ipIn(ROUTER, `route add ${network}0/24 via ${gateway} dev r${cable} onlink`);
  }
}

class Agent {
  readonly ready: Promise<void>;
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, (result: unknown) => void>();
  #count = 0;

  constructor(namespace: string, ports: readonly number[]) {
    const program = [process.execPath, join(__dirname, 'agent.js'), ...ports.map(String)];
    const child = spawn('ip', ['netns', 'exec', namespace, ...program], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#process = child;
    this.ready = new Promise((resolve, reject) => {
      child
        .once('error', reject)
        .once('exit', (code) => reject(new Error(`agent of ${namespace} ended: ${code ?? ''}`)));
      createInterface({ input: child.stdout }).on('line', (line) => {
        const { id, result } = JSON.parse(line) as { id?: number; result?: unknown };
        if (id === undefined) resolve();
        else this.#waiting.get(id)?.(result);
      });
    });
  }

  order(order: Order): Promise<unknown> {
    const id = (this.#count += 1);
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.#process.stdin?.write(`${JSON.stringify({ id, order })}\n`);
    });
  }

  stop(): void {
    this.#process.kill('SIGKILL');
  }
}
