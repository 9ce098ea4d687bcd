import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import {
  admitNewAuthority,
  memberTree,
  renewCertificates,
  retireOldAuthority,
  writeCryptoConfig,
  type OrganisationTree,
} from '@tracecal/network/pki';
import { defaultConsortiumFile, readConsortium } from '@tracecal/network/topology';
import type { MemberOrganisation } from '@tracecal/network/topology';

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
    const [certificate = ''] = readdirSync(join(msp, 'signcerts'));
    assert.equal(new X509Certificate(readFileSync(join(msp, 'signcerts', certificate))).verify(ca.publicKey), true);
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

  it('goes on with the CA that it has admitted when it is done again', async () => {
    await admitNewAuthority(tree, 'identity');
    const admitted = presentRoot();
    await change();
    assert.equal(presentRoot(), admitted);
    assertCertifiedByPresentCa();
  });

  it('begins anew when it was interrupted before the key of the new CA was kept', async () => {
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
});
