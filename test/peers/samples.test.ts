import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { GatewayError, type Contract } from '@hyperledger/fabric-gateway';
import { asMember, text } from '../support/application.js';
import { engineName } from '../support/engine.js';
import { goChaincode } from '../support/peers/goChaincode.js';
import { collectionsIn, consortiumOfSamples, OwnNetwork } from '../support/peers/ownNetwork.js';
import { installed, needsGo, ran, sourcesOf, type Ran } from '../support/peers/sources.js';

const MEMBERS = [
  { place: 1, ports: [7051] },
  { place: 2, ports: [9051] },
];
const OF_ONE = "OR('Org1MSP.peer', 'Org2MSP.peer')";
const MAJORITY = '/Channel/Application/Endorsement';
const APPLICATION = 'application-gateway-typescript';
const SAMPLES = [
  'asset-transfer-basic',
  'asset-transfer-private-data',
  'asset-transfer-events',
  'asset-transfer-secured-agreement',
  'asset-transfer-sbe',
  'asset-transfer-ledger-queries',
  'off_chain_data',
];
/** Fabric's code for a transaction that lacks endorsements. */
const ENDORSEMENT_POLICY_FAILURE = 10;

describe(`Samples of Fabric [${engineName}]`, () => {
  let network: OwnNetwork;
  let samples: string;

  before(async function () {
    const source = sourcesOf(this, 'fabric-samples');
    await needsGo(this);
    network = new OwnNetwork();
    samples = join(network.folder, 'samples');
    for (const sample of SAMPLES) cpSync(join(source, sample), join(samples, sample), { recursive: true });
    await network.up(consortiumOfSamples(MEMBERS, await chaincodes()));
    // Applications look for keys where the network of the samples has them.
    mkdirSync(join(samples, 'test-network'));
    symlinkSync(network.cryptoDir, join(samples, 'test-network', 'organizations'));
  });

  after(() => (network as OwnNetwork | undefined)?.end());

  /** Chaincodes with the names and policies of the samples' instructions. */
  async function chaincodes() {
    const of = (sample: string, language: string): string => join(samples, sample, `chaincode-${language}`);
    const inNode = async (sample: string, language: string, build: readonly string[] = []) => ({
      package: await installed(of(sample, language), build),
    });
    const inGo = async (name: string, sample: string) => ({
      package: await goChaincode(name, of(sample, 'go'), network.folder),
    });
    return [
      { name: 'basic', endorsement: MAJORITY, service: await inNode('asset-transfer-basic', 'typescript') },
      {
        name: 'private',
        endorsement: OF_ONE,
        service: await inNode('asset-transfer-private-data', 'typescript'),
        collections: collectionsIn(join(of('asset-transfer-private-data', 'typescript'), 'collections_config.json')),
      },
      { name: 'events', endorsement: OF_ONE, service: await inNode('asset-transfer-events', 'javascript') },
      { name: 'secured', endorsement: OF_ONE, service: await inGo('secured', 'asset-transfer-secured-agreement') },
      {
        name: 'sbe',
        endorsement: MAJORITY,
        // Its sources have a parameter that nothing uses, which its own settings forbid.
        service: await inNode('asset-transfer-sbe', 'typescript', ['--noUnusedLocals', 'false']),
      },
      { name: 'ledger', endorsement: MAJORITY, service: await inNode('asset-transfer-ledger-queries', 'javascript') },
    ];
  }

  /** Runs an unmodified application to its end. */
  async function runs(folder: string, args: readonly string[] = [], env = {}): Promise<string> {
    const ended: Ran = await ran('npm', ['start', '--silent', '--', ...args], { cwd: folder, env });
    assert.equal(ended.code, 0, ended.output);
    assert.doesNotMatch(ended.output, /FAILED|when it was expected to fail/);
    return ended.output;
  }

  function as<T>(place: number, chaincode: string, act: (contract: Contract) => Promise<T>): Promise<T> {
    return asMember(network.forApplications, `org${place}`, (one) => act(one.contract(chaincode, 'mychannel')));
  }

  it('asset-transfer-basic runs unmodified', async () => {
    const output = await runs(await installed(join(samples, 'asset-transfer-basic', APPLICATION)));
    assert.match(output, /Transaction committed successfully/);
    assert.match(output, /Successfully caught the error/);
  });

  it('asset-transfer-private-data runs unmodified', async () => {
    const output = await runs(await installed(join(samples, 'asset-transfer-private-data', APPLICATION)));
    assert.equal(output.match(/\*\*\* Received expected error/g)?.length, 2);
  });

  it('asset-transfer-events runs unmodified', async () => {
    const output = await runs(await installed(join(samples, 'asset-transfer-events', APPLICATION)));
    for (const event of ['CreateAsset', 'UpdateAsset', 'TransferAsset', 'DeleteAsset']) {
      assert.match(output, new RegExp(`Chaincode event received: ${event}`));
      assert.match(output, new RegExp(`Chaincode event replayed: ${event}`));
    }
  });

  it('asset-transfer-secured-agreement runs unmodified', async () => {
    const output = await runs(await installed(join(samples, 'asset-transfer-secured-agreement', APPLICATION)));
    assert.equal(output.match(/Successfully caught the failure/g)?.length, 7);
  });

  it('off_chain_data runs unmodified, and goes on after the failures that it simulates', async () => {
    const folder = await installed(join(samples, 'off_chain_data', 'application-typescript'));
    const env = { SIMULATED_FAILURE_COUNT: '1' };
    await runs(folder, ['getAllAssets', 'transact', 'getAllAssets', 'listen'], env);
    await runs(folder, ['listen'], env);
    const store = readFileSync(join(folder, 'store.log'), 'utf8').trim().split('\n');
    const kept = JSON.parse(readFileSync(join(folder, 'checkpoint.json'), 'utf8')) as Record<string, unknown>;
    assert.ok(store.length > 1);
    assert.ok('blockNumber' in kept);
  });

  it('the chaincode of asset-transfer-sbe lets only the owner of an asset endorse', async () => {
    const change = (place: number, endorser: number, ...call: readonly [string, ...string[]]): Promise<number> =>
      as(place, 'sbe', async (contract) => {
        const [name, ...args] = call;
        const endorsingOrganizations = [`Org${endorser}MSP`];
        const submitted = await contract.submitAsync(name, { arguments: args, endorsingOrganizations });
        return (await submitted.getStatus()).code;
      });
    await as(1, 'sbe', (contract) => contract.submitTransaction('CreateAsset', 'car', '100', 'Tom'));
    const codes = [
      await change(1, 1, 'UpdateAsset', 'car', '200'),
      await change(2, 2, 'UpdateAsset', 'car', '300'),
      await change(1, 1, 'TransferAsset', 'car', 'Henry', 'Org2MSP'),
      await change(2, 2, 'UpdateAsset', 'car', '600'),
      await change(1, 1, 'UpdateAsset', 'car', '700'),
      await change(1, 1, 'DeleteAsset', 'car'),
    ];
    assert.deepEqual(
      codes.map((code) => code === 0),
      [true, false, true, true, false, false],
    );
    assert.deepEqual([...new Set(codes)], [0, ENDORSEMENT_POLICY_FAILURE]);
    const read = await as(1, 'sbe', (contract) => contract.evaluateTransaction('ReadAsset', 'car'));
    assert.deepEqual(JSON.parse(text(read)), { ID: 'car', Value: 600, Owner: 'Henry', OwnerOrg: 'Org2MSP' });
    assert.equal(await change(2, 2, 'DeleteAsset', 'car'), 0);
  });

  it('the chaincode of asset-transfer-ledger-queries reads ranges, pages, indices and histories', async () => {
    await as(1, 'ledger', async (contract) => {
      const answer = async (...[name, ...args]: readonly [string, ...string[]]): Promise<unknown> =>
        JSON.parse(text(await contract.evaluateTransaction(name, ...args)));
      await contract.submitTransaction('InitLedger');
      const all = (await answer('GetAssetsByRange', '', '')) as { Key: string; Record: { owner: string } }[];
      assert.ok(all.length > 3);
      const paged: unknown[] = [];
      for (let bookmark = ''; ;) {
        const page = (await answer('GetAssetsByRangeWithPagination', '', '', '3', bookmark)) as {
          results: unknown[];
          bookmark: string;
        };
        paged.push(...page.results);
        bookmark = page.bookmark;
        if (bookmark === '' || page.results.length === 0) break;
      }
      assert.deepEqual(paged, all);
      await contract.submitTransaction('TransferAssetByColor', 'blue', 'Michel');
      const history = (await answer('GetAssetHistory', 'asset1')) as { Value: { owner: string } }[];
      assert.deepEqual(
        history.map(({ Value }) => Value.owner),
        ['Michel', 'Tom'],
      );
      // The state database is LevelDB.
      await assert.rejects(contract.evaluateTransaction('QueryAssetsByOwner', 'Tom'), (error) => {
        assert.ok(error instanceof GatewayError);
        assert.match(error.details.map(({ message }) => message).join(), /ExecuteQuery not supported for leveldb/);
        return true;
      });
    });
  });
});
