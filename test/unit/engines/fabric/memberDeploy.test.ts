import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import {
  deploymentOf,
  DockerLayout,
  memberCompose,
  place,
  prepareOwnChaincodes,
  stageChaincode,
  systemdFiles,
  type Deployment,
} from '@tracecal/network/fabric';
import { defaultConsortiumFile, readConsortium } from '@tracecal/network/topology';
import { withTemporaryFolder } from './temporaryFolder.js';

const consortium = readConsortium(defaultConsortiumFile());
const MEMBER = 'lab-alpha';
const OTHERS = consortium.organisations.filter(({ id }) => id !== MEMBER).map(({ id }) => id);
const PROCESSES = ['orderer4.orderer.lab-alpha.example', 'peer0.lab-alpha.example', 'registry.lab-alpha.example-1.0'];
/** What verifiers look for in place of Fabric's programs. */
const MACHINE = {
  uid: 990,
  gid: 991,
  node: process.execPath,
  binaries: { peer: process.execPath, orderer: process.execPath },
};

interface Service {
  readonly user: string;
  readonly restart: string;
  readonly network_mode: string;
  readonly read_only: boolean;
  readonly cap_drop: readonly string[];
  readonly security_opt: readonly string[];
  readonly mem_limit: string;
  readonly pids_limit: number;
  readonly logging: { readonly options: Readonly<Record<string, string>> };
  readonly healthcheck: { readonly test: readonly string[] };
  readonly volumes: readonly { readonly source: string; readonly read_only?: boolean }[];
}

/** The deployment of the member in a folder of its own. */
function deployed(use: (deployment: Deployment, folder: string) => Promise<void> | void): () => Promise<void> {
  return () =>
    withTemporaryFolder(async (folder) => {
      const layout = new DockerLayout(folder);
      const placement = await place(layout, consortium, 'configured', MEMBER);
      const chaincodes = await prepareOwnChaincodes(layout, placement, consortium.chaincodes, {});
      await use(deploymentOf(layout, placement, chaincodes), folder);
    });
}

function settings(file: string, name: string): readonly string[] {
  return file
    .split('\n')
    .filter((line) => line.startsWith(`${name}=`))
    .map((line) => line.slice(name.length + 1));
}

/** Lines that name somebody else, other than the certificate of an orderers' TLS authority, which every orderer needs. */
function foreignLines(text: string): readonly string[] {
  return text
    .split('\n')
    .filter((line) => OTHERS.some((id) => line.includes(id)) && !/\/tlsca\/[^/]+-cert\.pem$/.test(line));
}

async function isThere(program: string, ...args: readonly string[]): Promise<boolean> {
  return promisify(execFile)(program, args).then(
    () => true,
    () => false,
  );
}

