import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dockerStatus, resetDocker, startDocker, type NativeNetwork } from '@tracecal/network/fabric';
import { defaultConsortiumFile, readConsortium } from '@tracecal/network/topology';
import { memberGateway } from '../conformance/fabric/memberGateway.js';
import { tracecal } from '../support/commandLine.js';

const CHAINCODE = join(__dirname, '..', '..', 'support', 'chaincode-kv');
const described = readConsortium(defaultConsortiumFile());
const kv = {
  name: 'kv',
  channels: ['calibration'],
  version: '1.0',
  sequence: 1,
  endorsement: "OutOf(2, 'NmiNorthMSP.peer', 'NmiSouthMSP.peer', 'LabAlphaMSP.peer', 'LabBetaMSP.peer')",
  service: { package: CHAINCODE },
};

function hasDocker(): boolean {
  try {
    execFileSync('docker', ['info'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describe('Real Fabric in containers', function () {
  this.timeout(900_000);
  let dataDir = '';
  let network: NativeNetwork | undefined;

  before(async function () {
    if (!hasDocker()) {
      console.warn('        skipped: no Docker engine answers, so nothing was run in containers');
      this.skip();
    }
    dataDir = await mkdtemp(join(tmpdir(), 'tracecal-docker-'));
    network = await startDocker({ consortium: { ...described, chaincodes: [kv] }, dataDir, ports: 'free' });
  });

  after(async () => {
    if (dataDir === '') return;
    await network?.stop();
    await resetDocker(dataDir);
    await rm(dataDir, { recursive: true, force: true });
  });

  async function as<T>(
    id: string,
    use: (contract: ReturnType<ReturnType<typeof memberGateway>['contract']>) => Promise<T>,
  ) {
    assert.ok(network);
    const member = memberGateway(network, id);
    try {
      return await use(member.contract('calibration', 'kv'));
    } finally {
      member.close();
    }
  }

  const read = (id: string): Promise<string> =>
    as(id, async (contract) => Buffer.from(await contract.evaluateTransaction('get', 'key')).toString());

  it('commits what two organisations endorse, and every member reads it from its own peer', async () => {
    await as('lab-alpha', (contract) => contract.submitTransaction('put', 'key', 'value'));
    for (const { id } of described.organisations) assert.equal(await read(id), 'value', id);
  });

  it('has the orderers refuse what a lower level writes', async () => {
    await assert.rejects(
      as('oem-a', (contract) => contract.submitTransaction('put', 'key', 'forged')),
      { name: 'SubmitError' },
    );
    assert.equal(await read('oem-a'), 'value');
  });

  it('takes an upgrade while it runs, and removes the container of the version before', async () => {
    await network?.deploy({ ...kv, version: '1.1', sequence: 2 });
    await as('nmi-south', (contract) => contract.submitTransaction('put', 'key', 'upgraded'));
    const services = network?.processes.filter(({ kind }) => kind === 'chaincode').map(({ name }) => name);
    assert.deepEqual(services, ['chaincode-kv-1.1']);
  });

  it('finds its data when it is started again', async () => {
    await network?.stop();
    assert.equal(await dockerStatus(dataDir), 'stopped');
    const upgraded = { ...kv, version: '1.1', sequence: 2 };
    network = await startDocker({ consortium: { ...described, chaincodes: [upgraded] }, dataDir, ports: 'free' });
    assert.equal(await dockerStatus(dataDir), 'running');
    assert.equal(await read('monitor'), 'upgraded');
  });

  it('is told the same way by the command line', async () => {
    const data = join(dataDir, 'cli');
    const run = async <T>(...args: readonly string[]): Promise<T> => {
      const { code, stdout, stderr } = await tracecal([...args, '--json'], { environment: { TRACECAL_DATA: data } });
      assert.equal(code, 0, stderr);
      return JSON.parse(stdout) as T;
    };
    await run('up', '--detach', '--engine', 'docker', '--ports', 'free');
    try {
      const { engine, organisations } = await run<{ engine: string; organisations: { answers: boolean }[] }>('status');
      assert.equal(engine, 'docker');
      assert.ok(organisations.every(({ answers }) => answers));
    } finally {
      await run('reset', '--yes');
    }
    assert.equal(await dockerStatus(data), 'absent');
  });
});
