import assert from 'node:assert/strict';
import { chmodSync, copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKS, DataDirectory, diagnose, quoted } from '@tracecal/cli';
import type { Examined, Finding } from '@tracecal/cli';
import { newReaderKey, newStatement, publicReaderKey, signReaderKey } from '@tracecal/gateway-client';
import { CalibrationKeys, ReaderKeys } from '@tracecal/gateway-client/application';
import type { Session } from '@tracecal/gateway-client/application';
import { canonicalBytes } from '@tracecal/core/model';
import { defaultConsortiumFile } from '@tracecal/network/topology';
import { tracecal } from '../../support/commandLine.js';
import { removeTemporaryFolders, temporaryFolder } from '../../support/temporaryFolder.js';

const NOW = '2026-03-01T12:00:00Z';
const ROOT = 'ab'.repeat(32);

/** A registry of one institute, whose last heartbeat has this date; null if it gave none. */
function registryWith(heartbeat: string | null): Session {
  const statement = newStatement('heartbeat', {
    ...{ registry: `calibration:${ROOT}`, author: 'nmi', number: 1, date: heartbeat ?? NOW },
    ...{ subject: { kind: 'registry', id: 'calibration' }, body: { digest: ROOT } },
  });
  const payload = Buffer.from(canonicalBytes(statement)).toString('base64url');
  const reader = {
    getHeartbeat: () =>
      Promise.resolve(heartbeat === null ? null : { statement: { jws: { payload, signatures: [] } } }),
    getEpoch: () => Promise.resolve({ number: 2, opened: '2026-03-01T11:00:00Z', seal: null }),
  };
  const session = {
    reader: () => Promise.resolve(reader),
    institutes: () => Promise.resolve([{ id: 'nmi', certificateSha256: ROOT, impediments: [] }]),
    keys: { has: () => true },
  };
  return session as unknown as Session;
}

