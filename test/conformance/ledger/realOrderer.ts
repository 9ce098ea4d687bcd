import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { common, orderer } from '@hyperledger/fabric-protos';
import { joinOrderer, NodeConnection } from '@tracecal/network/admin';
import { privateKeyPem } from '@tracecal/pki';
import type { Person, TestChannel } from '../../unit/ledger/testChannel.js';

const READY_MS = 20_000;

/** One `orderer` of Fabric's, by itself the whole ordering service of a test channel. */
export class RealOrderer {
  readonly #process: ChildProcess;
  readonly #folder: string;
  readonly #connection: NodeConnection;

  private constructor(process: ChildProcess, folder: string, connection: NodeConnection) {
    this.#process = process;
    this.#folder = folder;
    this.#connection = connection;
  }

  /** Starts the orderer on the channel's port and lets it join the channel. */
  static async start(channel: TestChannel, genesis: common.Block, adminPort: number): Promise<RealOrderer> {
    const folder = mkdtempSync(join(tmpdir(), 'tracecal-orderer-'));
    writeSetup(folder, channel, adminPort);
    const log = openSync(join(folder, 'orderer.log'), 'w');
    const env = { ...process.env, FABRIC_CFG_PATH: folder, FABRIC_LOGGING_SPEC: 'warn' };
    const child = spawn('orderer', [], { env, cwd: folder, stdio: ['ignore', log, log] });
    const tls = {
      certificate: channel.ordererTls.certificate,
      privateKey: privateKeyPem(channel.ordererTls.privateKey),
    };
    const tlsCa = channel.ordering.ca.certificate;
    const connection = new NodeConnection({ name: 'localhost', address: `localhost:${channel.ordererPort}`, tlsCa });
    const started = new RealOrderer(child, folder, connection);
    try {
      await connection.ready(READY_MS);
      const admin = { name: 'localhost', host: 'localhost', port: adminPort, tlsCa, clientTls: tls };
      await joinOrderer(admin, genesis.serializeBinary());
      return started;
    } catch (error) {
      const said = readFileSync(join(folder, 'orderer.log'), 'utf8').slice(-3000);
      await started.stop();
      throw new Error(`The orderer did not start: ${said}`, { cause: error });
    }
  }

  /** The status with which it answers to an envelope; waits while it has no leader yet. */
  async broadcast(envelope: common.Envelope): Promise<{ status: number; info: string }> {
    for (let attempt = 0; ; attempt++) {
      const answer = await this.#send(envelope);
      if (answer.status !== 503 || attempt >= 40) return answer;
      await pause(250);
    }
  }

  async stop(): Promise<void> {
    this.#connection.close();
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      const ended = once(this.#process, 'exit');
      this.#process.kill('SIGKILL');
      await ended;
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #send(envelope: common.Envelope): Promise<{ status: number; info: string }> {
    return new Promise((resolve, reject) => {
      const stream = this.#connection.broadcast.broadcast({ deadline: Date.now() + READY_MS });
      stream.on('data', (response: orderer.BroadcastResponse) => {
        resolve({ status: response.getStatus(), info: response.getInfo() });
        stream.end();
      });
      stream.on('error', reject);
      stream.write(envelope);
    });
  }
}

function writeSetup(folder: string, channel: TestChannel, adminPort: number): void {
  const { ordering, ordererNode, ordererTls, ordererPort } = channel;
  const file = (path: string, text: string): string => {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    writeFileSync(join(folder, path), text, { mode: 0o600 });
    return join(folder, path);
  };
  const key = (person: Person): string => privateKeyPem(person.privateKey);
  file('msp/signcerts/cert.pem', ordererNode.certificate);
  file('msp/keystore/priv_sk', key(ordererNode));
  file('msp/cacerts/ca.pem', ordering.ca.certificate);
  file('msp/tlscacerts/ca.pem', ordering.ca.certificate);
  const roles = ['Client', 'Peer', 'Admin', 'Orderer'].map((role) => [
    `${role}OUIdentifier`,
    { OrganizationalUnitIdentifier: role.toLowerCase() },
  ]);
  file('msp/config.yaml', JSON.stringify({ NodeOUs: { Enable: true, ...(Object.fromEntries(roles) as object) } }));
  const tls = {
    Enabled: true,
    PrivateKey: file('tls/server.key', key(ordererTls)),
    Certificate: file('tls/server.crt', ordererTls.certificate),
    RootCAs: [file('tls/ca.crt', ordering.ca.certificate)],
  };
  const config = {
    General: {
      ListenAddress: '127.0.0.1',
      ListenPort: ordererPort,
      TLS: tls,
      Cluster: { ClientCertificate: tls.Certificate, ClientPrivateKey: tls.PrivateKey, RootCAs: tls.RootCAs },
      BootstrapMethod: 'none',
      LocalMSPDir: join(folder, 'msp'),
      LocalMSPID: 'OrdererMSP',
      Authentication: { TimeWindow: '15m' },
      BCCSP: { Default: 'SW', SW: { Hash: 'SHA2', Security: 256 } },
    },
    FileLedger: { Location: join(folder, 'ledger') },
    Consensus: { WALDir: join(folder, 'wal'), SnapDir: join(folder, 'snap') },
    ChannelParticipation: { Enabled: true, MaxRequestBodySize: '10 MB' },
    Operations: { ListenAddress: '127.0.0.1:0' },
    Metrics: { Provider: 'disabled' },
    Admin: {
      ListenAddress: `127.0.0.1:${adminPort}`,
      TLS: { ...tls, ClientAuthRequired: true, ClientRootCAs: tls.RootCAs },
    },
  };
  file('orderer.yaml', JSON.stringify(config));
}
