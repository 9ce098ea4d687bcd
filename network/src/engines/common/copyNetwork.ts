import { copyData, copyFolder } from '../../backup/index.js';
import type { Log } from '../../system/log.js';
import type { ConnectedNodes } from './nodes/connectedNodes.js';
import type { Runner } from './processes/runner.js';

interface Running {
  readonly nodes: ConnectedNodes;
  readonly runner: Runner;
  readonly log: Log;
}

/**
 * Copies the directory of a network of processes. All orderers are stopped meanwhile, so that writes wait: orderers that were copied one
 * after the other under load would not agree on the last block, and no block would be in the copy of a quorum. Peers are stopped one at a
 * time, so that reads go on at all others. No peer is ahead of the orderers, for nothing is ordered until the end.
 */
export async function copyNetwork(root: string, target: string, { nodes, runner, log }: Running): Promise<void> {
  const orderers = nodes.orderers.map(({ name }) => name);
  log('info', 'Writes wait while the network is copied.');
  await runner.whileStopped(orderers, async () => {
    for (const peer of nodes.peers) {
      const path = `peers/${peer.name}`;
      await runner.whileStopped([peer.name], () => copyFolder(root, path, target));
      await nodes.awaitPeer(peer);
    }
    await copyData(root, target, new Set(nodes.peers.map(({ name }) => `peers/${name}`)));
  });
  log('info', 'The network is copied, and writes go on.');
}
