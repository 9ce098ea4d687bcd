import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { engineName } from '../support/engine.js';
import { dockerStandIn, healthOf } from '../support/peers/dockerStandIn.js';
import { goChaincode } from '../support/peers/goChaincode.js';
import {
  collectionsIn,
  consortiumOfSamples,
  OwnNetwork,
  type DescribedChaincode,
} from '../support/peers/ownNetwork.js';
import { installed, needsGo, ran, sourcesOf, succeeds } from '../support/peers/sources.js';

const MEMBERS = [
  { place: 1, ports: [7051, 9051] },
  { place: 2, ports: [8051, 10051] },
  { place: 3, ports: [11051] },
];
const HEALTH_PORTS = [7443, 9443, 8443, 10443, 11443];
const OF_ALL = "AND('Org1MSP.member', 'Org2MSP.member', 'Org3MSP.member')";

/** Scenarios that fail, and that docs/peers.md explains; those with an HSM are not run. */
const FAILING: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  embedded: { 'discovery.feature': ['Submit fails with insufficient endorsers'] },
  native: {
    'errors.feature': [
      'Submit fails with incorrect transaction name',
      'Evaluate crash chaincode',
      'Evaluate with signer from unauthorized MSP',
      'Org3 fails to evaluate',
      'Org3 fails to endorse',
      'Org2 and Org3 fail to endorse',
      'Submit non-deterministic transaction',
    ],
    'transactions.feature': ['Submit with error response'],
  },
};

interface Feature {
  readonly elements?: readonly {
    readonly name: string;
    readonly type: string;
    readonly steps?: readonly {
      readonly name: string;
      readonly result: { readonly status: string; readonly error_message?: string };
    }[];
  }[];
}

describe(`The scenarios of Fabric Gateway [${engineName}]`, () => {
  let network: OwnNetwork;
  let health: { close(): void } | undefined;
  let suite: string;
  let bin: string;
  const counts = { passed: 0, failed: 0 };

  before(async function () {
    const source = sourcesOf(this, 'fabric-gateway');
    await needsGo(this);
    network = new OwnNetwork();
    suite = join(network.folder, 'suite');
    for (const part of ['features', 'fixtures']) {
      cpSync(join(source, 'scenario', part), join(suite, part), { recursive: true });
    }
    mkdirSync(join(suite, 'go'));
    await succeeds('go', ['test', '-c', '-tags', 'pkcs11', '-o', join(suite, 'scenarios'), './scenario/go'], {
      cwd: source,
    });
    await network.up(consortiumOfSamples(MEMBERS, await chaincodes()));
    placeKeys();
    bin = dockerStandIn(network.folder, join(network.dataDir, 'run'));
    health = await healthOf(HEALTH_PORTS);
  });

  after(async function () {
    health?.close();
    if (counts.passed > 0) console.log(`        ${counts.passed} scenarios passed, ${counts.failed} failed`);
    await (network as OwnNetwork | undefined)?.end();
  });

  /** The keys of the network, under the names that the suite's own script gives those of users. */
  function placeKeys(): void {
    const target = join(suite, 'fixtures', 'crypto-material', 'crypto-config');
    cpSync(network.cryptoDir, target, { recursive: true });
    for (const { place } of MEMBERS) {
      const domain = `org${place}.example.com`;
      const keys = join(target, 'peerOrganizations', domain, 'users', `User1@${domain}`, 'msp', 'keystore');
      renameSync(join(keys, 'priv_sk'), join(keys, 'key.pem'));
    }
    writeFileSync(join(suite, 'fixtures', 'generate.sh'), '#!/bin/sh\n', { mode: 0o755 });
  }

  async function chaincodes(): Promise<readonly DescribedChaincode[]> {
    const code = join(suite, 'fixtures', 'chaincode');
    const go = (name: string) => goChaincode(name, join(code, 'golang', name), network.folder);
    return [
      // The suite deploys it with the policies of two members and of all three in turn: the stricter one satisfies both.
      { name: 'basic', endorsement: OF_ALL, service: { package: await go('basic') } },
      {
        name: 'private',
        endorsement: OF_ALL.replace('AND', 'OR'),
        service: { package: await go('private') },
        collections: collectionsIn(join(code, 'golang/private/collections_config.json')),
      },
      { name: 'errors', endorsement: OF_ALL, service: { package: await installed(join(code, 'node', 'errors')) } },
    ];
  }

  /** Runs one feature. @returns The names of the scenarios that passed, and of those that failed with the reason. */
  async function runFeature(file: string) {
    const report = join(network.folder, `${file}.json`);
    const args = [`--godog.format=cucumber:${report}`, '--godog.tags=~@hsm', join(suite, 'features', file)];
    const env = { PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}` };
    const { output } = await ran(join(suite, 'scenarios'), args, { cwd: join(suite, 'go'), env });
    let features: readonly Feature[];
    try {
      features = JSON.parse(readFileSync(report, 'utf8')) as readonly Feature[];
    } catch {
      throw new Error(`The suite has not run:\n${output}`);
    }
    const scenarios = features.flatMap(({ elements = [] }) => elements.filter(({ type }) => type === 'scenario'));
    return scenarios.map(({ name, steps = [] }) => {
      const bad = steps.find(({ result }) => result.status !== 'passed');
      return { name, why: bad && `${bad.name}: ${bad.result.error_message ?? bad.result.status}` };
    });
  }

  for (const file of featuresOf(process.env['TRACECAL_SOURCES'])) {
    it(`pass in ${file}`, async () => {
      const scenarios = await runFeature(file);
      const failed = scenarios.filter(({ why }) => why !== undefined);
      counts.passed += scenarios.length - failed.length;
      counts.failed += failed.length;
      assert.ok(scenarios.length > 0, `${file} has scenarios`);
      assert.deepEqual(
        failed.map(({ name }) => name),
        FAILING[engineName]?.[file] ?? [],
        failed.map(({ name, why }) => `${name}: ${why ?? ''}`).join('\n'),
      );
    });
  }
});

/** The features without an HSM, as the sources have them; one that stands for all where there are none. */
function featuresOf(sources: string | undefined): readonly string[] {
  try {
    const names = readdirSync(join(sources ?? '', 'fabric-gateway', 'scenario', 'features'));
    return names.filter((name) => name.endsWith('.feature') && !name.includes('hsm')).sort();
  } catch {
    return ['every feature'];
  }
}
