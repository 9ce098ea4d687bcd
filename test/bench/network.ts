import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { connect, connectMeasurement } from '@tracecal/gateway-client';
import type { Measurement, TraceCal } from '@tracecal/gateway-client';
import { startNative } from '@tracecal/network/fabric';
import { defaultConsortiumFile, readConsortium } from '@tracecal/network/topology';

export type EngineName = 'embedded' | 'native';

interface Endpoint {
  readonly id: string;
  readonly profile: string;
}

/** A network under measurement, in processes of its own, with a connection an organisation. */
export class BenchNetwork {
  readonly engine: EngineName;
  readonly #data = mkdtempSync(join(tmpdir(), 'tracecal-bench-'));
  readonly #connections = new Map<string, TraceCal>();
  #endpoints: readonly Endpoint[] = [];
  #end: () => Promise<void> = () => Promise.resolve();

  private constructor(engine: EngineName) {
    this.engine = engine;
  }

  static async start(engine: EngineName): Promise<BenchNetwork> {
    const network = new BenchNetwork(engine);
    await network.#start();
    return network;
  }

  /** Stops and starts it with its data: what chaincode processes remembered is forgotten. */
  async restart(): Promise<void> {
    await this.#stop();
    await this.#start();
  }

  async stop(): Promise<void> {
    await this.#stop();
    rmSync(this.#data, { recursive: true, force: true });
  }

  async as(organisation: string): Promise<TraceCal> {
    const known = this.#connections.get(organisation);
    if (known) {
      return known;
    }
    const connection = await connect(this.#profileOf(organisation));
    this.#connections.set(organisation, connection);
    return connection;
  }

  /** A site's measurement compartment, as its operator; to be closed by the caller. */
  measurement(channel: string, organisation: string): Promise<Measurement> {
    return connectMeasurement({ profile: this.#profileOf(organisation), channel });
  }

  #profileOf(organisation: string): string {
    const endpoint = this.#endpoints.find(({ id }) => id === organisation);
    if (!endpoint) {
      throw new Error(`The network has no organisation ${organisation}.`);
    }
    return endpoint.profile;
  }

  async #start(): Promise<void> {
    if (this.engine === 'native') {
      const consortium = readConsortium(defaultConsortiumFile());
      const native = await startNative({ consortium, dataDir: this.#data, ports: 'free' });
      this.#endpoints = native.organisations;
      this.#end = () => native.stop();
      return;
    }
    const { child, endpoints } = await startEmbeddedProcess(this.#data);
    this.#endpoints = endpoints;
    this.#end = () => ended(child);
  }

  async #stop(): Promise<void> {
    for (const connection of this.#connections.values()) {
      connection.close();
    }
    this.#connections.clear();
    await this.#end();
  }
}

async function startEmbeddedProcess(data: string): Promise<{ child: ChildProcess; endpoints: readonly Endpoint[] }> {
  const packageFile = createRequire(__filename).resolve('@tracecal/network/package.json');
  const program = join(dirname(packageFile), 'dist', 'main.js');
  const child = spawn(process.execPath, [program, '--data', data, '--ports', 'free', '--exit-with-parent'], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const endpoints = await new Promise<readonly Endpoint[]>((resolve, reject) => {
    child.once('message', (message) => {
      resolve((message as { organisations: readonly Endpoint[] }).organisations);
    });
    child.once('exit', () => {
      reject(new Error('The embedded network ended before it was ready.'));
    });
  });
  return { child, endpoints };
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => {
      resolve();
    });
    child.kill('SIGTERM');
  });
}
