import assert from 'node:assert/strict';
import { fork, execFile } from 'node:child_process';
import { once } from 'node:events';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { connect, readClientIdentity, TraceCalError } from '@tracecal/gateway-client';
import { CliUser, PROGRAM } from '../support/commandLine.js';
import { engineName } from '../support/engine.js';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporaryFolder.js';

interface Status {
  readonly pid: number;
  readonly processes: readonly { readonly name: string; readonly pid: number | null }[];
}

/** What a program that hangs is ended with, long after it should have ended by itself. */
const GIVE_UP_MS = 120_000;

/** A network whose processes take connections and bytes, and answer nothing: what a boot script must not wait for. */
describe(`A network that hangs [${engineName}]`, function () {
  this.timeout(300_000);
  let user: CliUser;
  let peers: readonly number[];

  const tree = () => join(user.data, 'crypto-config', 'peerOrganizations', 'nmi-north.example');
  const profile = () => join(tree(), 'connection-nmi-north.json');

  const signal = (name: 'SIGSTOP' | 'SIGCONT') => {
    for (const pid of peers) process.kill(pid, name);
  };

  before(async function () {
    if (process.platform === 'win32') {
      console.warn('        skipped: processes cannot be stopped and continued here');
      this.skip();
    }
    user = new CliUser(join(temporaryFolder(), 'data'));
    await user.succeed('up', '--detach', '--ports', 'free', '--engine', engineName);
    const { pid, processes } = await user.succeed<Status>('status');
    const own = processes.filter(({ name }) => name.startsWith('peer')).map((each) => each.pid ?? 0);
    peers = engineName === 'embedded' ? [pid] : own;
    assert.ok(peers.length > 0 && peers.every((each) => each > 0), JSON.stringify(processes));
  });

  after(async () => {
    await user.run('down');
    removeTemporaryFolders();
  });

  describe('while it does', () => {
    before(() => {
      signal('SIGSTOP');
    });

    after(() => {
      signal('SIGCONT');
    });

    for (const command of [
      ['trace', 'nmi-north/sensor'],
      ['find', '--owner', 'nmi-north'],
      ['heartbeat'],
      ['scopes', 'list', 'nmi-north'],
      ['officer', 'add', 'o-1', '--org', 'nmi-north'],
      ['device', 'set-interval', 'nmi-north/sensor', '100', '--as', 'nmi-north'],
    ]) {
      it(`lets \`tracecal ${command.join(' ')}\` end with exit code 3 and the address`, async () => {
        const { code, stdout } = await program([...command, '--timeout', '1', '--json'], user.data);
        const { error } = JSON.parse(stdout) as { error: { code: string; message: string } };
        assert.deepEqual([code, error.code], [3, 'TIMED_OUT'], error.message);
        assert.match(error.message, /localhost:\d+ gave no answer within 1 s\.$/);
      });
    }

    // On native Fabric only peers hang: the process that controls them answers.
    if (engineName === 'embedded') {
      it('lets `tracecal status` end, which says that the network does not answer', async () => {
        const { code, stdout } = await program(['status', '--timeout', '1', '--json'], user.data);
        const { error } = JSON.parse(stdout) as { error: { code: string; message: string } };
        assert.deepEqual([code, error.code], [3, 'NETWORK_STUCK']);
        assert.match(error.message, /does not answer within 1 s/);
      });

      it('lets `tracecal doctor` and `tracecal down` end, which say the same', async () => {
        const looked = await program(['doctor', '--timeout', '1', '--json'], user.data);
        assert.equal(looked.code, 3);
        assert.match(looked.stdout, /does not answer within 1 s/);
        const down = await program(['down', '--timeout', '1', '--json'], user.data);
        const { error } = JSON.parse(down.stdout) as { error: { code: string; message: string } };
        assert.deepEqual([down.code, error.code], [3, 'NETWORK_STUCK']);
        assert.match(error.message, /did not stop within 1 s/);
      });
    } else {
      it('lets `tracecal status` end, which says that no organisation is answered', async () => {
        const { code, stdout } = await program(['status', '--timeout', '1', '--json'], user.data);
        const { organisations } = JSON.parse(stdout) as { organisations: { answers: boolean }[] };
        assert.equal(code, 3);
        assert.ok(organisations.length > 0 && organisations.every(({ answers }) => !answers));
      });
    }

    it('lets a device that has only a profile end', async () => {
      const place = ['--profile', profile(), '--timeout', '1', '--json'];
      const { code, stdout } = await program(['trace', 'nmi-north/sensor', ...place], join(temporaryFolder(), 'none'));
      assert.deepEqual([code, (JSON.parse(stdout) as { error: { code: string } }).error.code], [3, 'TIMED_OUT']);
    });
  });

  it('lets an application end that has closed its client, and ends the stream that it follows', async () => {
    const child = fork(join(__dirname, '..', 'support', 'closingProgram.js'), [profile()]);
    const ended = once(child, 'exit', { signal: AbortSignal.timeout(GIVE_UP_MS) });
    await once(child, 'message');
    signal('SIGSTOP');
    try {
      child.send('the network is stopped');
      const [codes] = (await once(child, 'message')) as [readonly string[]];
      assert.deepEqual(codes, ['TIMED_OUT', 'CLIENT_CLOSED', 'CLIENT_CLOSED']);
      assert.deepEqual(await ended, [0, null]);
    } finally {
      signal('SIGCONT');
      child.kill('SIGKILL');
    }
  });

  it('leaves unknown what became of a transaction that was sent, and tells its id', async () => {
    const { identity, sign } = await readClientIdentity(
      join(tree(), 'users', 'User1@nmi-north.example'),
      'NmiNorthMSP',
    );
    let signatures = 0;
    const stopping = (message: Uint8Array): Promise<Uint8Array> => {
      signatures += 1;
      // The first is the proposal's, the second the transaction's: it is endorsed by now, and not ordered yet.
      if (signatures === 2) signal('SIGSTOP');
      return sign(message);
    };
    const tracecal = await connect({ profile: profile(), user: { identity, sign: stopping }, timeoutMs: 4000 });
    try {
      const error: unknown = await tracecal
        .anchor(randomBytes(32).toString('hex'))
        .catch((failure: unknown) => failure);
      assert.ok(error instanceof TraceCalError, 'it is not told as committed');
      assert.equal(error.code, 'OUTCOME_UNKNOWN', error.message);
      assert.match(error.txId ?? '', /^[0-9a-f]{64}$/);
      signal('SIGCONT');
      assert.match((await tracecal.outcome(error.txId ?? '')).state, /^(committed|unknown)$/);
    } finally {
      signal('SIGCONT');
      tracecal.close();
    }
  });
});

/** Runs the command line as a process of its own: that it ends is what is asked. */
function program(args: readonly string[], data: string): Promise<{ readonly code: unknown; readonly stdout: string }> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, TRACECAL_DATA: data };
    execFile(
      process.execPath,
      [PROGRAM, ...args],
      { env, timeout: GIVE_UP_MS, killSignal: 'SIGKILL' },
      (error, stdout) => {
        if (error?.killed === true) reject(new Error(`${args.join(' ')} did not end.`));
        else resolve({ code: error?.code ?? 0, stdout });
      },
    );
  });
}
