import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import type { common } from '@hyperledger/fabric-protos';
import type { Instant } from '@tracecal/core/model';
import { payloadDigest } from '@tracecal/core/signing';
import { Application } from '../support/application.js';
import { blocksOf, checkChain } from '../support/blocks.js';
import { engineName } from '../support/engine.js';
import { eventually } from '../support/eventually.js';
import { needsFabric } from '../support/fabricBinaries.js';
import { killed, started } from '../support/faultNetwork.js';
import { presentDates, unsealedCountries } from '../support/hierarchy.js';
import type { Hierarchy, Item } from '../support/hierarchy.js';
import { Random } from '../support/random.js';
import { emptyRegistryOf } from '../support/registry.js';
import { REGISTRY, RegistryNetwork } from '../support/registryNetwork.js';
import { story } from '../support/registryStories.js';
import type { Story } from '../support/registryStories.js';
import { registryTransactions } from '../support/registryTransactions.js';
import type { RegistryTransaction } from '../support/registryTransactions.js';
import { RegistryWriter } from '../support/registryWriter.js';
import { runSeed } from '../support/seed.js';
import { sealDate } from '../support/submit.js';

const FAULTS = Number(process.env['TRACECAL_KILLS'] ?? (engineName === 'embedded' ? 4 : 3));
const PER_FAULT_MS = 120_000;
/** Members that write at the same time, each through its own peer. */
const MEMBERS = ['nmi-north', 'nmi-south', 'nmi-east', 'lab-alpha', 'lab-beta', 'lab-alpha'] as const;
/** Statements that have to be registered between two faults, at most, and how long that may take: a busy machine is slow to start. */
const MOST_BETWEEN = 12;
const BETWEEN_MS = 120_000;
/** Time within which a network that is killed again and again answers a question. */
const BETWEEN_FAULTS_MS = 300_000;
const VALID = 0;

