import assert from 'node:assert/strict';
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, openSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { MemberStatus } from '@tracecal/network/engine';
import { freePorts } from '@tracecal/network/fabric';
import { defaultConsortiumFile, readConsortium, type Consortium } from '@tracecal/network/topology';
import { descriptionText } from '../support/ceremony.js';
import { CliUser } from '../support/commandLine.js';
import { eventually } from '../support/eventually.js';
import { needsFabric } from '../support/fabricBinaries.js';

const MEMBER = 'nmi-north';
const ADDRESS = '127.0.82.1';
const PATIENCE_MS = 120_000;

/** One institute with all that a member may run: the smallest consortium. */
function alone(): Consortium {
  const { organisations, orderers, channels, chaincodes, ...rest } = readConsortium(defaultConsortiumFile());
  return {
    ...rest,
    organisations: organisations
      .filter(({ id }) => id === MEMBER)
      .map((each) => ({ ...each, peers: each.peers.map((peer) => ({ ...peer, host: ADDRESS })) })),
    orderers: orderers.filter(({ runBy }) => runBy === MEMBER).map((each) => ({ ...each, host: ADDRESS })),
    channels: channels
      .filter(({ name }) => name === 'calibration')
      .map((channel) => ({ ...channel, writers: [MEMBER], readers: [] })),
    chaincodes: chaincodes.filter(({ name }) => name === 'registry'),
  };
}

/** A node or a user, as a Fabric CA knows it. */
interface Enrolled {
  readonly name: string;
  readonly type: 'peer' | 'orderer' | 'admin' | 'client';
  readonly attributes?: string;
}

