import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { requestAuthorityRotation } from '@tracecal/network/control';
import { freePorts } from '@tracecal/network/fabric';
import { defaultConsortiumFile } from '@tracecal/network/topology';
import { CliUser } from '../support/commandLine.js';
import { engineName } from '../support/engine.js';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporaryFolder.js';

interface Up {
  readonly pid: number;
  readonly organisations: readonly { readonly id: string; readonly gatewayEndpoint: string }[];
}

/** Each scenario goes on where the one before it left off. */
describe(`The network of a data directory [${engineName}]`, function () {
  this.timeout(300_000);
  let user: CliUser;
  let copy: CliUser;
  let up: Up;

  const endpoints = ({ organisations }: Up) => organisations.map(({ gatewayEndpoint }) => gatewayEndpoint);

  async function error(exit: number, whose: CliUser, ...args: readonly string[]) {
    const { code, document, stderr } = await whose.run(...args);
    assert.equal(code, exit, stderr);
    return (document as { error: { code: string; message: string } }).error;
  }

  function copyData(): void {
    rmSync(copy.data, { recursive: true, force: true });
    execFileSync('cp', ['-a', user.data, copy.data]);
  }

  before(() => {
    const folder = temporaryFolder();
    user = new CliUser(join(folder, 'data'));
    copy = new CliUser(join(folder, 'copy'));
  });

  after(async () => {
    for (const each of [user, copy]) await each.run('reset', '--yes');
    removeTemporaryFolders();
  });

  it('is not bound to its ports by a first start that failed because one was taken', async () => {
    const description = join(temporaryFolder(), 'consortium.yaml');
    const text = readFileSync(defaultConsortiumFile(), 'utf8');
    const ports = await freePorts(100);
    const [taken] = ports;
    writeFileSync(
      description,
      text.replace(/(?<=[pP]ort: )\d+/g, () => String(ports.shift())),
    );
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(taken, '127.0.0.1', resolve));
    const start = ['up', '--detach', '--engine', engineName];
    const { code, message } = await error(3, user, ...start, '--consortium', description);
    other.close();
    assert.equal(code, 'NETWORK_START_FAILED');
    const sentence = `must listen on 127.0.0.1:${taken}, which is not free: end what listens there, or use --ports free.`;
    assert.ok(message.endsWith(sentence), message);
    up = await user.succeed<Up>(...start, '--ports', 'free');
    assert.ok(endpoints(up).every((endpoint) => !text.includes(endpoint.split(':')[1]!)));
  });

  it('keeps the free ports that were chosen, so that profiles of clients stay good', async () => {
    await user.succeed('down');
    const again = await user.succeed<Up>('up', '--detach');
    assert.deepEqual(endpoints(again), endpoints(up));
    up = again;
  });

  it('is not controlled by a copy of the directory', async () => {
    copyData();
    const { running } = await copy.answers<{ running: boolean }>(3, 'status');
    assert.equal(running, false);
    assert.deepEqual(await copy.succeed('down'), { stopped: false });
    assert.equal((await error(3, copy, 'network', 'rotate', '--org', 'lab-alpha')).code, 'NETWORK_DOWN');
    await copy.succeed('reset', '--yes');
    const { pid } = await user.succeed<{ pid: number }>('status');
    assert.equal(pid, up.pid);
  });

  it('may be copied and started as a network of its own, on other ports where they are not fixed', async () => {
    copyData();
    const { message } = await error(3, copy, 'up', '--detach');
    assert.match(message, /must listen on 127\.0\.0\.1:\d+, which is not free: end what listens there/);
    if (engineName === 'embedded') {
      assert.match(message, /, or use --ports free\.$/);
      const other = await copy.succeed<Up>('up', '--detach', '--ports', 'free');
      assert.deepEqual(
        endpoints(other).filter((endpoint) => endpoints(up).includes(endpoint)),
        [],
      );
      await copy.succeed('org', 'add', 'lab-alpha', '--certified-by', 'nmi-north');
      assert.deepEqual(await copy.succeed('down'), { stopped: true });
    } else {
      assert.match(message, /the ports of a network stay those of its first start/);
    }
    await user.succeed('status');
    await user.succeed('org', 'add', 'lab-alpha', '--certified-by', 'nmi-north');
  });

  it('that hangs is reported by stop, and works again when it continues', async () => {
    process.kill(up.pid, 'SIGSTOP');
    try {
      const { code, message } = await error(3, user, 'down');
      assert.equal(code, 'NETWORK_STUCK');
      const sentence = `The network (process ${up.pid}) did not stop within 20 s. Try again, or \`kill -9 ${up.pid}\`.`;
      assert.equal(message, sentence);
    } finally {
      process.kill(up.pid, 'SIGCONT');
    }
    const { pid } = await user.succeed<{ pid: number }>('status');
    assert.equal(pid, up.pid);
    assert.deepEqual(await user.succeed('down'), { stopped: true });
    assert.deepEqual(await user.succeed('down'), { stopped: false });
  });

  it('brings the change under way to its end before it stops', async () => {
    await user.succeed('up', '--detach');
    const [rotated, stopped] = await Promise.all([
      requestAuthorityRotation(user.data, 'lab-alpha', 'tls'),
      user.succeed('down'),
    ]);
    assert.ok(rotated.organisations.some(({ id }) => id === 'lab-alpha'));
    assert.deepEqual(stopped, { stopped: true });
  });
});