describe(`The registry under ${FAULTS} faults and mixed writes`, function () {
  this.timeout(300_000 + FAULTS * PER_FAULT_MS);

  let registry: RegistryNetwork;
  let hierarchy: Hierarchy;
  let random: Random;
  let blocks: readonly common.Block[];
  let transactions: readonly RegistryTransaction[];
  const writers: RegistryWriter[] = [];
  const stories: Story[] = [];
  let isEnding = false;

  before(async function () {
    if (engineName === 'native') needsFabric(this, 'peer', 'orderer');
    random = new Random(runSeed);
    hierarchy = await unsealedCountries(undefined, presentDates());
    registry = await RegistryNetwork.start(hierarchy);
    await registry.submitNew();
    const work = MEMBERS.map((member, index) => write(member, new Random(random.between(0, 0x7fffffff)), index));
    const writing = Promise.all([...work, seals()]);
    // Whoever writes goes on until the end, unless something is wrong.
    try {
      for (let fault = 0; fault < FAULTS; fault += 1) {
        await Promise.race([writing, someWrites()]);
        await Promise.race([writing, oneFault()]);
      }
    } finally {
      isEnding = true;
    }
    await writing;
    blocks = await wholeChain();
    transactions = registryTransactions(blocks, REGISTRY.chaincode);
    console.log(
      `      ${acknowledged().length} statements registered, ${refused().size} refused, in ${blocks.length} blocks`,
    );
  });

  after(async () => {
    await (registry as RegistryNetwork | undefined)?.stop();
  });

  const acknowledged = (): string[] => writers.flatMap((writer) => [...writer.acknowledged]);
  const refused = (): ReadonlyMap<string, string> => new Map(writers.flatMap((writer) => [...writer.refused]));

  /** Tells the stories of one device after another, until the faults are over. */
  async function write(member: string, own: Random, index: number): Promise<void> {
    const writer = new RegistryWriter(() => registry.as(member));
    writers.push(writer);
    for (let number = 0; !isEnding; number += 1) {
      const told = await story(hierarchy, `story-${index}-${number}`, own);
      stories.push(told);
      for (const item of told.items) await writer.register(item);
    }
  }

  /** Seals an epoch as soon as one may be sealed, and has it signed by the institutes. */
  async function seals(): Promise<void> {
    const writer = new RegistryWriter(() => registry.as('nmi-north'));
    writers.push(writer);
    while (!isEnding) {
      await writer.register(await eventually(presentSeal, BETWEEN_FAULTS_MS));
      for (const institute of ['nmi-north', 'nmi-south', 'nmi-east']) {
        await writer.register(await eventually(() => presentHeartbeat(institute), BETWEEN_FAULTS_MS));
      }
      await pause(1000);
    }
  }

  async function presentSeal(): Promise<Item> {
    const member = await registry.as('nmi-north');
    const date = await sealDate(member);
    const { number } = await member.getEpoch();
    return { statement: hierarchy.changed(hierarchy.seal().statement, { number, date }) };
  }

  async function presentHeartbeat(institute: string): Promise<Item> {
    const member = await registry.as('nmi-north');
    const { number, opened } = await member.getEpoch();
    const { digest } = await member.getEpochDigest(number - 1);
    const { statement } = hierarchy.addHeartbeat(institute);
    return { statement: hierarchy.changed(statement, { number: number - 1, date: opened, body: { digest } }) };
  }

  /** Until so many more statements are registered: a busy machine gets as far as an idle one. */
  async function someWrites(): Promise<void> {
    const wanted = acknowledged().length + random.between(1, MOST_BETWEEN);
    for (const end = Date.now() + BETWEEN_MS; acknowledged().length < wanted && Date.now() < end;) await pause(5);
    await pause(random.between(0, 100));
  }

  /** One node is killed or stands still for a while, where there are several; or all end at once. */
  async function oneFault(): Promise<void> {
    const { network } = registry;
    const nodes = network.processes ?? [];
    const node = nodes[random.between(0, nodes.length - 1)];
    if (!node || random.chance(0.1)) {
      await network.kill();
      await pause(random.between(0, 500));
      await registry.restart();
    } else if (random.chance(0.3)) {
      node.kill('SIGSTOP');
      await pause(random.between(500, 5000));
      node.kill('SIGCONT');
    } else {
      await killed(node);
      await pause(random.between(0, 3000));
      await started(node);
    }
  }

  /** The last block is that of a transaction after all others. */
  async function wholeChain(): Promise<readonly common.Block[]> {
    const application = new Application(registry.network, 'nmi-north');
    try {
      const contract = application.contract(REGISTRY.chaincode, REGISTRY.channel);
      const last = await eventually(() => contract.submitAsync('ping'));
      const { blockNumber } = await last.getStatus();
      return await blocksOf(application.network(REGISTRY.channel), 0, Number(blockNumber));
    } finally {
      application.close();
    }
  }

  function valid(): readonly RegistryTransaction[] {
    return transactions.filter(({ code }) => code === VALID);
  }

  /** Digests of all statements in valid transactions, as often as they are there. */
  function registered(): readonly string[] {
    return valid().flatMap(({ call: [, argument] }) => {
      const { items = [] } = JSON.parse(argument?.startsWith('{') ? argument : '{}') as { items?: readonly Item[] };
      return items.map(({ statement }) => payloadDigest(statement));
    });
  }

  it('lost nothing that it acknowledged, and has nothing twice', () => {
    const present = registered();
    assert.ok(acknowledged().length > 0);
    assert.equal(new Set(present).size, present.length);
    const all = new Set(present);
    assert.deepEqual(
      acknowledged().filter((digest) => !all.has(digest)),
      [],
    );
  });

  it('has nothing that it refused', () => {
    const present = new Set(registered());
    assert.ok(refused().size > 0);
    assert.deepEqual(
      [...refused()].filter(([digest]) => present.has(digest)),
      [],
    );
  });

  it('wrote what the contract writes when it runs the same transactions one after another', async () => {
    const model = emptyRegistryOf(hierarchy);
    for (const { txId, mspId, time, call, writes } of valid()) {
      model.now = time;
      model.txId = txId;
      const [name = '', ...args] = call;
      const simulation = await model.simulate({ mspId }, name.split(':').at(-1) ?? '', ...args);
      assert.deepEqual(new Map([...simulation.writes].sort()), new Map([...writes].sort()), `${name} ${txId}`);
      model.commit(simulation);
    }
    const asOf: Instant = await registry.now();
    const member = await registry.as('nmi-south');
    for (const { device } of stories) {
      const told = await answerOr(() => eventually(() => member.traceCal(device, { asOf })));
      const own = await answerOr(async () => {
        const text = await model.evaluate('traceCal', device, JSON.stringify({ asOf }));
        return JSON.parse(text) as unknown;
      });
      assert.deepEqual(told, own, device);
    }
  });

  it('has a chain of blocks that verifies', () => {
    checkChain(blocks);
  });
});

/** An answer, or what was said instead of one. */
async function answerOr(ask: () => Promise<unknown>): Promise<unknown> {
  try {
    return await ask();
  } catch (error) {
    return error instanceof Error ? error.message : error;
  }
}
