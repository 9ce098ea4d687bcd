import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { foreignImages, type ContainerUsers } from './compose.js';
import { DockerLayout, IN_CONTAINER } from './layout.js';
import { DockerRunner } from './runner.js';
import { bringImages, Compose, isRootless, runningContainers } from './tool.js';
import { writeMaterial } from '../common/configuration/material.js';
import type { NextPorts } from '../nextPorts.js';
import type { FabricNetwork, NativeOptions, NetworkState } from '../common/network.js';
import { nextPlacement, place, placedNames } from '../common/places/placement.js';
import { listeners } from '../common/places/portCheck.js';
import { requireNoOthersNodes } from '../common/nodes/othersNodes.js';
import { assembleNetwork } from '../common/runningNetwork.js';
import { removeAll } from '../../system/removeAll.js';
import type { Consortium } from '../../topology/index.js';
import { deleteUnderLock, DirectoryLock, withLock } from '../../running/control/index.js';

export type DockerOptions = Omit<NativeOptions, 'fabricBin'>;

/**
 * Starts real Fabric in containers of the official images: writes keys, genesis blocks, configuration and the compose file, builds the
 * chaincodes' images, starts everything, joins the channels, deploys the chaincodes, and waits until every organisation is discoverable. A
 * data directory that was used before is continued.
 *
 * @throws FabricError, or AdminError when a node refuses; nothing is left running then.
 */
export async function startDocker(options: DockerOptions): Promise<FabricNetwork> {
  const { log, ports, lock, signal } = options;
  const layout = new DockerLayout(resolve(options.dataDir));
  const compose = await Compose.find(layout);
  await bringImages(await foreignImages(process.env));
  const chaincodes = [...options.consortium.chaincodes, ...(options.chaincodes ?? [])];
  const own = lock === undefined ? await DirectoryLock.take(layout.root) : undefined;
  try {
    // A killed network leaves containers behind, which hold the ports.
    await compose.down();
    await requireNoOthersNodes(layout.root, 'start them again');
    const placement = await place(layout, options.consortium, ports);
    await writeMaterial(layout, placement, IN_CONTAINER);
    signal?.throwIfAborted();
    const runner = new DockerRunner(layout, compose, await containerUsers(), options.chaincodeEnvironment ?? {});
    const network = await assembleNetwork({ layout, placement, runner, seen: IN_CONTAINER, ports, log, lock: own });
    await network.start(chaincodes, signal);
    return network;
  } catch (error) {
    await own?.release();
    throw error;
  }
}

/**
 * Checks that Docker and Compose can be used, and that the images are available.
 * @throws FabricError `DOCKER_MISSING`, `IMAGE_MISSING`
 */
export async function checkDocker(): Promise<void> {
  await Compose.find(new DockerLayout(resolve()));
  await bringImages(await foreignImages(process.env));
}

/** The ports of the next start on a data directory. Chaincode services have theirs inside the containers. */
export async function dockerPorts(dataDir: string, consortium: Consortium): Promise<NextPorts> {
  const placement = await nextPlacement(new DockerLayout(resolve(dataDir)), consortium);
  return { ports: [...listeners(placement)].map(([, port]) => port), areFixed: !placement.isNew };
}

/** The state of a data directory's containers, no matter which process started them. */
export async function dockerState(dataDir: string): Promise<NetworkState> {
  const layout = new DockerLayout(resolve(dataDir));
  if ((await placedNames(layout)).length === 0) return 'absent';
  return (await runningContainers(layout)) ? 'running' : 'stopped';
}

/**
 * Stops the containers that a killed network left behind. Their data stays.
 *
 * @returns Whether some still ran.
 * @throws DataDirectoryInUse when the network runs: stop that through its socket
 */
export function stopDocker(dataDir: string): Promise<boolean> {
  const layout = new DockerLayout(resolve(dataDir));
  return withLock(layout.root, async () => {
    if (!existsSync(layout.composeFile)) return false;
    const isRunning = await runningContainers(layout);
    await (await Compose.find(layout)).down();
    return isRunning;
  });
}

/**
 * Deletes the data and images of a network that does not run. Other files there are not touched.
 *
 * @throws DataDirectoryInUse when it runs
 */
export function resetDocker(dataDir: string): Promise<void> {
  const layout = new DockerLayout(resolve(dataDir));
  return deleteUnderLock(layout.root, async () => {
    if (existsSync(layout.composeFile)) {
      const compose = await Compose.find(layout);
      await compose.down();
      await compose.removeImages();
    }
    await requireNoOthersNodes(layout.root, 'reset it then');
    await removeAll(layout.everything);
  });
}

/**
 * Nodes run as the calling user, so that they can read the user's key files and the user can delete theirs. A chaincode service never runs
 * as root. The root of a rootless engine is that user.
 */
async function containerUsers(): Promise<ContainerUsers> {
  const [uid, gid] = [process.getuid?.() ?? 0, process.getgid?.() ?? 0];
  if (await isRootless()) return { nodes: '0:0', chaincode: '0:0' };
  const nodes = `${uid}:${gid}`;
  return { nodes, chaincode: uid === 0 ? '1000:1000' : nodes };
}
