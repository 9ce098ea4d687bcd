import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hostOf, memberTree, ordererTree, type OrganisationTree } from '@tracecal/network/pki';
import { Application } from '../support/application.js';
import { EmbeddedProcess } from '../support/engineEmbedded.js';
import { needsFabric, runFabric } from '../support/fabricBinaries.js';
import { scenarioConsortium } from '../support/scenarioConsortium.js';

const consortium = scenarioConsortium();

/** The consortium as cryptogen is told of it. JSON is YAML. */
function cryptogenConfig(): string {
  const node = (name: string) => ({ Hostname: name, SANS: ['localhost', '127.0.0.1'] });
  const common = { EnableNodeOUs: true };
  return JSON.stringify({
    PeerOrgs: consortium.organisations.map(({ id, domain, peers }) => {
      return { ...common, Name: id, Domain: domain, Specs: peers.map(({ name }) => node(name)), Users: { Count: 1 } };
    }),
    OrdererOrgs: consortium.orderers.map(({ name, domain }) => {
      return { ...common, Name: hostOf({ name }, { domain }), Domain: domain, Specs: [node(name)] };
    }),
  });
}

/** Makes an organisation's material look like that of a Fabric CA's client: no CA here, and its own names of files. */
function likeFabricCa(tree: OrganisationTree): void {
  rmSync(tree.ca, { recursive: true });
  rmSync(join(tree.tlsca, 'priv_sk'));
  const holders = ['peers', 'orderers', 'users'].flatMap((kind) => {
    const folder = join(tree.root, kind);
    return namesIn(folder).map((name) => join(folder, name, 'msp'));
  });
  for (const msp of [tree.msp, ...holders]) {
    renameSync(join(msp, 'cacerts', `ca.${tree.domain}-cert.pem`), join(msp, 'cacerts', 'localhost-7054.pem'));
    const config = readFileSync(join(msp, 'config.yaml'), 'utf8');
    writeFileSync(join(msp, 'config.yaml'), config.replaceAll(`ca.${tree.domain}-cert.pem`, 'localhost-7054.pem'));
  }
  for (const msp of holders) {
    renameSync(join(msp, 'keystore', 'priv_sk'), join(msp, 'keystore', '0a1b2c_sk'));
    const [certificate = 'cert.pem'] = namesIn(join(msp, 'signcerts')).filter((name) => name !== 'cert.pem');
    renameSync(join(msp, 'signcerts', certificate), join(msp, 'signcerts', 'cert.pem'));
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

describe('A network with keys and certificates that it has not made', function () {
  this.timeout(60_000);
  let network: EmbeddedProcess;

  beforeEach(function () {
    needsFabric(this, 'cryptogen');
    network = new EmbeddedProcess(consortium);
    mkdirSync(network.dataDir, { recursive: true });
    const file = join(network.dataDir, 'cryptogen.yaml');
    writeFileSync(file, cryptogenConfig());
    runFabric('cryptogen', ['generate', `--config=${file}`, `--output=${join(network.dataDir, 'crypto-config')}`]);
  });

  afterEach(() => (network as EmbeddedProcess | undefined)?.stop());

  async function works(): Promise<void> {
    const beta = new Application(network, 'beta');
    try {
      await beta.submit('put', 'by', 'others');
      assert.equal(await beta.evaluate('get', 'by'), 'others');
    } finally {
      beta.close();
    }
  }

  it("takes cryptogen's", async () => {
    const { msp } = memberTree(join(network.dataDir, 'crypto-config'), { domain: 'beta.example' }).user('User1');
    const before = readFileSync(join(msp, 'signcerts', 'User1@beta.example-cert.pem'), 'utf8');
    await network.start();
    assert.equal(readFileSync(join(msp, 'signcerts', 'User1@beta.example-cert.pem'), 'utf8'), before);
    await works();
    await network.rotateAuthority('beta', 'identity');
    await works();
  });

  it('accepts the certificates of a Fabric CA with keys elsewhere, and replaces none of them', async () => {
    const crypto = join(network.dataDir, 'crypto-config');
    for (const member of consortium.organisations) likeFabricCa(memberTree(crypto, member));
    for (const orderer of consortium.orderers) likeFabricCa(ordererTree(crypto, orderer));
    await network.start();
    await works();
    await assert.rejects(network.rotateAuthority('beta', 'identity'), { code: 'AUTHORITY_KEY_MISSING' });
    const [orderer] = consortium.orderers;
    await assert.rejects(network.rotateOrderer(hostOf(orderer!, orderer!)), { code: 'AUTHORITY_KEY_MISSING' });
    await works();
  });
});