describe('doctor', () => {
  let data: string;

  after(removeTemporaryFolders);

  beforeEach(() => {
    data = temporaryFolder();
    chmodSync(data, 0o700);
  });

  /** What a check finds. Without `registry` nothing answers. */
  async function findings(name: string, { registry, ...what }: Partial<Examined> & { registry?: Session } = {}) {
    const examined: Examined = {
      data: new DataDirectory(data, {}),
      now: new Date(NOW),
      nodeVersion: '20.9.0',
      freeBytes: () => Promise.resolve(1e12),
      isTaken: () => Promise.resolve(false),
      profile: undefined,
      session: () => Promise.resolve(registry ?? assert.fail()),
      running: () => Promise.resolve(undefined),
      clocks: () => Promise.resolve([]),
      answered: () => (registry ? Promise.resolve(7) : Promise.reject(new Error('nobody answers'))),
      ...what,
    };
    const all = await diagnose(CHECKS, examined);
    return all.find(({ check }) => check === name)?.findings ?? [];
  }

  const one = async (...args: Parameters<typeof findings>): Promise<Finding> => {
    const [found, ...more] = await findings(...args);
    assert.deepEqual(more, []);
    return found!;
  };

  it('works without a data directory, fails nothing there, and says what to run first', async () => {
    const nowhere = join(data, 'nowhere');
    const { code, stdout, stderr } = await tracecal(['doctor', '--json', '--data', nowhere]);
    assert.equal(code, 0, stderr);
    const { ok, checks } = JSON.parse(stdout) as { ok: boolean; checks: { findings: Finding[] }[] };
    assert.equal(ok, true);
    assert.equal(checks.length, CHECKS.length);
    const nexts = checks.flatMap(({ findings: all }) => all.flatMap(({ next }) => next ?? []));
    assert.equal(nexts[0], 'tracecal up --detach');
    const people = await tracecal(['doctor', '--data', nowhere], { environment: { COLUMNS: '250' } });
    assert.match(people.stdout, /^ok {4}node {12}Node \d/m);
    assert.match(
      people.stdout,
      /^warn {2}data directory {2}.*does not exist.*\n +next: tracecal up --detach --data \S+nowhere$/m,
    );
  });

  it('exits with 3 if something fails, and says what to do', async () => {
    await new CalibrationKeys(join(data, 'keys')).organisation('nmi', null);
    const key = join(data, 'keys', 'organisations', 'nmi.key.pem');
    chmodSync(key, 0o640);
    const { code, stdout } = await tracecal(['doctor', '--data', data], { environment: { COLUMNS: '250' } });
    assert.equal(code, 3);
    assert.match(
      stdout,
      /^fail {2}keys .*others can read the key of organisation nmi\n +next: chmod 600 '.*nmi\.key\.pem'$/m,
    );
    assert.doesNotMatch(stdout, new RegExp(readFileSync(key, 'utf8').split('\n')[1]!.slice(0, 20)));
  });

  it('quotes paths in the commands that it names', async () => {
    data = join(data, "gamma's lab");
    mkdirSync(data);
    chmodSync(data, 0o755);
    writeFileSync(join(data, 'consortium.yaml'), readFileSync(defaultConsortiumFile()));
    assert.equal((await one('data directory')).next, `chmod 700 ${quoted(data)}`);
  });

  it('finds a directory that is a copy, as long as its user has not confirmed that the original is gone', async () => {
    writeFileSync(join(data, 'consortium.yaml'), readFileSync(defaultConsortiumFile()));
    const copy = { restored: NOW, made: NOW, host: 'old-machine', directory: '/srv/tracecal' };
    writeFileSync(join(data, 'restored.json'), JSON.stringify(copy));
    const { level, message } = await one('data directory');
    assert.equal(level, 'warn');
    assert.match(message, /was restored from a backup of \/srv\/tracecal on old-machine/);
    rmSync(join(data, 'restored.json'));
    assert.equal((await one('data directory')).level, 'ok');
  });

  it('finds a Node that is too old', async () => {
    assert.match((await one('node', { nodeVersion: '18.20.1' })).message, /too old: install 20\.9\.0/);
    for (const [nodeVersion, level] of [
      ['20.8.9', 'fail'],
      ['20.9.0', 'ok'],
      ['22.0.0', 'ok'],
    ] as const) {
      assert.equal((await one('node', { nodeVersion })).level, level);
    }
  });

  it('finds a disk that is full or nearly', async () => {
    for (const [free, level] of [
      [5e7, 'fail'],
      [5e8, 'warn'],
      [5e9, 'ok'],
    ] as const) {
      assert.equal((await one('disk', { freeBytes: () => Promise.resolve(free) })).level, level);
    }
  });

  it('finds ports in use where a network is to be started', async () => {
    const { level, message, next } = await one('ports', { isTaken: (port) => Promise.resolve(port === 7051) });
    assert.deepEqual([level, next], ['warn', 'tracecal up --detach --ports free']);
    assert.match(message, /port 7051 .* is in use/);
    assert.equal((await one('ports')).level, 'ok');
  });

  describe('of a network that was started before', () => {
    const describedBy = (engine: string) => {
      writeFileSync(join(data, 'consortium.yaml'), readFileSync(defaultConsortiumFile()));
      writeFileSync(join(data, 'engine'), engine);
    };
    const inUse = (...taken: readonly number[]) => ({
      isTaken: (port: number) => Promise.resolve(taken.includes(port)),
    });

    it('looks at the free ports that it chose, not at those of its description', async () => {
      describedBy('embedded');
      writeFileSync(join(data, 'ports.json'), JSON.stringify({ 'peer0.oem-a.example': 21_001 }));
      const { message, next } = await one('ports', inUse(7051, 21_001));
      assert.match(message, /^port 21001 of the network is in use$/);
      assert.equal(next, 'tracecal up --detach --ports free');
    });

    it('suggests no free ports to real Fabric, whose channels contain the ports', async () => {
      describedBy('native');
      const node = { port: 21_001, operations: 21_002 };
      const placed = { description: '', nodes: { 'peer0.oem-a.example': node }, services: { 'cc.oem-a': 21_003 } };
      writeFileSync(join(data, 'native.json'), JSON.stringify(placed));
      for (const port of [21_001, 21_002, 21_003]) {
        const { message, next } = await one('ports', inUse(port));
        assert.match(
          message,
          new RegExp(`^port ${port} .* in use: end what listens there, .* cannot change its ports`),
        );
        assert.equal(next, undefined);
      }
      writeFileSync(join(data, 'native.json'), JSON.stringify({ ...placed, isNew: true }));
      assert.equal((await one('ports', inUse(21_001))).level, 'ok', 'a first start that failed fixes nothing');
      const configured = await one('ports', inUse(7051));
      assert.equal(configured.next, 'tracecal up --detach --ports free');
    });
  });

  it('finds certificates that have ended or end soon, and how to renew them', async () => {
    const keys = new CalibrationKeys(join(data, 'keys'));
    await keys.organisation('lab', null);
    await keys.technician('lab/t');
    const inDays = (days: number) => new Date(Date.now() + days * 86_400_000);
    assert.equal((await one('keys')).level, 'ok');
    const soon = await one('keys', { now: inDays(1800) });
    assert.deepEqual([soon.level, soon.next], ['warn', 'tracecal technician authorise lab/t --new-key']);
    const ended = await findings('keys', { now: inDays(4000) });
    assert.deepEqual(
      ended.map(({ level, next }) => [level, next]),
      [
        ['fail', 'tracecal org renew lab'],
        ['fail', 'tracecal technician authorise lab/t --new-key'],
      ],
    );
    assert.match((await one('roles')).message, /sign as organisation lab; technician lab\/t/);
  });

  it("finds readers' keys that have ended or end soon, and who makes another one", async () => {
    assert.match((await one('readers')).message, /none is needed/);
    const signers = new CalibrationKeys(join(data, 'keys'));
    const readers = new ReaderKeys(join(data, 'keys'), join(data, 'content'));
    for (const [organisation, until] of [
      ['lab', '2026-03-20'],
      ['oem', '2026-02-28'],
    ] as const) {
      await signers.organisation(organisation, null);
      const secret = organisation === 'lab' ? await readers.own(organisation) : newReaderKey();
      const wish = { registry: `calibration:${ROOT}`, organisation, key: publicReaderKey(secret), until };
      await readers.keep(await signReaderKey(wish, await signers.signer('organisation', organisation)));
    }
    const found = await findings('readers');
    assert.deepEqual(
      found.map(({ level, message, next }) => [level, message.split(':')[0], next]),
      [
        ['warn', "the reader's key of lab ends on 2026-03-20", 'tracecal keys make --as lab'],
        ['warn', "the reader's key of oem ended on 2026-02-28", undefined],
      ],
    );
    const before = await one('readers', { now: new Date('2026-01-01T00:00:00Z') });
    assert.deepEqual([before.level, before.message], ['ok', "2 readers' keys, 1 private"]);
    chmodSync(join(data, 'keys', 'readers', 'lab', 'current.key.pem'), 0o644);
    assert.equal((await one('readers')).level, 'fail');
  });

  it('finds keys that nobody can sign with, and counts them as no role', async () => {
    const keys = new CalibrationKeys(join(data, 'keys'));
    await keys.organisation('lab', null);
    await keys.officer('lab/o-1');
    await keys.officer('lab/o-2');
    await keys.technician('lab/t');
    await keys.technician('lab/u');
    const file = (name: string) => join(data, 'keys', name);
    writeFileSync(file('officers/lab%2Fo-1.key.pem'), '');
    copyFileSync(file('officers/lab%2Fo-1.cert.pem'), file('officers/lab%2Fo-2.cert.pem'));
    copyFileSync(file('technicians/lab%2Fu.key.pem'), file('technicians/lab%2Ft.key.pem'));
    const found = await findings('keys');
    assert.deepEqual(
      found.map(({ level, message }) => [level, /the key of (.*?);/.exec(message)?.[1]]),
      [
        ['fail', 'officer lab/o-1: it cannot be read'],
        ['fail', 'officer lab/o-2: its certificate names somebody else'],
        ['fail', 'technician lab/t: it is not that of its certificate'],
      ],
    );
    assert.equal((await one('roles')).message, 'you can sign as organisation lab; technician lab/u');
  });

  it('says that the network of the directory is not running', async () => {
    writeFileSync(join(data, 'consortium.yaml'), readFileSync(defaultConsortiumFile()));
    writeFileSync(join(data, 'engine'), 'embedded');
    const { level, next } = await one('gateway');
    assert.deepEqual([level, next], ['fail', 'tracecal up --detach']);
    assert.match((await one('heartbeats')).message, /not checked/);
  });

  it("finds this machine's clock behind the ledger", async () => {
    for (const [heartbeat, level] of [
      ['2026-03-01T11:59:00Z', 'ok'],
      ['2026-03-01T12:05:00Z', 'warn'],
      ['2026-03-01T13:00:00Z', 'fail'],
    ] as const) {
      assert.equal((await one('clock', { registry: registryWith(heartbeat) })).level, level, heartbeat);
    }
  });

  it("compares the clock with those of other members' peers, also where no registry answers", async () => {
    const clocks = (...seconds: readonly number[]) => ({
      clocks: () => Promise.resolve(seconds.map((aheadSeconds, place) => ({ name: `peer${place}`, aheadSeconds }))),
    });
    const levelOf = async (...seconds: readonly number[]) => (await findings('clock', clocks(...seconds)))[0]?.level;
    assert.deepEqual(await Promise.all([levelOf(1, -2), levelOf(-120, -130), levelOf(1000, 990)]), [
      'ok',
      'warn',
      'fail',
    ]);
    const found = await findings('clock', { ...clocks(120), registry: registryWith(NOW) });
    assert.deepEqual(
      found.map(({ level }) => level),
      ['warn', 'ok'],
    );
  });

  it('finds institutes without a recent heartbeat', async () => {
    const never = await one('heartbeats', { registry: registryWith(null) });
    assert.deepEqual([never.level, never.next], ['warn', 'tracecal heartbeat --as nmi']);
    assert.match((await one('heartbeats', { registry: registryWith('2026-02-27T12:00:00Z') })).message, /48 h ago/);
    assert.equal((await one('heartbeats', { registry: registryWith('2026-03-01T11:00:00Z') })).level, 'ok');
  });

  it('compares the trust file with the registry', async () => {
    const trust = (sha256: string) => {
      const roots = [{ name: 'nmi', sha256 }];
      writeFileSync(
        join(data, 'trust.json'),
        JSON.stringify({ heartbeats: { k: 1 }, roots, type: 'tracecal-trust/1' }),
      );
    };
    assert.match((await one('trust')).message, /no trust file/);
    trust(ROOT);
    assert.equal((await one('trust')).level, 'ok', 'also where the registry does not answer');
    assert.equal((await one('trust', { registry: registryWith(null) })).level, 'ok');
    trust('cd'.repeat(32));
    assert.match((await one('trust', { registry: registryWith(null) })).message, /root nmi is the certificate of no/);
    writeFileSync(join(data, 'trust.json'), '{');
    assert.equal((await one('trust')).level, 'fail');
  });
});
