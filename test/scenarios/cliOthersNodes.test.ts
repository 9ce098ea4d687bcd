import assert from 'node:assert/strict';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { createServer, type Server } from 'node:tls';
import { freePorts } from '@tracecal/network/fabric';
import { defaultConsortiumFile, readConsortium, type Consortium } from '@tracecal/network/topology';
import { memberTree, type HolderTree, type OrganisationTree } from '@tracecal/network/pki';
import { descriptionText } from '../support/ceremony.js';
import { CliUser, PROGRAM } from '../support/commandLine.js';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporaryFolder.js';

const MEMBER = 'lab-alpha';
const PEER = 'peer0.lab-alpha.example';
const LEVEL = createRequire(__filename).resolve('classic-level');
/** A peer, as far as it matters here: a process that has the files of a ledger open. */
const NODE = `const { ClassicLevel } = require(process.argv[1]);
new ClassicLevel(process.argv[2]).open().then(() => process.send('open'));
setInterval(() => undefined, 1000);`;
/** A container sees neither the processes nor the locks of others. */
const CONTAINER = ['--map-root-user', '--pid', '--fork', '--mount-proc'];

describe('Nodes that a service manager or a container runs', function () {
  this.timeout(120_000);

  let folder: string;
  let user: CliUser;
  let node: ChildProcess | undefined;
  let listener: Server | undefined;

  let port: number;

  /** The sample consortium, with a free port for the peer. */
  function described(): Consortium {
    const { organisations, ...rest } = readConsortium(defaultConsortiumFile());
    return {
      ...rest,
      organisations: organisations.map((each) =>
        each.id === MEMBER ? { ...each, peers: each.peers.map((peer) => ({ ...peer, port })) } : each,
      ),
    };
  }

  beforeEach(async () => {
    [port = 0] = await freePorts(1);
    folder = temporaryFolder();
    user = new CliUser(join(folder, MEMBER));
    const description = join(folder, 'consortium.yaml');
    writeFileSync(description, descriptionText(described()));
    await user.succeed('member', 'init', '--member', MEMBER, '--consortium', description);
  });

  afterEach(async () => {
    listener?.close();
    listener = undefined;
    if (node === undefined) return;
    node.kill('SIGKILL');
    await once(node, 'exit');
    node = undefined;
  });

  after(removeTemporaryFolders);

  async function startNode(): Promise<number> {
    const ledger = join(user.data, 'peers', PEER, 'ledgersData', 'stateLeveldb');
    mkdirSync(ledger, { recursive: true });
    node = spawn(process.execPath, ['-e', NODE, LEVEL, ledger], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    await once(node, 'message');
    return node.pid ?? 0;
  }

  function backup(): readonly string[] {
    return ['backup', '--output', join(folder, 'backup.tar.gz')];
  }

  it('are not copied while they write, and the error names the node and the process', async function () {
    if (!existsSync('/proc/locks')) {
      console.log('      SKIPPED: only Linux lists the locks of files');
      this.skip();
    }
    const pid = await startNode();
    const { code, document } = await user.run(...backup());
    assert.equal(code, 3);
    const { error } = document as { error: { code: string; message: string } };
    assert.equal(error.code, 'NODES_RUN');
    assert.match(
      error.message,
      new RegExp(`^${PEER} of ${user.data} runs: process ${pid} \\(.+\\) has its files open`),
    );
    assert.ok(!existsSync(join(folder, 'backup.tar.gz')));
  });

  it('keep their ledgers and keys when somebody resets the directory', async function () {
    if (!existsSync('/proc/locks')) {
      console.log('      SKIPPED: only Linux lists the locks of files');
      this.skip();
    }
    await startNode();
    assert.equal(await user.fail(3, 'reset', '--yes'), 'NODES_RUN');
    assert.ok(existsSync(join(user.data, 'peers', PEER, 'ledgersData', 'stateLeveldb', 'CURRENT')));
    assert.ok(existsSync(join(user.data, 'crypto-config')));
    await user.succeed('member', 'request', '--output', join(folder, 'still.json'));
  });

  it('are no matter once they have ended, whatever files they left', async () => {
    await startNode();
    node?.kill('SIGKILL');
    await once(node!, 'exit');
    node = undefined;
    await user.succeed(...backup());
    await user.succeed('reset', '--yes');
    assert.ok(!existsSync(join(user.data, 'crypto-config')));
  });

  describe('in a container, where no locks of others are shown,', () => {
    before(function () {
      if (spawnSync('unshare', [...CONTAINER, 'true']).status === 0) return;
      console.log('      SKIPPED: this machine lets nobody make namespaces of processes');
      this.skip();
    });

    async function inContainer(
      ...args: readonly string[]
    ): Promise<{ readonly code: number | null; readonly out: string }> {
      const command = [process.execPath, PROGRAM, ...args, '--json', '--data', user.data];
      const child = spawn('unshare', [...CONTAINER, ...command], { stdio: ['ignore', 'pipe', 'inherit'] });
      const [out] = await Promise.all([text(child.stdout), once(child, 'exit')]);
      return { code: child.exitCode, out };
    }

    async function listen(certificates: HolderTree): Promise<void> {
      const read = (name: string): Buffer => readFileSync(join(certificates.tls, name));
      listener = createServer({ cert: read('server.crt'), key: read('server.key') });
      listener.listen(port, '127.0.0.1');
      await once(listener, 'listening');
    }

    function tree(id: string): OrganisationTree {
      const { organisations } = readConsortium(join(user.data, 'consortium.yaml'));
      return memberTree(
        join(user.data, 'crypto-config'),
        organisations.find((each) => each.id === id)!,
      );
    }

    it('are found by the certificate that they show on their port', async () => {
      await listen(tree(MEMBER).node('peer0'));
      const { code, out } = await inContainer(...backup());
      assert.equal(code, 3, out);
      assert.match(out, new RegExp(`${PEER} of .+ runs: it answers on 127.0.0.1:${port}`));
      assert.ok(!existsSync(join(folder, 'backup.tar.gz')));
    });

    it('are not taken for another program on their port', async () => {
      const other = new CliUser(join(folder, 'another'));
      await other.succeed('member', 'init', '--member', MEMBER, '--consortium', join(user.data, 'consortium.yaml'));
      const { tls } = tree(MEMBER).node('peer0');
      await listen({ ...tree(MEMBER).node('peer0'), tls: tls.replace(user.data, other.data) });
      const { code, out } = await inContainer(...backup());
      assert.equal(code, 0, out);
    });
  });
});
