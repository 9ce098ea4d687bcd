import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { dockerState, DockerLayout } from '@tracecal/network/fabric';
import { defaultConsortiumFile, membersOf, readConsortium } from '@tracecal/network/topology';
import { CliUser, datedExampleFiles, type DatedExamples } from '../support/commandLine.js';
import { eventually } from '../support/eventually.js';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporaryFolder.js';

interface Container {
  readonly Id: string;
  readonly Name: string;
  readonly Config: { readonly User: string; readonly Image: string };
  readonly HostConfig: {
    readonly ReadonlyRootfs: boolean;
    readonly CapDrop: readonly string[];
    readonly SecurityOpt: readonly string[];
    readonly PortBindings: Readonly<Record<string, readonly { readonly HostIp: string }[]>>;
  };
  readonly State: { readonly Health: { readonly Status: string } };
}

const SENSOR = 'TT20-10233';

/** The containers of a chaincode: one for each member of its channels. */
function containersOf(chaincode: string, version: string): readonly string[] {
  const { chaincodes, channels, organisations } = readConsortium(defaultConsortiumFile());
  const places = chaincodes.find(({ name }) => name === chaincode)!.channels;
  const members = channels.filter(({ name }) => places.includes(name)).flatMap(membersOf);
  return organisations
    .filter(({ id }) => members.includes(id))
    .map(({ domain }) => `chaincode-${chaincode}-${version}.${domain}`);
}

async function docker(...args: readonly string[]): Promise<string> {
  return (await promisify(execFile)('docker', args)).stdout.trim();
}

