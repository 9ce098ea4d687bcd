import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { ChaincodeEnvironment, OrganisationEndpoint } from '@tracecal/network/engine';
import type { Upgrade } from '@tracecal/network/engine';
import {
  FabricError,
  resetDocker,
  resetNative,
  startDocker,
  startNative,
  type DockerOptions,
  type FabricNetwork,
  type NodeProcess,
} from '@tracecal/network/fabric';
import type { AuthorityKind } from '@tracecal/network/pki';
import {
  withChaincode,
  withMembership,
  type ChaincodeDeployment,
  type Consortium,
  type MembershipChange,
} from '@tracecal/network/topology';
import type { Engine, EngineName, EngineNetwork } from './engine.js';
import { KV_PACKAGE } from './scenarioConsortium.js';

/** One way to run real Fabric. */
interface Ways {
  readonly name: EngineName;
  start(options: DockerOptions): Promise<FabricNetwork>;
  reset(dataDir: string): Promise<void>;
  /** What is deployed for a chaincode of the scenarios. */
  deployable(chaincode: ChaincodeDeployment): ChaincodeDeployment;
}

/** Real Fabric on a data directory of its own. */
class RealNetwork implements EngineNetwork {
  readonly #ways: Ways;
  #consortium: Consortium;
  readonly #environment: ChaincodeEnvironment;
  readonly dataDir = mkdtempSync(join(tmpdir(), 'tracecal-fabric-'));
  readonly #chaincodes: ChaincodeDeployment[] = [];
  #network: FabricNetwork | undefined;

  constructor(ways: Ways, consortium: Consortium, environment: ChaincodeEnvironment) {
    this.#ways = ways;
    this.#environment = environment;
    this.#consortium = { ...consortium, chaincodes: consortium.chaincodes.map((one) => ways.deployable(one)) };
  }

  get engine(): EngineName {
    return this.#ways.name;
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

  get processes(): readonly NodeProcess[] {
    return this.#up.processes;
  }

  async start(): Promise<void> {
    this.#network = await this.#ways.start({
      consortium: this.#consortium,
      dataDir: this.dataDir,
      ports: 'free',
      chaincodes: this.#chaincodes,
      chaincodeEnvironment: this.#environment,
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

  async changeMembers(change: MembershipChange): Promise<void> {
    const next = withMembership(this.#consortium, change);
    await this.#up.reconfigure(next);
    this.#consortium = next;
  }

  async upgrade(chaincode: ChaincodeDeployment): Promise<Upgrade> {
    const wanted = this.#ways.deployable(chaincode);
    // As whoever upgrades a network from its description.
    withChaincode(this.#consortium, wanted);
    const upgrade = await this.#up.upgrade(wanted);
    this.#consortium = withChaincode(this.#consortium, upgrade.deployment);
    return upgrade;
  }

  rotateAuthority(organisation: string, authority: AuthorityKind): Promise<void> {
    return this.#up.rotateAuthority(organisation, authority);
  }

  rotateOrderer(name: string): Promise<void> {
    return this.#up.rotateOrderer(name);
  }

  async stop(): Promise<void> {
    await this.#network?.stop();
    await this.#ways.reset(this.dataDir);
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  get #up(): FabricNetwork {
    if (this.#network === undefined) throw new Error('The network has not been started.');
    return this.#network;
  }
}

const ATTEMPTS = 3;

async function start(
  ways: Ways,
  consortium: Consortium,
  environment: ChaincodeEnvironment = {},
): Promise<EngineNetwork> {
  for (let attempt = 1; ; attempt++) {
    const network = new RealNetwork(ways, consortium, environment);
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
}

const native: Ways = { name: 'native', start: startNative, reset: resetNative, deployable: (chaincode) => chaincode };
const docker: Ways = { name: 'docker', start: startDocker, reset: resetDocker, deployable: withContainedCode };

/** The `peer` and `orderer` that are on PATH. */
export const nativeEngine: Engine = {
  name: 'native',
  start: (consortium, environment) => start(native, consortium, environment),
};

/** Containers of the official images. */
export const dockerEngine: Engine = {
  name: 'docker',
  start: (consortium, environment) => start(docker, consortium, environment),
};

/** As a package that holds its own code: the packages beside this file name code elsewhere, which no image would have. */
function withContainedCode(chaincode: ChaincodeDeployment): ChaincodeDeployment {
  const { service } = chaincode;
  if (!('package' in service) || dirname(service.package) !== dirname(KV_PACKAGE) || !existsSync(service.package)) {
    return chaincode;
  }
  const name = basename(service.package);
  const folder = join(__dirname, '..', 'contained', name);
  // The next version is made of the first one.
  for (const part of ['chaincode-kv', 'chaincode-kv-next']) {
    cpSync(join(__dirname, part), join(folder, part), { recursive: true });
  }
  const manifest = JSON.parse(readFileSync(join(service.package, 'package.json'), 'utf8')) as object;
  const contained = { ...manifest, main: `${name}/index.js`, dependencies: { 'fabric-contract-api': '*' } };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(contained));
  return { ...chaincode, service: { ...service, package: folder } };
}
