import { after as afterAll } from 'mocha';
import type { DefinedChaincode } from '@tracecal/ledger/validation';
import { embeddedEngine } from '../engineEmbedded.js';
import { presentDates, twoCountries } from '../hierarchy.js';
import { RegistryNetwork } from '../registryNetwork.js';
import { blocksFrom, definitionsOutside, peerOf } from './recordedChain.js';

/** A channel of two countries that one member has left. */
export interface SharedChain {
  readonly registry: RegistryNetwork;
  readonly blocks: readonly Uint8Array[];
  readonly definitions: readonly DefinedChaincode[];
  /** Number of the block that brings another configuration. */
  readonly configBlock: number;
}

let starting: Promise<SharedChain> | undefined;

// Of the root suite, since this module is loaded by the test files: the network ends with the last of them.
afterAll(async function () {
  this.timeout(60_000);
  const shared = await starting?.catch(() => undefined);
  await shared?.registry.stop();
});

/** One embedded network for all test files of a process. They only read its channel. */
export function sharedChain(): Promise<SharedChain> {
  starting ??= start();
  return starting;
}

async function start(): Promise<SharedChain> {
  const hierarchy = await twoCountries(undefined, presentDates());
  const registry = await RegistryNetwork.start(hierarchy, { engine: embeddedEngine });
  try {
    await registry.submitNew();
    const north = await peerOf(registry, 'nmi-north');
    const configBlock = await north.height();
    await registry.network.changeMembers({ leave: 'lab-beta', endorsement: {} });
    await (await registry.as('lab-alpha')).anchor('a'.repeat(64));
    const blocks = await blocksFrom(north);
    return { registry, blocks, definitions: definitionsOutside(registry.network), configBlock };
  } catch (error) {
    await registry.stop();
    throw error;
  }
}
