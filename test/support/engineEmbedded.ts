import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  requestAuthorityRotation,
  requestMembershipChange,
  requestOrdererRotation,
  requestUpgrade,
} from '@tracecal/network/control';
import type { ChaincodeEnvironment, OrganisationEndpoint } from '@tracecal/network/engine';
import type { Upgrade } from '@tracecal/network/engine';
import type { AuthorityKind } from '@tracecal/network/pki';
import {
  withChaincode,
  withMembership,
  type ChaincodeDeployment,
  type Consortium,
  type MembershipChange,
} from '@tracecal/network/topology';
import type { Engine, EngineNetwork } from './engine.js';

/** The process that `tracecal up` starts. */
const PROGRAM = join(
  dirname(createRequire(__filename).resolve('@tracecal/network/package.json')),
  'dist',
  'engines',
  'main.js',
);

interface Ready {
  readonly organisations: readonly OrganisationEndpoint[];
  readonly cryptoDir: string;
}

/** The embedded network in its own process, as a user runs it: so it can be killed. It ends with the tests, whatever happens. */
export class EmbeddedProcess implements EngineNetwork {
  readonly engine = 'embedded';
  #consortium: Consortium;
  readonly #root = mkdtempSync(join(tmpdir(), 'tracecal-embedded-'));
  readonly #environment: ChaincodeEnvironment;
  readonly #chaincodes: string[] = [];
  #process: ChildProcess | undefined;
  #ready: Ready | undefined;

  constructor(consortium: Consortium, environment: ChaincodeEnvironment = {}) {
    this.#consortium = consortium;
    this.#environment = environment;
    // JSON is YAML.
    writeFileSync(this.#file('consortium.yaml'), JSON.stringify(consortium));
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

  get dataDir(): string {
    return this.#file('data');
  }

  /** Of its process, while it runs. */
  get pid(): number {
    return this.#process!.pid!;
  }

  async start(): Promise<void> {
    const log = openSync(this.#file('log'), 'a');
    const process = fork(PROGRAM, this.#arguments(), { stdio: ['ignore', log, log, 'ipc'] });
    closeSync(log);
    this.#process = process;
    const [answer] = (await Promise.race([once(process, 'message'), once(process, 'exit')])) as [Ready | number | null];
    if (typeof answer === 'object' && answer !== null) {
      this.#ready = answer;
      return;
    }
    throw new Error(`The embedded network did not start: ${readFileSync(this.#file('log'), 'utf8')}`);
  }

  async restart(): Promise<void> {
    await this.#end('SIGTERM');
    await this.start();
  }

  kill(): Promise<void> {
    return this.#end('SIGKILL');
  }

  async addChaincode({ name, channels, endorsement, service }: ChaincodeDeployment): Promise<void> {
    if (typeof endorsement !== 'string' || !('address' in service)) {
      throw new Error('A chaincode is added to a running network by the address of its service, with one policy.');
    }
    this.#chaincodes.push(...channels.map((channel) => `${name}@${channel}=${service.address},policy=${endorsement}`));
    await this.restart();
  }

  async changeMembers(change: MembershipChange): Promise<void> {
    const { organisations } = await requestMembershipChange(this.dataDir, change);
    this.#ready = { ...this.#up, organisations };
    this.#consortium = withMembership(this.#consortium, change);
  }

  async upgrade(chaincode: ChaincodeDeployment): Promise<Upgrade> {
    const upgrade = await requestUpgrade(this.dataDir, chaincode);
    this.#consortium = withChaincode(this.#consortium, upgrade.deployment);
    return upgrade;
  }

  async rotateAuthority(organisation: string, authority: AuthorityKind): Promise<void> {
    await requestAuthorityRotation(this.dataDir, organisation, authority);
  }

  async rotateOrderer(name: string): Promise<void> {
    await requestOrdererRotation(this.dataDir, name);
  }

  async stop(): Promise<void> {
    await this.#end('SIGTERM');
    rmSync(this.#root, { recursive: true, force: true });
  }

  get #up(): Ready {
    if (this.#ready === undefined) throw new Error('The network has not been started.');
    return this.#ready;
  }

  #file(name: string): string {
    return join(this.#root, name);
  }

  #arguments(): string[] {
    const fixed = ['--data', this.dataDir, '--consortium', this.#file('consortium.yaml'), '--ports', 'free'];
    const variables = Object.entries(this.#environment).flatMap(([chaincode, values]) =>
      Object.entries(values).map(([name, value]) => `${chaincode}:${name}=${value}`),
    );
    return [
      ...fixed,
      '--exit-with-parent',
      ...this.#chaincodes.flatMap((chaincode) => ['--chaincode', chaincode]),
      ...variables.flatMap((variable) => ['--chaincode-environment', variable]),
    ];
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const process = this.#process;
    this.#process = undefined;
    if (process?.exitCode !== null || process.signalCode !== null) return;
    const exit = once(process, 'exit');
    process.kill(signal);
    await exit;
  }
}

export const embeddedEngine: Engine = {
  name: 'embedded',
  async start(consortium, environment = {}) {
    const network = new EmbeddedProcess(consortium, environment);
    try {
      await network.start();
      return network;
    } catch (error) {
      await network.stop();
      throw error;
    }
  },
};
