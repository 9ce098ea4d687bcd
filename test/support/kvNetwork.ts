import { Client, credentials } from '@grpc/grpc-js';
import { connect, hash, signers, type Contract, type Gateway } from '@hyperledger/fabric-gateway';
import { startEmbedded, type EmbeddedOptions } from '@tracecal/network/embedded';
import type { StartedNetwork } from '@tracecal/network/engine';
import { loadSigningIdentity, memberTree } from '@tracecal/network/pki';
import { defaultConsortiumFile, readConsortium, type Consortium } from '@tracecal/network/topology';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const MEMBERS = ['nmi-north', 'nmi-south', 'lab-alpha', 'oem-a'];

/** The directory of the chaincode that does one thing a transaction. */
export const KV_CHAINCODE = resolve(__dirname, '../../support/chaincode-kv');

/** Four members and two channels: `calibration`, which `oem-a` may only read, and `pair` of the two NMIs. */
export function kvConsortium(): Consortium {
  const all = readConsortium(defaultConsortiumFile());
  const batch = { maxMessages: 100, timeoutMs: 100 };
  return {
    ...all,
    organisations: all.organisations.filter(({ id }) => MEMBERS.includes(id)),
    channels: [
      {
        name: 'calibration',
        level: 'calibration',
        writers: ['nmi-north', 'nmi-south', 'lab-alpha'],
        readers: ['oem-a'],
        batch,
      },
      { name: 'pair', level: 'calibration', writers: ['nmi-north', 'nmi-south'], readers: [], batch },
    ],
    chaincodes: [
      {
        name: 'kv',
        channels: ['calibration', 'pair'],
        version: '1.0',
        sequence: 1,
        endorsement: {
          calibration: "OutOf(2, 'NmiNorthMSP.peer', 'NmiSouthMSP.peer', 'LabAlphaMSP.peer')",
          pair: "OR('NmiNorthMSP.peer', 'NmiSouthMSP.peer')",
        },
        service: { package: KV_CHAINCODE },
        collections: [
          {
            name: 'north',
            members: ['nmi-north', 'lab-alpha'],
            memberOnlyRead: false,
            memberOnlyWrite: false,
            requiredPeerCount: 0,
            maxPeerCount: 1,
            blockToLive: 0,
            endorsement: "OR('NmiNorthMSP.peer', 'LabAlphaMSP.peer')",
          },
        ],
      },
    ],
  };
}

/** A running network with the key-value chaincode, and clients of its organisations' admins. */
export class KvNetwork {
  readonly dataDir: string;
  readonly #options: Partial<EmbeddedOptions>;
  readonly #open: { close(): void }[] = [];
  #network: StartedNetwork | undefined;

  private constructor(dataDir: string, options: Partial<EmbeddedOptions>) {
    this.dataDir = dataDir;
    this.#options = options;
  }

  static async start(options: Partial<EmbeddedOptions> = {}): Promise<KvNetwork> {
    const network = new KvNetwork(mkdtempSync(join(tmpdir(), 'tracecal-kv-')), options);
    await network.restart();
    return network;
  }

  get network(): StartedNetwork {
    if (!this.#network) throw new Error('the network is stopped');
    return this.#network;
  }

  /** Stops it, if it runs, and starts it again on the same data. */
  async restart(): Promise<void> {
    await this.halt();
    this.#network = await startEmbedded({
      consortium: kvConsortium(),
      dataDir: this.dataDir,
      ports: 'free',
      ...this.#options,
    });
  }

  async halt(): Promise<void> {
    for (const each of this.#open.splice(0)) each.close();
    await this.#network?.stop();
    this.#network = undefined;
  }

  /** Stops it and removes its data. */
  async end(): Promise<void> {
    await this.halt();
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  /** A gRPC connection to an organisation's peer, closed when the network halts. */
  connection(organisation: string): Client {
    const endpoint = this.network.organisations.find(({ id }) => id === organisation);
    if (!endpoint) throw new Error(`no organisation ${organisation}`);
    const client = new Client(endpoint.gatewayEndpoint, credentials.createSsl(readFileSync(endpoint.tlsCaCert)));
    this.#open.push(client);
    return client;
  }

  gateway(organisation: string): Gateway {
    const endpoint = readConsortium(defaultConsortiumFile()).organisations.find(({ id }) => id === organisation);
    if (!endpoint) throw new Error(`no organisation ${organisation}`);
    const { msp } = memberTree(this.network.cryptoDir, endpoint).user('Admin');
    const { certificate, privateKey } = loadSigningIdentity(msp, endpoint.mspId);
    const gateway = connect({
      client: this.connection(organisation),
      identity: { mspId: endpoint.mspId, credentials: Buffer.from(certificate) },
      signer: signers.newPrivateKeySigner(privateKey),
      hash: hash.sha256,
    });
    this.#open.unshift(gateway);
    return gateway;
  }

  contract(organisation: string, channel = 'calibration'): Contract {
    return this.gateway(organisation).getNetwork(channel).getContract('kv');
  }
}
