import { spawn } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { CliUser, PROGRAM, type CliRun, type RunOptions } from '../commandLine.js';
import { inside, ipIn, killIn, loadRules, processesIn, removeNamespace, run } from '../firewall/netns.js';
import { RemoteClient } from './remoteClient.js';

/** Where `ip netns exec` finds files that it shows in place of those in /etc. */
export const NAMESPACE_FILES = '/etc/netns';
const PATIENCE = '60s';
/** Denied packets are dropped, so nothing says no. */
const CONNECT = `
const [address, port] = process.argv.slice(1);
const end = (word) => process.stdout.write(word, () => process.exit(0));
require('node:net').connect({ host: address, port: Number(port) }, () => end('open')).once('error', () => end('closed'));
setTimeout(() => end('closed'), 3000);`;

/** Datagrams that were sent, and TCP connections that were opened. */
export interface Flood {
  readonly sent: number;
  readonly opened: number;
}

interface ProgramInput {
  readonly environment?: NodeJS.ProcessEnv;
  readonly stdin?: string;
}

/** A machine: its name and its only address. */
export interface MachinePlace {
  /** The id of its member, or what else it is. */
  readonly id: string;
  readonly address: string;
}

export interface MachineSurroundings {
  readonly namespace: string;
  /** The namespace of the switch, and its bridge. */
  readonly switchNamespace: string;
  readonly bridge: string;
  /** The end of the cable there. */
  readonly port: string;
  /** The folder in which each machine has its own ones. */
  readonly root: string;
  /** The user of this machine, who has no rights at all on others. */
  readonly uid: number;
  /** All names that machines know each other by: the content of their hosts file. */
  readonly hosts: string;
}

/**
 * A machine in a network namespace with its own address, its own user without an account, and folders that are for this user alone.
 * Everything of the product runs there as that user; only rules are loaded by root, as on a real machine.
 */
export class Machine {
  readonly id: string;
  readonly address: string;
  readonly uid: number;
  /** What is lost with the machine. */
  readonly home: string;
  /** What is not: the disk on which its backups are. */
  readonly vault: string;
  readonly data: string;
  readonly user: CliUser;
  readonly #surroundings: MachineSurroundings;
  /** Its end at the switch. */
  readonly #port: string;