describe('Real Fabric in containers', function () {
  this.timeout(900_000);
  let user: CliUser;
  let examples: DatedExamples;
  let data = '';

  /** What docker lists of this network. */
  async function listed(what: 'ps' | 'network' | 'volume'): Promise<readonly string[]> {
    const filter = ['--filter', `label=com.docker.compose.project=${new DockerLayout(data).project}`];
    const lines = await docker(...(what === 'ps' ? ['ps', '--all'] : [what, 'ls']), '--quiet', ...filter);
    return lines === '' ? [] : lines.split('\n');
  }

  async function images(): Promise<string> {
    const filter = `label=tracecal.network=${new DockerLayout(data).project}`;
    return docker('images', '--filter', filter, '--format', '{{.Repository}}');
  }

  async function containers(): Promise<readonly Container[]> {
    return JSON.parse(await docker('inspect', ...(await listed('ps')))) as Container[];
  }

  async function chaincodeContainers(): Promise<readonly string[]> {
    return (await containers()).map(({ Name }) => Name.slice(1)).filter((name) => name.includes('chaincode-'));
  }

  function trace(): Promise<{ readonly status: string }> {
    return user.succeed('trace', SENSOR);
  }

  before(async () => {
    data = join(temporaryFolder(), 'data');
    user = new CliUser(data);
    examples = await datedExampleFiles();
  });

  after(async () => {
    if (data !== '') await user.run('reset', '--yes');
    removeTemporaryFolders();
  });

  it('is up when every organisation reaches the registry', async () => {
    await user.succeed('up', '--detach', '--engine', 'docker', '--ports', 'free');
    assert.equal(await dockerState(data), 'running');
    const { engine, organisations } = await user.succeed<{ engine: string; organisations: { answers: boolean }[] }>(
      'status',
    );
    assert.equal(engine, 'docker');
    assert.equal(organisations.length, 8);
    assert.ok(organisations.every(({ answers }) => answers));
  });

  it('has all of them healthy', () =>
    eventually(async () => {
      for (const { Name, State } of await containers()) assert.equal(State.Health.Status, 'healthy', Name);
    }));

  it('gives them no capability, no writable root and no port beyond loopback', async () => {
    for (const { Name, HostConfig } of await containers()) {
      assert.equal(HostConfig.ReadonlyRootfs, true, Name);
      assert.deepEqual(HostConfig.CapDrop, ['ALL'], Name);
      assert.deepEqual(HostConfig.SecurityOpt, ['no-new-privileges:true'], Name);
      for (const bindings of Object.values(HostConfig.PortBindings)) {
        assert.deepEqual(new Set(bindings.map(({ HostIp }) => HostIp)), new Set(['127.0.0.1']), Name);
      }
    }
  });

  it('takes them from pinned images', async () => {
    for (const { Name, Config } of await containers()) {
      if (!Name.includes('chaincode-')) assert.match(Config.Image, /:\d+\.\d+\.\d+$/, Name);
    }
  });

  it('runs the chaincodes of each member as somebody who is not root, and who cannot write into the image', async () => {
    const names = await chaincodeContainers();
    const expected = ['registry', 'measurement', 'monitoring'].flatMap((name) => containersOf(name, '1.0'));
    assert.equal(names.length, expected.length);
    for (const name of names) {
      assert.notEqual(await docker('exec', name, 'id', '-u'), '0');
      await assert.rejects(docker('exec', name, 'touch', '/chaincode/written'), /Read-only file system/);
    }
  });

  it('commits what two institutes endorse', async () => {
    const grant = ['scopes', 'grant', 'nmi-north', examples.scopes];
    const { endorsedBy } = await user.succeed<{ endorsedBy: readonly string[] }>(...grant);
    assert.ok(endorsedBy.length >= 2, endorsedBy.join());
  });

  it('traces a sensor to the institute, from reports issued by hand', async () => {
    const [institute, laboratory, factory, sensor] = examples.temperature;
    await user.succeed('org', 'add', 'lab-alpha', '--certified-by', 'nmi-north', '--scopes', examples.scopes);
    await user.succeed('org', 'add', 'oem-a', '--certified-by', 'lab-alpha');
    for (const organisation of ['nmi-north', 'lab-alpha', 'oem-a']) {
      const what = ['--org', organisation, '--quantities', 'temperature'];
      await user.succeed('technician', 'add', `t-${organisation}`, ...what);
    }
    for (const [file, technician, imprinter, kind] of [
      [institute, 't-nmi-north', 't-nmi-north', 'standard'],
      [laboratory, 't-nmi-north', 't-lab-alpha', 'standard'],
      [factory, 't-lab-alpha', 't-oem-a', 'standard'],
      [sensor, 't-oem-a', 't-oem-a', 'field'],
    ] as const) {
      const by = ['--technician', technician, '--imprinter', imprinter, '--kind', kind];
      await user.succeed('dcc', 'import', file, ...by);
    }
    const again = ['--technician', 't-oem-a', '--dcc', sensor];
    await user.succeed('report', 'amend', 'EXAMPLE-OEMA-T-2026-10233', 'by-hand-1', '--yes', ...again);
    assert.equal((await trace()).status, 'TRACEABLE');
  });

  it('goes over to another version of a chaincode, and touches no other container', async () => {
    const before = new Map((await containers()).map(({ Id, Name }) => [Name, Id]));
    const { version, sequence } = await user.succeed<{ version: string; sequence: number }>(
      ...['chaincode', 'upgrade', 'registry', '--to', '1.1'],
    );
    assert.deepEqual([version, sequence], ['1.1', 2]);
    assert.equal((await trace()).status, 'TRACEABLE');
    const after = new Map((await containers()).map(({ Id, Name }) => [Name, Id]));
    const changed = new Set(
      [...before, ...after].filter(([name, id]) => before.get(name) !== id || after.get(name) !== id),
    );
    assert.deepEqual(
      Array.from(changed, ([name]) => name.replace(/^.*(chaincode-.*?)[-_]1$/, '$1')).sort(),
      [...containersOf('registry', '1.0'), ...containersOf('registry', '1.1')].sort(),
    );
    assert.ok(!(await images()).includes('registry-1.0'));
  });

  it('finds its data when it is started again', async () => {
    assert.deepEqual(await user.succeed('down'), { stopped: true });
    assert.equal(await dockerState(data), 'stopped');
    assert.deepEqual(await listed('ps'), []);
    await user.succeed('up', '--detach');
    assert.equal((await trace()).status, 'TRACEABLE');
    assert.equal(await user.fail(7, 'org', 'add', 'oem-a', '--certified-by', 'lab-alpha'), 'ALREADY_EXISTS');
  });

  it('leaves no container, network, volume or image behind after a reset', async () => {
    await user.succeed('reset', '--yes');
    assert.equal(await dockerState(data), 'absent');
    for (const what of ['ps', 'network', 'volume'] as const) assert.deepEqual(await listed(what), [], what);
    assert.equal(await images(), '');
  });
});
