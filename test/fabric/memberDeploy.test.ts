import assert from 'node:assert/strict';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { MemberStatus } from '@tracecal/network/engine';
import { defaultConsortiumFile, readConsortium, type Consortium } from '@tracecal/network/topology';
import { agree, ceremonyOf, type Ceremony } from '../support/ceremony.js';
import { CliUser } from '../support/commandLine.js';
import { needsFabric } from '../support/fabricBinaries.js';

const MEMBER = 'nmi-north';

/** One institute with all that a member may run: the smallest consortium. */
function alone(): Consortium {
  const { organisations, orderers, channels, chaincodes, ...rest } = readConsortium(defaultConsortiumFile());
  return {
    ...rest,
    organisations: organisations
      .filter(({ id }) => id === MEMBER)
      .map((each) => ({ ...each, peers: each.peers.map((peer) => ({ ...peer, host: '127.0.80.1' })) })),
    orderers: orderers.filter(({ runBy }) => runBy === MEMBER).map((each) => ({ ...each, host: '127.0.80.1' })),
    channels: channels
      .filter(({ name }) => name === 'calibration')
      .map((channel) => ({ ...channel, writers: [MEMBER], readers: [] })),
    chaincodes: chaincodes.filter(({ name }) => name === 'registry'),
  };
}

/**
 * Makes what systemd would make of `TemporaryFileSystem`, `BindPaths` and `BindReadOnlyPaths`, and then starts the program: of the data
 * directory it sees the named paths alone. $1 is the data directory, $2 a folder beside it, $3 the working directory, $4 the number of paths.
 */
const CONFINE = `set -eu
data=$1; aside=$2; directory=$3; count=$4; shift 4
mount --bind "$data" "$aside"
mount -t tmpfs tmpfs "$data"
while [ "$count" -gt 0 ]; do
  if [ -d "$aside/$1" ]; then mkdir -p "$data/$1"; else mkdir -p "$(dirname "$data/$1")"; touch "$data/$1"; fi
  mount --bind "$aside/$1" "$data/$1"
  shift; count=$((count - 1))
done
umount -l "$aside"
cd "$directory"
exec "$@"`;

