import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OrganisationEndpoint } from '@tracecal/network/embedded';
import { FabricError, startNative, type FabricNetwork } from '@tracecal/network/fabric';
import type { ChaincodeDeployment, Consortium } from '@tracecal/network/topology';
import type { Engine, EngineNetwork } from './engine.js';

/** Real Fabric: the `peer` and `orderer` processes that are on PATH. */
class NativeNetwork implements EngineNetwork {
  readonly engine = 'native';
  #consortium: Consortium;
  readonly #dataDir = mkdtempSync(join(tmpdir(), 'tracecal-native-'));
  readonly #chaincodes: ChaincodeDeployment[] = [];
  #network: FabricNetwork | undefined;

  constructor(consortium: Consortium) {
    this.#consortium = consortium;
  }

  get consortium(): Consortium {
    return this.#consortium;
  }

  get organisations(): readonly OrganisationEndpoint[] {
    return this.#up.organisations;
  }

  get cryptoDir(): string {
    return this.#up.cryptoDir;
  }

  async start(): Promise<void> {
    this.#network = await startNative({
      consortium: this.#consortium,
      dataDir: this.#dataDir,
      ports: 'free',
      chaincodes: this.#chaincodes,
    });
  }

  async restart(): Promise<void> {
    await this.#network?.stop();
    await this.start();
  }

  kill(): Promise<void> {
    for (const process of this.#up.processes) process.kill('SIGKILL');
    return Promise.resolve();
  }

  async addChaincode(chaincode: ChaincodeDeployment): Promise<void> {
    this.#chaincodes.push(chaincode);
    await this.#up.deploy(chaincode);
  }

  async reconfigure(consortium: Consortium): Promise<void> {
    await this.#up.reconfigure(consortium);
    this.#consortium = consortium;
  }

  async stop(): Promise<void> {
    await this.#network?.stop();
    rmSync(this.#dataDir, { recursive: true, force: true });
  }

  get #up(): FabricNetwork {
    if (this.#network === undefined) throw new Error('The network has not been started.');
    return this.#network;
  }
}

const ATTEMPTS = 3;

export const nativeEngine: Engine = {
  name: 'native',
  async start(consortium) {
    for (let attempt = 1; ; attempt++) {
      const network = new NativeNetwork(consortium);
      try {
        await network.start();
        return network;
      } catch (error) {
        await network.stop();
        // Between the choice of a port and its use somebody else may have taken it: then other ports, in another directory.
        const again = error instanceof FabricError && error.code === 'PORT_TAKEN' && attempt < ATTEMPTS;
        if (!again) throw error;
      }
    }
  },
};
