import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { memberTree } from '@tracecal/network/pki';
import { parseConsortium, type ChaincodeDeployment } from '@tracecal/network/topology';
import type { ApplicationNetwork } from '../application.js';
import { engineName } from '../engine.js';
import { succeeds } from './sources.js';

const CLI = resolve(__dirname, '../../../../gateway-client/cli/dist/main.js');

/** A member with the ports of its peers. */
export interface Described {
  readonly place: number;
  readonly ports: readonly number[];
}

export type DescribedChaincode = Pick<ChaincodeDeployment, 'name' | 'endorsement' | 'service'> &
  Partial<Pick<ChaincodeDeployment, 'collections' | 'version'>>;

/** The consortium of Fabric's samples: `Org1MSP`, `org1.example.com`, and `mychannel`. */
export function consortiumOfSamples(members: readonly Described[], chaincodes: readonly DescribedChaincode[]) {
  return {
    name: 'samples',
    organisations: members.map(({ place, ports }) => ({
      id: `org${place}`,
      mspId: `Org${place}MSP`,
      name: `Organisation ${place}`,
      country: 'ZZ',
      domain: `org${place}.example.com`,
      peers: ports.map((port, number) => ({ name: `peer${number}`, port })),
      users: [{ name: 'User1', roles: [] }],
    })),
    orderers: [
      {
        name: 'orderer',
        runBy: 'org1',
        mspId: 'OrdererMSP',
        domain: 'example.com',
        port: 7050,
        adminPort: 7053,
        consenterId: 1,
      },
    ],
    channels: [{ name: 'mychannel', writers: members.map(({ place }) => `org${place}`) }],
    chaincodes: chaincodes.map((one) => ({ version: '1.0.0', sequence: 1, channels: ['mychannel'], ...one })),
  };
}

/** Private collections as Fabric's samples write them down. */
export function collectionsIn(file: string): NonNullable<ChaincodeDeployment['collections']> {
  const written = JSON.parse(readFileSync(file, 'utf8')) as readonly SampleCollection[];
  return written.map(({ policy, endorsementPolicy, ...rest }) => ({
    ...rest,
    members: [...policy.matchAll(/Org(\d)MSP/g)].map(([, place]) => `org${place ?? ''}`),
    ...(endorsementPolicy && { endorsement: endorsementPolicy.signaturePolicy }),
  }));
}

type SampleCollection = Omit<NonNullable<ChaincodeDeployment['collections']>[number], 'members' | 'endorsement'> & {
  readonly policy: string;
  readonly endorsementPolicy?: { readonly signaturePolicy: string };
};

/** A network that `tracecal up` brings up in a folder of its own, on the ports that the samples have written down. */
export class OwnNetwork {
  readonly folder = mkdtempSync(join(tmpdir(), 'tracecal-peers-'));

  get dataDir(): string {
    return join(this.folder, 'data');
  }

  get cryptoDir(): string {
    return join(this.dataDir, 'crypto-config');
  }

  async up(consortium: object): Promise<void> {
    const file = join(this.folder, 'consortium.yaml');
    writeFileSync(file, JSON.stringify(consortium));
    const where = ['--consortium', file, '--engine', engineName, '--ports', 'configured', '--timeout', '120'];
    await this.#tracecal('up', '--detach', ...where);
  }

  /** What applications of the tests need to know, once it is up. */
  get forApplications(): ApplicationNetwork {
    const file = join(this.folder, 'consortium.yaml');
    const consortium = parseConsortium(readFileSync(file, 'utf8'), file);
    const organisations = consortium.organisations.map(({ id, mspId, domain, peers: [peer] }) => ({
      id,
      mspId,
      gatewayEndpoint: `localhost:${peer?.port ?? 0}`,
      tlsHostName: `${peer?.name ?? ''}.${domain}`,
      tlsCaCert: memberTree(this.cryptoDir, { domain }).tlsCaCertificate,
      profile: '',
    }));
    return { consortium, cryptoDir: this.cryptoDir, organisations };
  }

  async end(): Promise<void> {
    await this.#tracecal('down').catch(() => undefined);
    rmSync(this.folder, { recursive: true, force: true });
  }

  #tracecal(command: string, ...options: readonly string[]): Promise<string> {
    return succeeds(process.execPath, [CLI, command, '--data', this.dataDir, ...options], { cwd: this.folder });
  }
}