describe("A member's nodes that are started by what deploy wrote, on native Fabric", function () {
  this.timeout(300_000);

  const running: ChildProcess[] = [];
  let ceremony: Ceremony;
  let units: string;

  before(async function () {
    needsFabric(this, 'peer', 'orderer');
    if (spawnSync('unshare', ['--map-root-user', '--mount', 'true']).status !== 0) {
      console.log('      SKIPPED: this machine lets nobody make mount namespaces');
      this.skip();
    }
    ceremony = await ceremonyOf(alone(), 'member-deploy');
    agree(ceremony);
    units = join(ceremony.root, 'units');
  });

  after(async () => {
    await Promise.all(running.map(end));
    if ((ceremony as Ceremony | undefined) !== undefined) rmSync(ceremony.root, { recursive: true, force: true });
  });

  async function end(child: ChildProcess): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    await once(child, 'exit');
  }

  function user(): CliUser {
    return new CliUser(join(ceremony.root, MEMBER));
  }

  /** What a unit says of a setting. */
  function settingsOf(file: string, name: string): readonly string[] {
    return readFileSync(join(units, file), 'utf8')
      .split('\n')
      .filter((line) => line.startsWith(`${name}=`))
      .map((line) => line.slice(name.length + 1));
  }

  /** The words of a setting, without their quotes. */
  function words(text = ''): readonly string[] {
    return [...text.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, word = '']) => word.replace(/\\(.)/g, '$1'));
  }

  /** What the check of a process's health complains of; nothing if it succeeds. */
  function complaint(unit: string): string | undefined {
    const [program = '', ...args] = words(settingsOf(unit.replace('.service', '-health.service'), 'ExecStart')[0]);
    const { status: code, stderr } = spawnSync(program, args, { encoding: 'utf8' });
    return code === 0 ? undefined : `exit code ${code}: ${stderr}`;
  }

  /** Starts the process of a unit as systemd would, in its view of the data directory. */
  function start(file: string): void {
    const settings = (name: string): readonly string[] => settingsOf(file, name);
    const [data = ''] = settings('TemporaryFileSystem').map((each) => each.replace(/:ro$/, ''));
    const paths = [...settings('BindPaths'), ...settings('BindReadOnlyPaths')].map((path) =>
      path.slice(data.length + 1),
    );
    const environment = settings('Environment')
      .flatMap(words)
      .map((each) => each.split(/=(.*)/s).slice(0, 2));
    const [directory = ''] = settings('WorkingDirectory');
    const confined = [data, join(ceremony.root, 'aside'), directory, String(paths.length), ...paths];
    const script = ['-c', `mkdir -p "$2"; ${CONFINE}`, 'sh', ...confined, ...words(settings('ExecStart')[0])];
    const child = spawn('unshare', ['--map-root-user', '--mount', 'sh', ...script], {
      env: { PATH: process.env['PATH'], ...(Object.fromEntries(environment) as Record<string, string>) },
      stdio: 'ignore',
    });
    running.push(child);
  }

  function mainUnits(): readonly string[] {
    return readdirSync(units).filter((name) => name.endsWith('.service') && !name.endsWith('-health.service'));
  }

  async function status(): Promise<{ readonly code: number; readonly status: MemberStatus }> {
    const { code, document } = await user().run('member', 'status');
    return { code, status: document as MemberStatus };
  }

  it('see nothing of the data directory but what their units name, and join by one command', async () => {
    assert.equal(await user().fail(3, 'member', 'join'), 'NOT_READY');
    await user().succeed('member', 'deploy', '--target', 'systemd', '--output', units);
    const services = readdirSync(units).filter(
      (name) => name.endsWith('.service') && !name.endsWith('-health.service'),
    );
    assert.equal(services.length, 3);
    for (const file of services) start(file);
    assert.deepEqual(await user().succeed('member', 'join'), { member: MEMBER, isWhole: true });
    const { code, status: whole } = await status();
    assert.equal(code, 0, JSON.stringify(whole));
    assert.ok(whole.nodes.every(({ isRunning, isReached }) => !isRunning && isReached));
  });

  it('run on while a command joins again, which changes nothing', async () => {
    assert.deepEqual(await user().succeed('member', 'join'), { member: MEMBER, isWhole: true });
    assert.ok(running.every(({ exitCode, signalCode }) => exitCode === null && signalCode === null));
  });

  it('are not run a second time, and their files are not written over', async () => {
    assert.equal(await user().fail(2, 'member', 'deploy', '--target', 'systemd', '--output', units), 'PATH_UNUSABLE');
    const again = join(ceremony.root, 'again');
    await user().succeed('member', 'deploy', '--target', 'systemd', '--output', again);
    assert.deepEqual(
      readdirSync(again).map((name) => readFileSync(join(again, name), 'utf8')),
      readdirSync(units).map((name) => readFileSync(join(units, name), 'utf8')),
    );
    assert.ok(existsSync(units));
    assert.equal((await status()).code, 0);
  });

  it('are neither copied, nor reset, nor started again by commands that do not run them', async () => {
    const file = join(ceremony.root, 'backup.tar.gz');
    assert.equal(await user().fail(3, 'backup', '--output', file), 'NODES_RUN');
    assert.equal(await user().fail(3, 'reset', '--yes'), 'NODES_RUN');
    const { code, stderr } = await user().run('member', 'up', '--detach');
    assert.equal(code, 3);
    assert.match(stderr, /runs: process \d+ .+ has its files open\. Stop the units or containers/);
    assert.ok(!existsSync(file));
    assert.equal((await status()).code, 0);
  });

  it('are healthy by the checks of their units, until they end', async function () {
    if (spawnSync('curl', ['--version']).status !== 0) {
      console.log('      SKIPPED: curl is not here');
      this.skip();
    }
    for (const unit of mainUnits()) assert.equal(complaint(unit), undefined, unit);
    await Promise.all(running.map(end));
    for (const unit of mainUnits()) assert.match(complaint(unit) ?? 'healthy', /^exit code/, unit);
    assert.equal((await status()).code, 3);
  });

  it('are copied when they have ended', async () => {
    await Promise.all(running.map(end));
    await user().succeed('backup', '--output', join(ceremony.root, 'backup.tar.gz'));
  });
});