describe("The units that run a member's nodes", () => {
  function units({ nodes, services, ...rest }: Deployment): ReadonlyMap<string, string> {
    return systemdFiles({ nodes, services, ...rest }, MACHINE);
  }

  function mainUnits(deployment: Deployment): readonly (readonly [name: string, text: string])[] {
    return [...units(deployment)].filter(([name]) => name.endsWith('.service') && !name.endsWith('-health.service'));
  }

  it(
    'are one for each of its processes, each with a check of its health, and nothing of others',
    deployed((deployment) => {
      const files = units(deployment);
      const expected = PROCESSES.flatMap((name) => [
        `tracecal-${name}.service`,
        `tracecal-${name}-health.service`,
        `tracecal-${name}-health.timer`,
      ]);
      assert.deepEqual(
        [...files.keys()].sort(),
        [...expected, 'journald@tracecal-lab-alpha.conf', 'tracecal-lab-alpha.target'].sort(),
      );
      for (const [name, text] of files) assert.deepEqual(foreignLines(text), [], name);
    }),
  );

  it(
    'start after a reboot by one target, and again whenever a process ends',
    deployed((deployment) => {
      const target = units(deployment).get('tracecal-lab-alpha.target') ?? '';
      assert.deepEqual(settings(target, 'WantedBy'), ['multi-user.target']);
      assert.deepEqual(
        settings(target, 'Wants').toSorted(),
        PROCESSES.flatMap((name) => [`tracecal-${name}.service`, `tracecal-${name}-health.timer`]).toSorted(),
      );
      for (const [name, text] of mainUnits(deployment)) {
        assert.deepEqual(settings(text, 'Restart'), ['always'], name);
        assert.deepEqual(settings(text, 'StartLimitIntervalSec'), ['0'], name);
        assert.deepEqual(settings(text, 'PartOf'), ['tracecal-lab-alpha.target'], name);
      }
    }),
  );

  it(
    'let a process change its own folder alone, and see no key but its own',
    deployed((deployment, folder) => {
      for (const [name, text] of mainUnits(deployment)) {
        assert.deepEqual(settings(text, 'TemporaryFileSystem'), [`${folder}:ro`], name);
        const own = PROCESSES.find((each) => name === `tracecal-${each}.service`)!;
        for (const path of settings(text, 'BindPaths')) assert.ok(path.endsWith(`/${own}`), path);
        for (const path of settings(text, 'BindReadOnlyPaths')) {
          assert.match(path, /\/(?:peers|orderers)\/[^/]+$|\/tlsca\/[^/]+-cert\.pem$|\/tls$|\/builders\/ccaas$/, name);
        }
      }
    }),
  );

  it(
    'run as the user who owns the files, without privileges and within limits',
    deployed((deployment) => {
      for (const [name, text] of mainUnits(deployment)) {
        assert.deepEqual([settings(text, 'User'), settings(text, 'Group')], [['990'], ['991']], name);
        assert.deepEqual(settings(text, 'CapabilityBoundingSet'), [''], name);
        assert.deepEqual(
          [settings(text, 'NoNewPrivileges'), settings(text, 'ProtectSystem')],
          [['yes'], ['strict']],
          name,
        );
        for (const limit of ['MemoryMax', 'TasksMax', 'LimitNOFILE'])
          assert.equal(settings(text, limit).length, 1, name);
      }
    }),
  );

  it('are accepted by systemd, and among its safest', async function () {
    this.timeout(60_000);
    if (!(await isThere('systemd-analyze', '--version'))) {
      console.log('      SKIPPED: systemd-analyze is not here');
      this.skip();
    }
    await deployed(async (deployment, folder) => {
      const place = join(folder, 'units');
      await mkdir(place);
      const files = [...units(deployment)].filter(([name]) => !name.startsWith('journald'));
      for (const [name, text] of files) await writeFile(join(place, name), text);
      const paths = files.map(([name]) => join(place, name));
      const { stdout, stderr } = await promisify(execFile)('systemd-analyze', ['verify', '--man=no', ...paths]);
      assert.equal(`${stdout}${stderr}`, '');
      const services = paths.filter((path) => path.endsWith('.service'));
      // Of 100, where 100 is without any protection: ends with another exit code above the threshold.
      await promisify(execFile)('systemd-analyze', ['security', '--offline=true', '--threshold=30', ...services]);
    })();
  });
});

describe("The compose file that runs a member's nodes", () => {
  async function composed(deployment: Deployment, folder: string): Promise<string> {
    const staged = await stageChaincode('@tracecal/chaincode', join(folder, 'images', 'chaincode'));
    const images = new Map([['@tracecal/chaincode', { ...staged, context: './images/chaincode' }]]);
    return memberCompose(deployment, { user: '990:991', images });
  }

  it(
    'has its processes, confined and bounded, and nothing of others',
    deployed(async (deployment, folder) => {
      const text = await composed(deployment, folder);
      assert.deepEqual(foreignLines(text), []);
      const { name, services } = parse(text) as { name: string; services: Readonly<Record<string, Service>> };
      assert.equal(name, 'tracecal-lab-alpha');
      assert.deepEqual(Object.keys(services).sort(), PROCESSES);
      for (const [each, service] of Object.entries(services)) {
        assert.deepEqual(
          [service.user, service.restart, service.network_mode],
          ['990:991', 'unless-stopped', 'host'],
          each,
        );
        assert.deepEqual([service.read_only, service.cap_drop], [true, ['ALL']], each);
        assert.deepEqual(service.security_opt, ['no-new-privileges:true'], each);
        assert.deepEqual(service.logging.options, { 'max-size': '8m', 'max-file': '4' }, each);
        assert.match(service.mem_limit, /^\d+m$/, each);
        assert.ok(service.pids_limit > 0, each);
        assert.equal(service.healthcheck.test[0], 'CMD', each);
        for (const { source, read_only } of service.volumes) {
          assert.ok(read_only === true || source.endsWith(`/${each}`), `${each} can change ${source}`);
        }
      }
    }),
  );

  it('is accepted by Compose', async function () {
    this.timeout(60_000);
    if (!(await isThere('docker', 'compose', 'version'))) {
      console.log('      SKIPPED: docker compose is not here');
      this.skip();
    }
    await deployed(async (deployment, folder) => {
      await writeFile(join(folder, 'compose.yaml'), await composed(deployment, folder));
      const { stdout } = await promisify(execFile)('docker', [
        'compose',
        '-f',
        join(folder, 'compose.yaml'),
        'config',
        '--services',
      ]);
      assert.deepEqual(stdout.trim().split('\n').sort(), PROCESSES);
    })();
  });
});
