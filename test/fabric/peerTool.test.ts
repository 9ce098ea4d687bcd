import { common } from '@hyperledger/fabric-protos';
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readConfigBlock } from '@tracecal/network/channel';
import { memberTree } from '@tracecal/network/pki';
import { defaultConsortiumFile } from '@tracecal/network/topology';
import { Application } from '../support/application.js';
import { EmbeddedProcess } from '../support/engineEmbedded.js';
import { needsFabric, runFabric } from '../support/fabricBinaries.js';
import { KV, scenarioConsortium, SHARED, type MemberId } from '../support/scenarioConsortium.js';

describe("Fabric's own peer tool, asking the embedded network", function () {
  this.timeout(60_000);

  const consortium = scenarioConsortium();
  let network: EmbeddedProcess;
  let folder: string;

  before(async function () {
    needsFabric(this, 'peer');
    folder = mkdtempSync(join(tmpdir(), 'tracecal-peer-tool-'));
    network = new EmbeddedProcess(consortium);
    await network.start();
    const alpha = new Application(network, 'alpha');
    await alpha.submit('put', 'greeting', 'hello');
    alpha.close();
  });

  after(async () => {
    await (network as EmbeddedProcess | undefined)?.stop();
    if ((folder as string | undefined) !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  function peer(member: MemberId, user: string, ...args: readonly string[]): string {
    const organisation = consortium.organisations.find(({ id }) => id === member)!;
    const { gatewayEndpoint, tlsCaCert } = network.organisations.find(({ id }) => id === member)!;
    return runFabric('peer', args, {
      FABRIC_CFG_PATH: dirname(defaultConsortiumFile()),
      FABRIC_LOGGING_SPEC: 'error',
      CORE_PEER_TLS_ENABLED: 'true',
      CORE_PEER_TLS_ROOTCERT_FILE: tlsCaCert,
      CORE_PEER_ADDRESS: gatewayEndpoint,
      CORE_PEER_LOCALMSPID: organisation.mspId,
      CORE_PEER_MSPCONFIGPATH: memberTree(network.cryptoDir, organisation).user(user).msp,
    }).toString('utf8');
  }

  function json(...args: readonly string[]): unknown {
    return JSON.parse(peer('alpha', 'Admin', ...args, '--output', 'json'));
  }

  it('sees the channels of its own organisation, and how long they are', () => {
    assert.match(peer('alpha', 'User1', 'channel', 'list'), new RegExp(`joined: \n${SHARED}\n`));
    assert.match(peer('delta', 'User1', 'channel', 'list'), new RegExp(`${SHARED}\n.*measurement`, 's'));
    assert.match(peer('alpha', 'User1', 'channel', 'getinfo', '-c', SHARED), /"height":2,/);
  });

  it('fetches blocks, the first and the one of the configuration', () => {
    const fetched = (which: string): common.Block => {
      const file = join(folder, `${which}.block`);
      peer('alpha', 'User1', 'channel', 'fetch', which, file, '-c', SHARED);
      return common.Block.deserializeBinary(readFileSync(file));
    };
    assert.equal(fetched('newest').getHeader()?.getNumber(), 1);
    assert.equal(fetched('0').getHeader()?.getNumber(), 0);
    assert.equal(readConfigBlock(fetched('config').serializeBinary()).channelId, SHARED);
  });

  it('queries a chaincode', () => {
    const query = ['chaincode', 'query', '-C', SHARED, '-n', KV, '-c', '{"Args":["get","greeting"]}'];
    assert.equal(peer('beta', 'User1', ...query).trim(), 'hello');
  });

  it('asks the system chaincodes of blocks and transactions', () => {
    const info = ['chaincode', 'query', '-C', SHARED, '-n', 'qscc', '-c', `{"Args":["GetChainInfo","${SHARED}"]}`];
    const { currentblockhash } = common.BlockchainInfo.deserializeBinary(
      Buffer.from(peer('alpha', 'User1', ...info, '--hex').trim(), 'hex'),
    ).toObject();
    assert.equal(Buffer.from(String(currentblockhash), 'base64').length, 32);
  });

  it('is told which chaincodes are agreed upon, approved and installed', () => {
    const lifecycle = ['lifecycle', 'chaincode'];
    const { chaincode_definitions: definitions } = json(...lifecycle, 'querycommitted', '-C', SHARED) as {
      chaincode_definitions: { name: string; version: string; sequence: number }[];
    };
    assert.deepEqual(
      definitions.map(({ name, version, sequence }) => [name, version, sequence]),
      [[KV, '1.0', 1]],
    );
    const committed = json(...lifecycle, 'querycommitted', '-C', SHARED, '-n', KV);
    const approvals = { AlphaMSP: true, BetaMSP: true, DeltaMSP: true, GammaMSP: true };
    assert.deepEqual((committed as { approvals: object }).approvals, approvals);
    const { installed_chaincodes: installed } = json(...lifecycle, 'queryinstalled') as {
      installed_chaincodes: { package_id: string; label: string }[];
    };
    assert.deepEqual(
      installed.map(({ label }) => label),
      ['kv_1.0'],
    );
    const approved = json(...lifecycle, 'queryapproved', '-C', SHARED, '-n', KV);
    assert.ok(JSON.stringify(approved).includes(installed[0]!.package_id));
    const next = ['checkcommitreadiness', '-C', SHARED, '-n', KV, '--version', '1.1', '--sequence', '2'];
    const readiness = json(...lifecycle, ...next) as { approvals: Record<string, boolean> };
    assert.deepEqual(Object.values(readiness.approvals), [false, false, false, false]);
  });

  it('is refused what is for administrators of the peer, or for members of its organisation', () => {
    const installed = ['lifecycle', 'chaincode', 'queryinstalled'];
    assert.throws(() => peer('alpha', 'User1', ...installed), /access denied/);
    const committed = ['lifecycle', 'chaincode', 'querycommitted', '-C', 'measurement'];
    assert.throws(() => peer('alpha', 'Admin', ...committed), /channel 'measurement' not found/);
  });
});