describe('A member whose certificates a Fabric CA issues, on native Fabric', function () {
  this.timeout(400_000);

  const running: ChildProcess[] = [];
  let folder = '';
  let enrolled: string;

  before(async function () {
    needsFabric(this, 'fabric-ca-server', 'fabric-ca-client', 'peer', 'orderer');
    folder = await mkdtemp(join(tmpdir(), 'tracecal-fabric-ca-'));
    enrolled = join(folder, 'enrolled');
    writeFileSync(join(folder, 'consortium.yaml'), descriptionText(alone()));
    const [organisation] = alone().organisations;
    const [orderer] = alone().orderers;
    assert.ok(organisation && orderer);
    const users = organisation.users.map(({ name, roles }): Enrolled => {
      return {
        name: `${name}@${organisation.domain}`,
        type: 'client',
        attributes: `tracecal.roles=${roles.join(',')}:ecert`,
      };
    });
    await enrolAll(organisation.domain, [
      ...organisation.peers.map(({ name }): Enrolled => ({ name: `${name}.${organisation.domain}`, type: 'peer' })),
      { name: `Admin@${organisation.domain}`, type: 'admin' },
      ...users,
    ]);
    await enrolAll(orderer.domain, [
      { name: `${orderer.name}.${orderer.domain}`, type: 'orderer' },
      { name: `Admin@${orderer.domain}`, type: 'admin' },
    ]);
  });

  after(async () => {
    if (folder === '') return;
    await member().run('member', 'down');
    for (const server of running) {
      server.kill('SIGTERM');
      if (server.exitCode === null) await once(server, 'exit');
    }
    rmSync(folder, { recursive: true, force: true });
  });

  /** The two CAs of an organisation: one for identities, one for TLS. */
  async function enrolAll(domain: string, holders: readonly Enrolled[]): Promise<void> {
    const identities = await startCa(`ca.${domain}`);
    const tls = await startCa(`tlsca.${domain}`);
    for (const holder of holders) {
      identities.register(holder);
      identities.enrol(holder.name, join(enrolled, domain, holder.name, 'msp'));
      tls.register(holder);
      const hosts = [holder.name, 'localhost', '127.0.0.1', ADDRESS].join(',');
      const isNode = holder.type === 'peer' || holder.type === 'orderer';
      tls.enrol(holder.name, join(enrolled, domain, holder.name, 'tls'), [
        ...['--enrollment.profile', 'tls', '--csr.hosts', isNode ? hosts : ''],
      ]);
    }
  }

  async function startCa(commonName: string) {
    const home = join(folder, commonName);
    mkdirSync(home);
    const [port = 0] = await freePorts(1);
    const log = openSync(join(home, 'server.log'), 'w');
    writeFileSync(
      join(home, 'fabric-ca-server-config.yaml'),
      JSON.stringify({
        port,
        ca: { name: commonName },
        registry: {
          maxenrollments: -1,
          identities: [
            {
              name: 'registrar',
              pass: 'secret',
              type: 'client',
              attrs: { 'hf.Registrar.Roles': '*', 'hf.Registrar.DelegateRoles': '*', 'hf.Registrar.Attributes': '*' },
            },
          ],
        },
        db: { type: 'sqlite3', datasource: 'fabric-ca-server.db' },
        csr: { cn: commonName, keyrequest: { algo: 'ecdsa', size: 256 }, ca: { expiry: '131400h' } },
        signing: {
          default: { usage: ['digital signature'], expiry: '8760h' },
          profiles: {
            tls: { usage: ['signing', 'server auth', 'client auth'], expiry: '8760h' },
          },
        },
      }),
    );
    const server = spawn('fabric-ca-server', ['start', '-H', home, '--address', '127.0.0.1'], {
      stdio: ['ignore', log, log],
    });
    running.push(server);
    const client = (...args: readonly string[]): string =>
      execFileSync('fabric-ca-client', args, {
        encoding: 'utf8',
        env: { ...process.env, FABRIC_CA_CLIENT_HOME: home },
        stdio: 'pipe',
      });
    const at = (user: string): string => `http://${user}@127.0.0.1:${port}`;
    const registrar = join(home, 'registrar', 'msp');
    await eventually(() => client('enroll', '-u', at('registrar:secret'), '--mspdir', registrar), PATIENCE_MS);
    return {
      register({ name, type, attributes }: Enrolled): void {
        const more = attributes === undefined ? [] : ['--id.attrs', `"${attributes}"`];
        client(
          'register',
          '--id.name',
          name,
          '--id.secret',
          'pw',
          '--id.type',
          type,
          ...more,
          '-u',
          `http://127.0.0.1:${port}`,
          '--mspdir',
          registrar,
        );
      },
      enrol(name: string, mspdir: string, options: readonly string[] = []): void {
        client('enroll', '-u', at(`${encodeURIComponent(name)}:pw`), '--mspdir', mspdir, ...options);
      },
    };
  }

  function member(): CliUser {
    return new CliUser(join(folder, MEMBER));
  }

  const init = (from: string): readonly string[] => [
    ...['member', 'init', '--member', MEMBER, '--consortium', join(folder, 'consortium.yaml'), '--enrolled', from],
  ];

  it('is told what was not enrolled, and nothing is written', async () => {
    const partial = join(folder, 'partial');
    cpSync(enrolled, partial, { recursive: true });
    const [domain = ''] = alone().organisations.map((each) => each.domain);
    rmSync(join(partial, domain, `Admin@${domain}`, 'tls'), { recursive: true });
    const { code, stderr } = await member().run(...init(partial));
    assert.equal(code, 2, stderr);
    assert.match(stderr, new RegExp(`${join(domain, `Admin@${domain}`, 'tls')}.+fabric-ca-client enroll`));
    assert.ok(!existsSync(join(member().data, 'crypto-config')));
  });

  it('founds with these certificates, and has no key of a CA', async () => {
    await member().succeed(...init(enrolled));
    const cas = readdirSync(join(member().data, 'crypto-config'), { recursive: true, encoding: 'utf8' }).filter(
      (path) => /(^|\/)(tls)?ca\//.test(path),
    );
    assert.ok(
      cas.length === 4 && cas.every((path) => path.endsWith('-cert.pem')),
      cas.map((path) => basename(path)).join(),
    );
    const [file, signature] = [join(folder, 'north.json'), join(folder, 'north.signature.json')];
    await member().succeed('member', 'request', '--output', file);
    await member().succeed('member', 'assemble', file);
    await member().succeed('member', 'sign', '--output', signature);
    await member().succeed('member', 'check', signature);
  });

  it('runs its nodes, and deploys the chaincode', async () => {
    await member().succeed('member', 'up', '--detach');
    await eventually(async () => {
      const { code, document } = await member().run('member', 'status');
      assert.equal(code, 0, JSON.stringify(document as MemberStatus));
    }, PATIENCE_MS);
  });
});