  constructor({ id, address }: MachinePlace, surroundings: MachineSurroundings) {
    this.id = id;
    this.#port = surroundings.port;
    this.address = address;
    this.uid = surroundings.uid;
    this.home = join(surroundings.root, id);
    this.vault = join(surroundings.root, `vault-${id}`);
    this.data = join(this.home, 'data');
    this.user = new CliUser(this.data, (args, options) => this.#tracecal(args, options));
    this.#surroundings = surroundings;
  }

  /** Makes the namespace, with a cable to the switch, and the folders. */
  install(): void {
    const { namespace, switchNamespace, bridge, port, hosts } = this.#surroundings;
    const files = join(NAMESPACE_FILES, namespace);
    mkdirSync(files, { recursive: true });
    writeFileSync(join(files, 'hosts'), hosts);
    // No name server: whatever is not in the hosts file is not found.
    writeFileSync(join(files, 'resolv.conf'), '');
    run('ip', 'netns', 'add', namespace);
    const cable = [port, 'netns', switchNamespace, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', namespace];
    run('ip', 'link', 'add', ...cable);
    ipIn(switchNamespace, `link set ${port} master ${bridge}`, `link set ${port} up`);
    ipIn(namespace, 'link set lo up', `addr add ${this.address}/16 dev eth0`, 'link set eth0 up');
    for (const folder of [this.home, this.vault]) this.#own(folder);
  }

  /** Ends its processes and removes what {@link install} made, as far as it is there. */
  remove(): void {
    this.kill();
    removeNamespace(this.#surroundings.namespace);
    rmSync(join(NAMESPACE_FILES, this.#surroundings.namespace), { recursive: true, force: true });
  }

  /** The ids of its processes. */
  get processes(): readonly number[] {
    return processesIn(this.#surroundings.namespace);
  }

  /** Ends every process of the machine at once, as a power failure does. */
  kill(): void {
    killIn(this.#surroundings.namespace);
  }

  /** Loses the machine: its processes and its disk. A new one stands at the same address, with an empty disk and without rules. */
  lose(): void {
    this.kill();
    rmSync(this.home, { recursive: true });
    inside(this.#surroundings.namespace, 'nft', 'flush', 'ruleset');
    this.#own(this.home);
  }

  /** Pulls its cable out of the switch, or puts it in again. */
  cable(state: 'up' | 'down'): void {
    ipIn(this.#surroundings.switchNamespace, `link set ${this.#port} ${state}`);
  }

  /** Whether its user can open a connection. */
  async reaches({ address }: Machine, port: number): Promise<boolean> {
    const { stdout } = await this.run([process.execPath, '-e', CONNECT, address, `${port}`]);
    return stdout === 'open';
  }

  /** The packets that its rules have dropped because nothing allows them. */
  get dropped(): number {
    const rules = inside(this.#surroundings.namespace, 'nft', 'list', 'chain', 'inet', 'tracecal', 'input');
    return Number(/counter packets (\d+) bytes \d+ drop comment "What no policy allows/.exec(rules)?.[1]);
  }

  load(ruleset: string): void {
    loadRules(this.#surroundings.namespace, ruleset);
  }

  /** Runs a command about rules as root, who alone may see them, from the description of the machine's user. */
  async asRoot<T>(...args: readonly string[]): Promise<T> {
    const description = ['--consortium', join(this.data, 'consortium.yaml'), '--data', this.data];
    const { stdout, stderr } = await this.#start([
      ...this.#inNamespace,
      ...[process.execPath, PROGRAM, ...args, ...description, '--json'],
    ]);
    if (stdout === '') throw new Error(stderr);
    return JSON.parse(stdout) as T;
  }

  /** Runs a program as the user of the machine. */
  run(command: readonly string[], options?: ProgramInput): Promise<CliRun> {
    return this.#start(this.#command(command), options);
  }

  async #start([program = '', ...args]: readonly string[], { environment, stdin = '' }: ProgramInput = {}) {
    const child = spawn(program, args, { env: { ...this.#environment, ...environment }, cwd: '/' });
    child.stdin.on('error', () => undefined).end(stdin);
    const ended = new Promise<number>((resolve, reject) => {
      child.once('error', reject).once('exit', (code) => resolve(code ?? -1));
    });
    const [code, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
    return { code, stdout, stderr };
  }

  /** A client on this machine, with a connection profile of its member. */
  connect(profile: string): Promise<RemoteClient> {
    return RemoteClient.start(this.#command(RemoteClient.command(profile)), this.#environment);
  }

  /** Floods ports of another machine, until the function that this returns is called: it says how much it was. */
  flood({ address }: Machine, ports: readonly number[]): () => Promise<Flood> {
    const program = [process.execPath, join(__dirname, 'flood.js'), address, ...ports.map(String)];
    const [command = '', ...args] = this.#command(program);
    const child = spawn(command, args, { env: this.#environment, cwd: '/', stdio: ['pipe', 'pipe', 'inherit'] });
    return async () => {
      child.stdin.end();
      return JSON.parse(await text(child.stdout)) as Flood;
    };
  }

  #tracecal(args: readonly string[], { environment, stdin = '' }: RunOptions = {}): Promise<CliRun> {
    if (typeof stdin !== 'string') throw new Error('What is typed on another machine is one text.');
    return this.run([process.execPath, PROGRAM, ...args], { stdin, ...(environment && { environment }) });
  }

  get #environment(): NodeJS.ProcessEnv {
    return { PATH: process.env['PATH'], HOME: this.home, TRACECAL_TIMEOUT: PATIENCE };
  }

  #command(command: readonly string[]): readonly string[] {
    const user = ['setpriv', `--reuid=${this.uid}`, `--regid=${this.uid}`, '--clear-groups', '--no-new-privs'];
    return [...this.#inNamespace, ...user, ...command];
  }

  get #inNamespace(): readonly string[] {
    return ['ip', 'netns', 'exec', this.#surroundings.namespace];
  }

  #own(folder: string): void {
    mkdirSync(folder);
    chownSync(folder, this.uid, this.uid);
    chmodSync(folder, 0o700);
  }
}
