import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Context } from 'mocha';
import { PROGRAM } from '../commandLine.js';
import { ipIn, PREFIX, removeNamespace, run } from '../firewall/netns.js';
import { Machine, NAMESPACE_FILES, type MachinePlace } from './machine.js';

const SWITCH = `${PREFIX}-switch`;
const BRIDGE = 'br0';
/** Users that no machine has an account for. */
const FIRST_UID = 61_001;

/** Skips the suite out loud where a user without rights cannot run the programs of this checkout. */
export function needsUsers(context: Context): void {
  const asUser = ['--reuid', `${FIRST_UID}`, '--regid', `${FIRST_UID}`, '--clear-groups'];
  const { status } = spawnSync('setpriv', [...asUser, process.execPath, PROGRAM, '--version'], { cwd: '/' });
  if (status === 0) return;
  console.warn(
    '        skipped: setpriv is missing, or another user than root cannot read this checkout, so no member ran as its own user',
  );
  context.skip();
}

/** Machines on one switch, which know each other by name. They share the exchange folder, and nothing else. */
export class Machines {
  readonly root: string;
  readonly exchange: string;
  readonly all: readonly Machine[];

  /** @param names - Of the machines, by their addresses. */
  constructor(places: readonly MachinePlace[], names: ReadonlyMap<string, string>) {
    this.root = mkdtempSync(join(tmpdir(), 'tracecal-machines-'));
    this.exchange = join(this.root, 'exchange');
    const hosts = ['127.0.0.1 localhost', ...[...names].map(([address, name]) => `${address} ${name}`), ''].join('\n');
    this.all = places.map(
      (place, index) =>
        new Machine(place, {
          namespace: `${PREFIX}-${place.id}`,
          switchNamespace: SWITCH,
          bridge: BRIDGE,
          port: `m${index}`,
          root: this.root,
          uid: FIRST_UID + index,
          hosts,
        }),
    );
  }

  start(): void {
    // Others may pass through it and see no list of what is there.
    chmodSync(this.root, 0o711);
    mkdirSync(this.exchange);
    chmodSync(this.exchange, 0o1777);
    run('ip', 'netns', 'add', SWITCH);
    ipIn(SWITCH, `link add ${BRIDGE} type bridge`, `link set ${BRIDGE} up`);
    for (const machine of this.all) machine.install();
  }

  /** Ends and removes everything, as far as it was made. */
  stop(): void {
    for (const machine of this.all) machine.remove();
    removeNamespace(SWITCH);
    removeNamespaceFiles();
    rmSync(this.root, { recursive: true, force: true });
  }

  get(id: string): Machine {
    return this.all.find((machine) => machine.id === id)!;
  }

  /** A file that is exchanged. */
  file(name: string): string {
    return join(this.exchange, name);
  }
}

/** The folder itself, unless somebody else has files there. */
function removeNamespaceFiles(): void {
  try {
    rmdirSync(NAMESPACE_FILES);
  } catch {
    // It was never made, or is not empty.
  }
}
