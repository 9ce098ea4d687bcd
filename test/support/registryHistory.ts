import assert from 'node:assert/strict';
import type { common } from '@hyperledger/fabric-protos';
import type { Instant } from '@tracecal/core/model';
import { payloadDigest } from '@tracecal/core/signing';
import { Application } from './application.js';
import type { ApplicationNetwork } from './application.js';
import { blocksOf, checkChain } from './blocks.js';
import { eventually } from './eventually.js';
import type { Hierarchy, Item } from './hierarchy.js';
import { emptyRegistryOf } from './registry.js';
import type { RegistryLoad } from './registryLoad.js';
import { REGISTRY } from './registryNetwork.js';
import type { RegistryNetwork } from './registryNetwork.js';
import { registryTransactions } from './registryTransactions.js';
import type { RegistryTransaction } from './registryTransactions.js';

const VALID = 0;

/** All blocks of the registry's channel by the word of a member's peer. The last one is that of a transaction after all others. */
export async function wholeChain(network: ApplicationNetwork, member: string): Promise<readonly common.Block[]> {
  const application = new Application(network, member);
  try {
    const contract = application.contract(REGISTRY.chaincode, REGISTRY.channel);
    const last = await eventually(() => contract.submitAsync('ping'));
    const { blockNumber } = await last.getStatus();
    return await blocksOf(application.network(REGISTRY.channel), 0, Number(blockNumber));
  } finally {
    application.close();
  }
}

/** What stands in the blocks, to be held against what the writers of a load were told, and against the contract. */
export class RegistryHistory {
  readonly #blocks: readonly common.Block[];
  readonly #load: RegistryLoad;
  readonly #valid: readonly RegistryTransaction[];

  constructor(blocks: readonly common.Block[], load: RegistryLoad) {
    this.#blocks = blocks;
    this.#load = load;
    this.#valid = registryTransactions(blocks, REGISTRY.chaincode).filter(({ code }) => code === VALID);
  }

  summary(): string {
    const { acknowledged, refused } = this.#load;
    return `${acknowledged.length} statements registered, ${refused.size} refused, in ${this.#blocks.length} blocks`;
  }

  checkNothingLostOrTwice(): void {
    const { acknowledged } = this.#load;
    const present = this.#registered();
    assert.ok(acknowledged.length > 0);
    assert.equal(new Set(present).size, present.length);
    const all = new Set(present);
    assert.deepEqual(
      acknowledged.filter((digest) => !all.has(digest)),
      [],
    );
  }

  checkNothingRefused(): void {
    const { refused } = this.#load;
    const present = new Set(this.#registered());
    assert.ok(refused.size > 0);
    assert.deepEqual(
      [...refused].filter(([digest]) => present.has(digest)),
      [],
    );
  }

  /** Runs the same transactions one after another: they write the same, and lead to what a member is told of each story. */
  async checkAgainstModel(hierarchy: Hierarchy, registry: Pick<RegistryNetwork, 'as' | 'now'>): Promise<void> {
    const model = emptyRegistryOf(hierarchy);
    for (const { txId, mspId, time, call, writes } of this.#valid) {
      model.now = time;
      model.txId = txId;
      const [name = '', ...args] = call;
      const simulation = await model.simulate({ mspId }, name.split(':').at(-1) ?? '', ...args);
      assert.deepEqual(new Map([...simulation.writes].sort()), new Map([...writes].sort()), `${name} ${txId}`);
      model.commit(simulation);
    }
    const asOf: Instant = await registry.now();
    const member = await registry.as('nmi-south');
    for (const { device } of this.#load.stories) {
      const told = await answerOr(() => eventually(() => member.traceCal(device, { asOf })));
      const own = await answerOr(async () => {
        const text = await model.evaluate('traceCal', device, JSON.stringify({ asOf }));
        return JSON.parse(text) as unknown;
      });
      assert.deepEqual(told, own, device);
    }
  }

  checkChain(): void {
    checkChain(this.#blocks);
  }

  /** Whether the shorter of two chains is the beginning of the other one: its last block names all before it. */
  agreesWith(other: RegistryHistory): boolean {
    const last = Math.min(this.#blocks.length, other.#blocks.length) - 1;
    const [own, others] = [this, other].map((history) => history.#blocks[last]!.getHeader()!.serializeBinary());
    return Buffer.from(own!).equals(others!);
  }

  /** Digests of all statements in valid transactions, as often as they are there. */
  #registered(): readonly string[] {
    return this.#valid.flatMap(({ call: [, argument] }) => {
      const { items = [] } = JSON.parse(argument?.startsWith('{') ? argument : '{}') as { items?: readonly Item[] };
      return items.map(({ statement }) => payloadDigest(statement));
    });
  }
}

/** An answer, or what was said instead of one. */
async function answerOr(ask: () => Promise<unknown>): Promise<unknown> {
  try {
    return await ask();
  } catch (error) {
    return error instanceof Error ? error.message : error;
  }
}
