import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, linkSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import {
  ControlServer,
  DirectoryLock,
  networkStatus,
  requestAuthorityRotation,
  requestOrdererRotation,
  stopNetwork,
} from '@tracecal/network/control';
import { ObedientNetwork } from '../../../support/obedientNetwork.js';
import { removeTemporaryFolders, temporaryFolder } from '../../../support/temporaryFolder.js';

const SOCKET = 'control.sock';

describe('The socket of a running network', () => {
  let dataDir: string;
  let network: ObedientNetwork;
  let control: ControlServer | undefined;

  const open = async (folder = dataDir) => {
    control = await ControlServer.open({ dataDir: folder, engine: 'native', onStop: () => void control?.close() });
    return control;
  };

  beforeEach(() => {
    dataDir = join(temporaryFolder(), 'data');
    network = new ObedientNetwork();
  });
  afterEach(async () => {
    await control?.close();
    control = undefined;
  });
  after(removeTemporaryFolders);

  it('says what runs, from before the network is ready', async () => {
    const { pid } = process;
    const server = await open();
    const starting = { pid, engine: 'native', state: 'starting', organisations: [], processes: [] };
    assert.deepEqual(await networkStatus(dataDir), starting);
    server.serve(network, undefined);
    assert.deepEqual(await networkStatus(dataDir), { ...starting, state: 'running', processes: network.supervised });
  });

  it('is for its owner alone', async () => {
    await open();
    assert.equal(statSync(join(dataDir, SOCKET)).mode & 0o777, 0o600);
  });

  it('stops the network, and answers when the data directory is free again', async () => {
    await open();
    assert.equal(await stopNetwork(dataDir, 10_000), true);
    await (await DirectoryLock.take(dataDir)).release();
    assert.ok(!existsSync(join(dataDir, SOCKET)));
    assert.equal(await stopNetwork(dataDir, 10_000), false);
  });

  it('says why the network could not be stopped', async () => {
    const dataOf = { dataDir, engine: 'docker' } as const;
    const trouble = Object.assign(new Error('Docker is gone.'), { code: 'DOCKER_FAILED' });
    const server = await ControlServer.open({ ...dataOf, onStop: () => void server.close(trouble) });
    await assert.rejects(stopNetwork(dataDir, 10_000), { code: 'DOCKER_FAILED', message: 'Docker is gone.' });
    await (await DirectoryLock.take(dataDir)).release();
  });

  it('answers a request of another version in one line', async () => {
    await open();
    const connection = connect(join(dataDir, SOCKET));
    connection.end('{"start":{}}\n');
    const [, answer = ''] = (await text(connection)).split('\n');
    const { error } = JSON.parse(answer) as { error: { code: string; message: string } };
    assert.equal(error.code, 'BAD_REQUEST');
    assert.match(error.message, /^The network does not understand the request, which [^\n]+$/);
  });

  it('is nobody where a network never ran, was stopped or was killed', async () => {
    assert.equal(await networkStatus(dataDir), undefined);
    const server = createServer();
    mkdirSync(dataDir);
    await listening(server, dataDir);
    // Node removes the file when it closes in order; a second name stays, as the file of a process that was killed does.
    linkSync(join(dataDir, SOCKET), join(dataDir, 'second'));
    server.close();
    execFileSync('mv', [join(dataDir, 'second'), join(dataDir, SOCKET)]);
    assert.equal(await networkStatus(dataDir), undefined);
    await assert.rejects(requestOrdererRotation(dataDir, 'any'), { code: 'NETWORK_DOWN' });
    await open();
    assert.equal((await networkStatus(dataDir))?.state, 'starting');
  });

  for (const [how, copy] of [
    ['a copy', (to: string) => execFileSync('cp', ['-a', dataDir, to])],
    [
      'a copy made of hard links',
      (to: string) => {
        mkdirSync(to);
        linkSync(join(dataDir, SOCKET), join(to, SOCKET));
      },
    ],
  ] as const) {
    it(`is not found in ${how} of the data directory`, async () => {
      const server = await open();
      server.serve(network, undefined);
      const other = join(temporaryFolder(), 'copy');
      copy(other);
      assert.ok(existsSync(join(other, SOCKET)));
      assert.equal(await networkStatus(other), undefined);
      assert.equal(await stopNetwork(other, 10_000), false);
      await assert.rejects(requestAuthorityRotation(other, 'lab-alpha', 'tls'), { code: 'NETWORK_DOWN' });
      assert.equal((await networkStatus(dataDir))?.state, 'running');
      assert.deepEqual(network.done, []);
    });
  }

  it('goes with a data directory that is renamed', async () => {
    await open();
    const moved = `${dataDir}-moved`;
    execFileSync('mv', [dataDir, moved]);
    assert.equal((await networkStatus(moved))?.state, 'starting');
    execFileSync('mv', [moved, dataDir]);
  });

  it('may have a path longer than systems allow for sockets', async () => {
    const deep = join(dataDir, 'd'.repeat(100), 'e'.repeat(100));
    mkdirSync(deep, { recursive: true });
    await open(deep);
    assert.equal((await networkStatus(deep))?.state, 'starting');
    assert.ok(readdirSync(deep).includes(SOCKET));
    assert.equal(await stopNetwork(deep, 10_000), true);
    assert.ok(!readdirSync(deep).includes(SOCKET));
  });

  it('that cannot be made is named, and the lock is given back', async () => {
    mkdirSync(join(dataDir, SOCKET), { recursive: true });
    await assert.rejects(open(), {
      code: 'NO_SOCKET',
      message: new RegExp(`^${join(dataDir, SOCKET)} cannot be made`),
    });
    await (await DirectoryLock.take(dataDir)).release();
  });

  it('is never sent a request that a network which hangs would carry out later', async () => {
    mkdirSync(dataDir);
    const lock = await DirectoryLock.take(dataDir);
    const received: Promise<string>[] = [];
    // It accepts, and says nothing.
    const server = createServer((connection) => received.push(text(connection)));
    await listening(server, dataDir);
    const message = new RegExp(
      `process ${process.pid}\\) did not stop within 0.2 s\\. Try again, or \`kill -9 ${process.pid}\``,
    );
    await assert.rejects(stopNetwork(dataDir, 200), { code: 'NETWORK_STUCK', message });
    assert.deepEqual(await Promise.all(received), ['']);
    server.close();
    await lock.release();
  });

  it('says that the process ended when it does during a change', async () => {
    const server = await open();
    network.rotateAuthority = () => new Promise(() => void server.close());
    server.serve(network, undefined);
    await assert.rejects(requestAuthorityRotation(dataDir, 'lab-alpha', 'tls'), { code: 'NETWORK_GONE' });
  });

  for (const [what, bytes] of [
    ['no JSON', 'stop\n'],
    ['no request', '{"start":{}}\n'],
    ['a line without end', '"'.padEnd(5 * 1024 * 1024, 'x')],
  ] as const) {
    it(`is not impressed by ${what}`, async () => {
      const server = await open();
      server.serve(network, undefined);
      const connection = connect(join(dataDir, SOCKET));
      connection.on('error', () => undefined);
      connection.end(bytes);
      const answer = await text(connection).catch(() => '');
      assert.doesNotMatch(answer, /"(done|stopped)"/);
      assert.equal((await networkStatus(dataDir))?.state, 'running');
      assert.deepEqual(network.done, []);
    });
  }
});

function listening(server: Server, dataDir: string): Promise<void> {
  return new Promise((resolve) => {
    server.listen(join(dataDir, SOCKET), resolve);
  });
}
