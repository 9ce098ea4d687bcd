import { after as afterAll } from 'mocha';
import { Application, type ApplicationOptions } from './application.js';
import { engineName, selectedEngine, type EngineNetwork } from './engine.js';
import { KV, scenarioConsortium, START_ENVIRONMENT, type MemberId } from './scenarioConsortium.js';

let starting: Promise<EngineNetwork> | undefined;

/** Starting real Fabric takes longer than any scenario. */
const START_MS = 240_000;

// Of the root suite, since this module is loaded by the test files: the network ends with the last of them.
afterAll(async function () {
  this.timeout(START_MS);
  const network = await starting?.catch(() => undefined);
  await network?.stop();
  for (const end of endings) await end();
});

const endings: (() => Promise<void>)[] = [];

/** Something to end after the network. */
export function atEnd(end: () => Promise<void>): void {
  endings.push(end);
}

/** One network for all scenario files: each scenario uses keys of its own. */
function sharedNetwork(): Promise<EngineNetwork> {
  starting ??= selectedEngine().then((engine) => engine.start(scenarioConsortium(), { [KV]: START_ENVIRONMENT }));
  return starting;
}

/** What a scenario has: the network of the run, and applications on it. */
export interface Stage {
  readonly network: EngineNetwork;
  /** An organisation's application; the same one for the whole file, connected again after a restart. */
  as(member: MemberId): Application;
  /** An application of its own, closed with the file. */
  connect(member: MemberId, options: ApplicationOptions): Application;
  /** Closes the applications' connections; the next use connects anew. */
  disconnect(): void;
  /** Restarts the network and connects anew. */
  restart(): Promise<void>;
}

let keys = 0;

/** A key that no other scenario uses. */
export function freshKey(name = 'key'): string {
  keys += 1;
  return `${name}-${String(keys).padStart(4, '0')}`;
}

/** A group of scenarios on the network of this run; its title says on which engine. */
export function scenarios(subject: string, tell: (stage: Stage) => void): void {
  describe(`${subject} [${engineName}]`, () => {
    const stage = new SharedStage();
    before(async function () {
      this.timeout(START_MS);
      await stage.open();
    });
    after(() => {
      stage.disconnect();
    });
    tell(stage);
  });
}

class SharedStage implements Stage {
  readonly #applications = new Map<MemberId, Application>();
  readonly #others: Application[] = [];
  #network: EngineNetwork | undefined;

  get network(): EngineNetwork {
    if (this.#network === undefined) throw new Error('The network is there inside a scenario only.');
    return this.#network;
  }

  async open(): Promise<void> {
    this.#network = await sharedNetwork();
  }

  as(member: MemberId): Application {
    const known = this.#applications.get(member);
    if (known !== undefined) return known;
    const application = new Application(this.network, member);
    this.#applications.set(member, application);
    return application;
  }

  connect(member: MemberId, options: ApplicationOptions): Application {
    const application = new Application(this.network, member, options);
    this.#others.push(application);
    return application;
  }

  async restart(): Promise<void> {
    this.disconnect();
    await this.network.restart();
  }

  disconnect(): void {
    for (const application of [...this.#applications.values(), ...this.#others]) application.close();
    this.#applications.clear();
    this.#others.length = 0;
  }
}
