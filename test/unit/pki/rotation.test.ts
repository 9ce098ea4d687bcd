import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import {
  admitNewAuthority,
  memberTree,
  ordererTree,
  prepareNode,
  renewCertificates,
  renewNode,
  retireOldAuthority,
  writeCryptoConfig,
  type HolderTree,
  type OrganisationTree,
} from '@tracecal/network/pki';
import { defaultConsortiumFile, readConsortium } from '@tracecal/network/topology';
import type { MemberOrganisation, OrdererNode } from '@tracecal/network/topology';

const full = readConsortium(defaultConsortiumFile());
const [organisation] = full.organisations as [MemberOrganisation];

describe("A change of an organisation's CA", () => {
  let directory: string;
  let tree: OrganisationTree;

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'tracecal-rotation-'));
    await writeCryptoConfig({ ...full, organisations: [organisation], orderers: [] }, directory);
    tree = memberTree(directory, organisation);
  });
  afterEach(() => {
    rmSync(directory, { recursive: true, force: true });
  });

  const roots = (): readonly string[] => readdirSync(join(tree.msp, 'cacerts'));
  const presentRoot = (): string => readFileSync(join(tree.msp, 'cacerts', basename(tree.caCertificate)), 'utf8');

  async function change(): Promise<void> {
    await admitNewAuthority(tree, 'identity');
    await renewCertificates(tree, 'identity');
    retireOldAuthority(tree, 'identity');
  }

  function assertCertifiedByPresentCa(): void {
    const ca = new X509Certificate(readFileSync(tree.caCertificate));
    const { msp } = tree.user('Admin');
    const certificates = readdirSync(join(msp, 'signcerts')).map((name) => readFileSync(join(msp, 'signcerts', name)));
    assert.equal(new X509Certificate(certificates[0]!).verify(ca.publicKey), true);
    for (const other of certificates) assert.deepEqual(other, certificates[0]);
    assert.equal(presentRoot(), readFileSync(tree.caCertificate, 'utf8'));
    assert.equal(roots().length, 1);
  }

  it('leaves the new CA alone, whose key only its owner reads', async () => {
    const old = presentRoot();
    await change();
    assert.notEqual(presentRoot(), old);
    assertCertifiedByPresentCa();
    const keys = readdirSync(tree.ca).filter((name) => name !== basename(tree.caCertificate));
    assert.deepEqual(
      keys.map((name) => statSync(join(tree.ca, name)).mode & 0o777),
      [0o600],
    );
  });

  it('continues with the admitted CA when it is repeated', async () => {
    await admitNewAuthority(tree, 'identity');
    const admitted = presentRoot();
    await change();
    assert.equal(presentRoot(), admitted);
    assertCertifiedByPresentCa();
  });

  it('starts again when it was interrupted before the key of the new CA was stored', async () => {
    const old = presentRoot();
    const [key = ''] = readdirSync(tree.ca).filter((name) => name !== basename(tree.caCertificate));
    const oldKey = readFileSync(join(tree.ca, key), 'utf8');
    await admitNewAuthority(tree, 'identity');
    const lost = presentRoot();
    writeFileSync(tree.caCertificate, old);
    writeFileSync(join(tree.ca, key), oldKey);

    await change();
    assert.ok(![old, lost].includes(presentRoot()), 'a CA of which the key is there');
    assertCertifiedByPresentCa();
  });

  it('needs no identity CA where it is that of TLS', async () => {
    const old = readFileSync(join(tree.user('Admin').tls, 'client.crt'), 'utf8');
    rmSync(tree.ca, { recursive: true });
    await admitNewAuthority(tree, 'tls');
    await renewCertificates(tree, 'tls');
    retireOldAuthority(tree, 'tls');
    const certificate = readFileSync(join(tree.user('Admin').tls, 'client.crt'), 'utf8');
    assert.notEqual(certificate, old);
    const ca = new X509Certificate(readFileSync(join(tree.msp, 'tlscacerts', basename(tree.tlsCaCertificate))));
    assert.equal(new X509Certificate(certificate).verify(ca.publicKey), true);
    assert.equal(readdirSync(join(tree.msp, 'tlscacerts')).length, 1);
  });
});

describe('New keys and certificates of an orderer', () => {
  const [orderer] = full.orderers as [OrdererNode];
  let directory: string;
  let tree: OrganisationTree;

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'tracecal-rotation-'));
    await writeCryptoConfig({ ...full, organisations: [], orderers: [orderer] }, directory);
    tree = ordererTree(directory, orderer);
  });
  afterEach(() => {
    rmSync(directory, { recursive: true, force: true });
  });

  const prepare = () => prepareNode(tree, orderer.name, 'orderer');
  const certificateIn = ({ tls }: HolderTree): string => readFileSync(join(tls, 'server.crt'), 'utf8');

  it('wait beside the present ones, the same however often they are asked for, until they take their place', async () => {
    const present = certificateIn(tree.node(orderer.name));
    await prepare();
    const renewed = certificateIn(tree.renewedNode(orderer.name));
    await prepare();
    assert.equal(certificateIn(tree.renewedNode(orderer.name)), renewed);
    assert.equal(certificateIn(tree.node(orderer.name)), present);
    renewNode(tree, orderer.name);
    assert.equal(certificateIn(tree.node(orderer.name)), renewed);
    const [kept = ''] = readdirSync(join(tree.root, 'retired'));
    assert.equal(readFileSync(join(tree.root, 'retired', kept, 'tls', 'server.crt'), 'utf8'), present);
  });

  for (const kind of ['ca', 'tlsca'] as const) {
    it(`are made where the key of its ${kind} is, and nowhere else`, async () => {
      rmSync(tree[kind], { recursive: true });
      await assert.rejects(prepare(), { code: 'AUTHORITY_KEY_MISSING', message: /are replaced where its key is kept/ });
    });
  }
});
