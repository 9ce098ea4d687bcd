import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { attributesOf, generateKeyPair, privateKeyPem } from '@tracecal/pki';
import {
  loadConsortiumMsps,
  loadMsp,
  loadSigningIdentity,
  loadTls,
  memberTree,
  ordererTree,
  writeConnectionProfiles,
  writeCryptoConfig,
} from '@tracecal/network/pki';
import { defaultConsortiumFile, readConsortium } from '@tracecal/network/topology';
import type { Consortium, MemberOrganisation } from '@tracecal/network/topology';

const full = readConsortium(defaultConsortiumFile());
/** Two members and an orderer: enough to tell them apart. */
const consortium: Consortium = {
  ...full,
  organisations: full.organisations.slice(0, 2),
  orderers: full.orderers.slice(0, 1),
};
const [north] = consortium.organisations as [MemberOrganisation];
const [orderer] = consortium.orderers as [Consortium['orderers'][number]];

function filesBelow(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function contents(directory: string): ReadonlyMap<string, string> {
  return new Map(filesBelow(directory).map((path) => [path, readFileSync(path, 'utf8')]));
}

function withUsers(users: MemberOrganisation['users']): Consortium {
  const [first, ...others] = consortium.organisations as [MemberOrganisation, ...MemberOrganisation[]];
  return { ...consortium, organisations: [{ ...first, users }, ...others] };
}

describe('The crypto-config tree', () => {
  let directory: string;
  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'tracecal-pki-'));
    await writeCryptoConfig(consortium, directory);
  });
  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  it('has the files that cryptogen makes, where applications expect them', () => {
    const expected = [
      'peerOrganizations/nmi-north.example/ca/ca.nmi-north.example-cert.pem',
      'peerOrganizations/nmi-north.example/ca/priv_sk',
      'peerOrganizations/nmi-north.example/tlsca/tlsca.nmi-north.example-cert.pem',
      'peerOrganizations/nmi-north.example/msp/cacerts/ca.nmi-north.example-cert.pem',
      'peerOrganizations/nmi-north.example/msp/tlscacerts/tlsca.nmi-north.example-cert.pem',
      'peerOrganizations/nmi-north.example/msp/config.yaml',
      'peerOrganizations/nmi-north.example/peers/peer0.nmi-north.example/msp/signcerts/peer0.nmi-north.example-cert.pem',
      'peerOrganizations/nmi-north.example/peers/peer0.nmi-north.example/msp/keystore/priv_sk',
      'peerOrganizations/nmi-north.example/peers/peer0.nmi-north.example/tls/server.key',
      'peerOrganizations/nmi-north.example/users/User1@nmi-north.example/msp/keystore/priv_sk',
      'peerOrganizations/nmi-north.example/users/Admin@nmi-north.example/tls/client.crt',
      'ordererOrganizations/orderer.nmi-north.example/orderers/orderer1.orderer.nmi-north.example/tls/ca.crt',
      'ordererOrganizations/orderer.nmi-north.example/users/Admin@orderer.nmi-north.example/tls/client.key',
    ];
    for (const path of expected) assert.ok(existsSync(join(directory, path)), path);
  });

  it('has a certificate of every user under the name that Fabric CA gives it, too', async () => {
    const tree = memberTree(directory, north);
    const certificates = ({ msp }: { msp: string }) =>
      readdirSync(join(msp, 'signcerts')).map((name) => readFileSync(join(msp, 'signcerts', name), 'utf8'));
    const users = ['Admin', ...north.users.map(({ name }) => name)].map((name) => tree.user(name));
    for (const { msp } of users) assert.ok(existsSync(join(msp, 'signcerts', 'cert.pem')), msp);
    // A data directory of an earlier version gets it.
    for (const { msp } of users) rmSync(join(msp, 'signcerts', 'cert.pem'));
    assert.deepEqual(
      await writeCryptoConfig(consortium, directory),
      users.map(({ root }) => root),
    );
    await writeCryptoConfig(withUsers([{ name: 'User1', roles: ['registrar'] }]), directory);
    for (const user of users) {
      const [first, second, ...others] = certificates(user);
      assert.equal(first, second);
      assert.equal(others.length, 0);
    }
    assert.deepEqual(attributesOf(certificates(tree.user('User1'))[0]!), { 'tracecal.roles': 'registrar' });
  });

  it('lets nobody but the owner read a private key, and leaves nothing else behind', () => {
    const files = filesBelow(directory);
    const keys = files.filter((path) => readFileSync(path, 'utf8').includes('PRIVATE KEY'));
    assert.ok(keys.length > 20);
    for (const path of keys) assert.equal(statSync(path).mode & 0o777, 0o600, path);
    assert.deepEqual(readdirSync(directory).sort(), ['ordererOrganizations', 'peerOrganizations']);
    // An organisation's MSP is given to others whole.
    assert.ok(!keys.some((path) => path.startsWith(memberTree(directory, north).msp)));
  });

  it('is left as it is when nothing is missing', async () => {
    const before = contents(directory);
    assert.deepEqual(await writeCryptoConfig(consortium, directory), []);
    assert.deepEqual(contents(directory), before);
  });

  it('gets what is missing, and only that', async () => {
    const before = contents(directory);
    const tree = memberTree(directory, north);
    const more = withUsers([...north.users, { name: 'Kim', roles: ['issuer'] }]);
    assert.deepEqual(await writeCryptoConfig(more, directory), [tree.user('Kim').root]);
    for (const [path, text] of before) assert.equal(readFileSync(path, 'utf8'), text, path);
    const kim = loadSigningIdentity(tree.user('Kim').msp, north.mspId);
    assert.ok(
      new X509Certificate(kim.certificate).verify(new X509Certificate(readFileSync(tree.caCertificate)).publicKey),
    );

    const [added] = await writeCryptoConfig(
      { ...more, organisations: [...more.organisations, full.organisations[2]!] },
      directory,
    );
    assert.equal(added, memberTree(directory, full.organisations[2]!).ca);
  });

  it('certifies a user again, with the same key, when the roles have changed', async () => {
    const user = memberTree(directory, north).user('User1');
    const before = loadSigningIdentity(user.msp, north.mspId);
    assert.deepEqual(attributesOf(before.certificate), { 'tracecal.roles': 'recorder' });
    await writeCryptoConfig(withUsers([{ name: 'User1', roles: ['registrar'] }]), directory);
    const after = loadSigningIdentity(user.msp, north.mspId);
    assert.deepEqual(attributesOf(after.certificate), { 'tracecal.roles': 'registrar' });
    assert.ok(after.privateKey.equals(before.privateKey));
  });

  it('says what to do when something is missing and the CA is elsewhere', async () => {
    const tree = memberTree(directory, north);
    rmSync(tree.ca, { recursive: true });
    assert.deepEqual(await writeCryptoConfig(consortium, directory), []);
    rmSync(tree.user('Reader').root, { recursive: true });
    await assert.rejects(writeCryptoConfig(consortium, directory), {
      code: 'AUTHORITY_KEY_MISSING',
      message: /Reader@nmi-north\.example is missing/,
    });
  });

  it('gives every identity the role that its node OU says', () => {
    const tree = memberTree(directory, north);
    const subjectOf = (msp: string) => new X509Certificate(loadSigningIdentity(msp, north.mspId).certificate).subject;
    assert.match(subjectOf(tree.node('peer0').msp), /^OU=peer$/m);
    assert.match(subjectOf(tree.user('Admin').msp), /^OU=admin$/m);
    assert.match(subjectOf(tree.user('Reader').msp), /^OU=client$/m);
    assert.match(subjectOf(ordererTree(directory, orderer).node(orderer.name).msp), /^OU=orderer$/m);
  });

  it('is read back as the MSPs of a channel', () => {
    const msps = loadConsortiumMsps(consortium, directory);
    assert.deepEqual([...msps.keys()], ['NmiNorthMSP', 'NmiSouthMSP', 'NmiNorthOrdererMSP']);
    const tree = memberTree(directory, north);
    const ca = readFileSync(tree.caCertificate, 'utf8');
    assert.deepEqual(msps.get('NmiNorthMSP'), {
      mspId: 'NmiNorthMSP',
      rootCerts: [ca],
      intermediateCerts: [],
      tlsRootCerts: [readFileSync(tree.tlsCaCertificate, 'utf8')],
      tlsIntermediateCerts: [],
      admins: [],
      revocationList: [],
      nodeOus: {
        enabled: true,
        units: {
          client: { unit: 'client', certificate: ca },
          peer: { unit: 'peer', certificate: ca },
          admin: { unit: 'admin', certificate: ca },
          orderer: { unit: 'orderer', certificate: ca },
        },
      },
    });
  });

  it('holds TLS material that fits its hosts, its CA and its keys', () => {
    const tree = memberTree(directory, north);
    const server = loadTls(tree.node('peer0').tls);
    const certificate = new X509Certificate(server.certificate);
    assert.ok(certificate.checkHost('peer0.nmi-north.example') && certificate.checkHost('localhost'));
    assert.ok(certificate.verify(new X509Certificate(server.ca).publicKey));
    assert.equal(loadTls(tree.user('Admin').tls).ca, server.ca);
  });

  it('finds the one key that fits where a renewal has left another', () => {
    const { msp } = memberTree(directory, north).user('User1');
    writeFileSync(join(msp, 'keystore', 'old_sk'), privateKeyPem(generateKeyPair().privateKey), { mode: 0o600 });
    loadSigningIdentity(msp, north.mspId);
    rmSync(join(msp, 'keystore', 'priv_sk'));
    assert.throws(() => loadSigningIdentity(msp, north.mspId), { code: 'KEY_MISMATCH' });
  });

  it('that is damaged is refused with the name of the file', () => {
    const tree = memberTree(directory, north);
    writeFileSync(join(tree.msp, 'config.yaml'), 'NodeOUs: { Enable: true, Surprise: 1 }');
    assert.throws(() => loadMsp(tree.msp, north.mspId), { code: 'MATERIAL_MALFORMED', message: /config\.yaml/ });
    writeFileSync(join(tree.msp, 'cacerts', 'torn.pem'), '-----BEGIN CERTIFICATE-----\nMII');
    assert.throws(() => loadMsp(tree.msp, north.mspId), { code: 'MATERIAL_MALFORMED', message: /torn\.pem/ });
    assert.throws(() => loadMsp(join(directory, 'nowhere'), 'X'), { code: 'MATERIAL_MISSING', message: /nowhere/ });
    assert.throws(() => loadTls(join(directory, 'nowhere')), { code: 'MATERIAL_MISSING' });
  });

  it('gets a connection profile for every member, with the ports that are in use', () => {
    const written = writeConnectionProfiles(consortium, directory, { 'peer0.nmi-north.example': 40_123 });
    const profile: unknown = JSON.parse(readFileSync(written['nmi-north']!, 'utf8'));
    const pem = (tree: { tlsCaCertificate: string }) => readFileSync(tree.tlsCaCertificate, 'utf8');
    assert.deepEqual(profile, {
      name: 'tracecal-nmi-north',
      version: '1.0.0',
      client: {
        organization: 'nmi-north',
        connection: { timeout: { peer: { endorser: '300' } } },
        cryptoconfig: { path: directory },
      },
      organizations: {
        'nmi-north': {
          mspid: 'NmiNorthMSP',
          peers: ['peer0.nmi-north.example'],
          cryptoPath: 'peerOrganizations/nmi-north.example/users/{username}@nmi-north.example/msp',
        },
      },
      peers: {
        'peer0.nmi-north.example': {
          url: 'grpcs://localhost:40123',
          tlsCACerts: { pem: pem(memberTree(directory, north)) },
          grpcOptions: {
            'ssl-target-name-override': 'peer0.nmi-north.example',
            hostnameOverride: 'peer0.nmi-north.example',
          },
        },
      },
      orderers: {
        'orderer1.orderer.nmi-north.example': {
          url: 'grpcs://localhost:7050',
          tlsCACerts: { pem: pem(ordererTree(directory, orderer)) },
          grpcOptions: {
            'ssl-target-name-override': 'orderer1.orderer.nmi-north.example',
            hostnameOverride: 'orderer1.orderer.nmi-north.example',
          },
        },
      },
    });
    assert.deepEqual(writeConnectionProfiles(consortium, directory), written);
  });

  it('is the same for two writers that start at once', async () => {
    const shared = join(directory, 'shared');
    await Promise.all([writeCryptoConfig(consortium, shared), writeCryptoConfig(consortium, shared)]);
    const tree = memberTree(shared, north);
    const ca = new X509Certificate(readFileSync(tree.caCertificate));
    for (const holder of [tree.node('peer0'), tree.user('Admin'), tree.user('User1')]) {
      assert.ok(new X509Certificate(loadSigningIdentity(holder.msp, north.mspId).certificate).verify(ca.publicKey));
    }
  });
});
