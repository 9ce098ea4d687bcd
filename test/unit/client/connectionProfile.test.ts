import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readConnectionProfile, TraceCalError } from '@tracecal/gateway-client';
import { removeTemporaryFolders, temporaryFolder } from '../../support/temporaryFolder.js';

/** In the shape that fabric-samples' test network writes. */
const SAMPLE = {
  name: 'test-network-org1',
  version: '1.0.0',
  client: { organization: 'Org1', connection: { timeout: { peer: { endorser: '300' } } } },
  organizations: {
    Org1: { mspid: 'Org1MSP', peers: ['peer0.org1.example.com'], certificateAuthorities: ['ca.org1.example.com'] },
  },
  peers: {
    'peer0.org1.example.com': {
      url: 'grpcs://localhost:7051',
      tlsCACerts: { pem: 'PEM' },
      grpcOptions: { 'ssl-target-name-override': 'peer0.org1.example.com', hostnameOverride: 'peer0.org1.example.com' },
    },
  },
};

function changed(peer: object): object {
  return { ...SAMPLE, peers: { 'peer0.org1.example.com': { ...SAMPLE.peers['peer0.org1.example.com'], ...peer } } };
}

describe('a connection profile', () => {
  after(removeTemporaryFolders);

  it('says where the gateway of an organisation is, and by what name TLS knows it', async () => {
    assert.deepEqual(await readConnectionProfile(SAMPLE), {
      organisation: 'Org1',
      mspId: 'Org1MSP',
      address: 'localhost:7051',
      tlsRoots: 'PEM',
      tlsHostName: 'peer0.org1.example.com',
      userPaths: [],
    });
  });

  it('may name its TLS roots by a path, which counts from the profile', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'tlsca.pem'), 'ROOTS');
    const file = join(folder, 'connection.json');
    writeFileSync(file, JSON.stringify(changed({ tlsCACerts: { path: 'tlsca.pem' } })));
    assert.equal((await readConnectionProfile(file)).tlsRoots, 'ROOTS');
  });

  it('is believed without TLS only if it says so', async () => {
    const plain = await readConnectionProfile(changed({ url: 'grpc://localhost:7051', tlsCACerts: undefined }));
    assert.equal(plain.tlsRoots, undefined);
    await refused(changed({ tlsCACerts: undefined }), /TLS/);
  });

  it('is refused with the place that is wrong', async () => {
    await refused({}, /client/);
    await refused(changed({ url: 'http://localhost' }), /http:\/\/localhost/);
    await refused({ ...SAMPLE, peers: {} }, /Org1/);
    await refused('/nowhere/connection.json', /nowhere/);
  });
});

function refused(profile: string | object, pattern: RegExp): Promise<void> {
  return assert.rejects(
    readConnectionProfile(profile),
    (error: unknown) =>
      error instanceof TraceCalError && error.code === 'PROFILE_INVALID' && pattern.test(error.message),
  );
}
