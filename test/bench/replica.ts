import { performance } from 'node:perf_hooks';
import { instantOf } from '@tracecal/core/model';
import { connect, Follower } from '@tracecal/gateway-client/replica';
import { presentDates, twoCountries } from '../support/hierarchy.js';
import { RegistryNetwork } from '../support/registryNetwork.js';
import { FakePeer } from '../support/replica/fakePeer.js';
import { blocksFrom, definitionsOutside, peerOf } from '../support/replica/recordedChain.js';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporaryFolder.js';
import { printAlone } from './alone.js';

const ROUNDS = 5;
const TRACES = 2000;

/**
 * How fast a replica catches up from recorded blocks, and answers. Times are this machine's.
 *
 *     node --enable-source-maps test/dist/bench/replica.js
 */
export async function replicaNumbers(): Promise<readonly string[]> {
  const lines: string[] = [];
  const hierarchy = await twoCountries(undefined, presentDates());
  const registry = await RegistryNetwork.start(hierarchy);
  try {
    await registry.submitNew();
    const peer = new FakePeer('recorded', await blocksFrom(await peerOf(registry, 'nmi-north')));
    const definitions = definitionsOutside(registry.network);
    for (let round = 1; round <= ROUNDS; round++) {
      const replica = temporaryFolder();
      let taken = { blocks: 0, bytes: 0 };
      const follower = new Follower({ replica, peers: [peer], definitions, onProgress: (now) => (taken = now) });
      const seconds = await secondsOf(() => follower.catchUp());
      await follower.close();
      const rate = `${(taken.blocks / seconds).toFixed(0)} blocks/s, ${(taken.bytes / seconds / 1e6).toFixed(2)} MB/s`;
      const traces = await tracesASecond(replica, hierarchy.idOf('device', 'sensor-a'));
      lines.push(`A replica catches up, round ${round}: ${rate}; then ${traces.toFixed(0)} traces/s`);
    }
    return lines;
  } finally {
    await registry.stop();
    removeTemporaryFolders();
  }
}

/** Of a device over four levels, one after the other. */
async function tracesASecond(replica: string, device: string): Promise<number> {
  const reader = await connect({ replica });
  const asOf = instantOf(Date.now());
  const seconds = await secondsOf(async () => {
    for (let trace = 0; trace < TRACES; trace++) await reader.traceCal(device, { asOf });
  });
  await reader.close();
  return TRACES / seconds;
}

async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

printAlone(module, replicaNumbers);
