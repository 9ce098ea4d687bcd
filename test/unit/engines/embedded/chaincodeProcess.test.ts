import { memberTree } from '@tracecal/network/pki';
import type { GatewayError } from '@hyperledger/fabric-gateway';
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type ClientHttp2Session } from 'node:http2';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canListProcesses, servedChaincodes, type ServedChaincode } from '../../../support/chaincodeProcesses.js';
import { ENDING_MESSAGES, isHeard } from '../../../support/chaincodeStream.js';
import { eventually } from '../../../support/eventually.js';
import { kvConsortium, KvNetwork } from '../../../support/kvNetwork.js';

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

describe("A member's chaincode on the embedded network", function () {
  this.timeout(60_000);
  let network: KvNetwork;

  before(async function () {
    if (!canListProcesses) {
      console.warn('        skipped: which processes run is told on Linux only');
      this.skip();
    }
    process.env['TRACECAL_TEST_SECRET'] = "this process's own";
    network = await KvNetwork.start();
  });

  after(async () => {
    delete process.env['TRACECAL_TEST_SECRET'];
    await (network as KvNetwork | undefined)?.end();
  });

  const ask = async (member: string, name: string, ...args: string[]): Promise<string> =>
    text(await network.contract(member).evaluateTransaction(name, ...args));

  async function processOf(member: string, mspId: string): Promise<ServedChaincode> {
    assert.equal(await ask(member, 'noop'), 'ok');
    const found = servedChaincodes().filter((one) => one.mspId === mspId);
    assert.equal(found.length, 1, `${mspId} has one process`);
    return found[0]!;
  }

  it('is not started before somebody asks it', async () => {
    assert.ok(!servedChaincodes().some(({ mspId }) => mspId === 'OemAMSP'));
    await processOf('oem-a', 'OemAMSP');
  });

  it('runs in a process that no other member uses', async () => {
    const north = await processOf('nmi-north', 'NmiNorthMSP');
    const alpha = await processOf('lab-alpha', 'LabAlphaMSP');
    assert.notEqual(north.pid, alpha.pid);
    assert.equal(await ask('nmi-north', 'environment', 'CORE_PEER_LOCALMSPID'), 'NmiNorthMSP');
    assert.equal(await ask('lab-alpha', 'environment', 'CORE_PEER_LOCALMSPID'), 'LabAlphaMSP');
  });

  it('does not end when that of another member does', async () => {
    const north = await processOf('nmi-north', 'NmiNorthMSP');
    const alpha = await processOf('lab-alpha', 'LabAlphaMSP');
    process.kill(north.pid, 'SIGKILL');
    await eventually(async () => {
      assert.notEqual((await processOf('nmi-north', 'NmiNorthMSP')).pid, north.pid);
    });
    assert.equal((await processOf('lab-alpha', 'LabAlphaMSP')).pid, alpha.pid);
  });

  it("does not see the network process's environment", async () => {
    assert.equal(await ask('nmi-north', 'environment', 'TRACECAL_TEST_SECRET'), '');
  });

  describe('whose port a stranger on this machine finds', () => {
    /** What somebody without the member's key can show. */
    const guises: Readonly<Record<string, (port: number) => ClientHttp2Session>> = {
      'without TLS': (port) => connect(`http://127.0.0.1:${port}`),
      'with TLS and no certificate': (port) => connect(`https://127.0.0.1:${port}`, { rejectUnauthorized: false }),
      "with the certificate of a member's peer": (port) => {
        const [organisation] = kvConsortium().organisations;
        const { tls } = memberTree(network.network.cryptoDir, organisation!).node('peer0');
        return connect(`https://127.0.0.1:${port}`, {
          rejectUnauthorized: false,
          cert: readFileSync(join(tls, 'server.crt')),
          key: readFileSync(join(tls, 'server.key')),
        });
      },
    };
    for (const [how, open] of Object.entries(guises)) {
      it(`refuses them ${how}, and goes on`, async () => {
        const before = await processOf('nmi-north', 'NmiNorthMSP');
        assert.equal(await isHeard(open(before.port), ENDING_MESSAGES), false);
        assert.equal((await processOf('nmi-north', 'NmiNorthMSP')).pid, before.pid);
      });
    }
  });
});

describe('A chaincode of the embedded network that cannot be started', function () {
  this.timeout(60_000);
  let folder: string;
  let network: KvNetwork;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tracecal-broken-'));
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'broken', version: '1.0.0', main: 'main.js' }));
    writeFileSync(join(folder, 'main.js'), 'throw new Error("broken at its start");');
    network = await KvNetwork.start({
      chaincodes: [
        {
          name: 'broken',
          channels: ['pair'],
          version: '1.0',
          sequence: 1,
          endorsement: "OR('NmiNorthMSP.peer')",
          service: { package: folder },
        },
      ],
    });
  });

  after(async () => {
    await network.end();
    rmSync(folder, { recursive: true });
  });

  it('fails the transactions that need it, with the log that says why', async () => {
    const contract = network.gateway('nmi-north').getNetwork('pair').getContract('broken');
    const failure = await contract.evaluateTransaction('any').then(
      () => assert.fail('it was answered'),
      (error: unknown) => (error as GatewayError).details.map(({ message }) => message),
    );
    const [, log = ''] = /could not launch chaincode broken: .*: see (.*\.log)\.$/.exec(failure[0]!) ?? [];
    assert.match(readFileSync(log, 'utf8'), /broken at its start/);
  });

  it('is no trouble to the others', async () => {
    assert.equal(text(await network.contract('nmi-north', 'pair').evaluateTransaction('noop')), 'ok');
  });
});
