import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { foreignImages, type ContainerUsers } from './compose.js';
import { DockerLayout, IN_CONTAINER } from './layout.js';
import { DockerRunner } from './runner.js';
import { bringImages, Compose, isRootless, runningContainers } from './tool.js';
import { writeMaterial } from '../common/configuration/material.js';
import type { FabricNetwork, NativeOptions } from '../common/network.js';
import { place, placedNames } from '../common/places/placement.js';
import { assembleNetwork } from '../common/runningNetwork.js';
import { becomeSupervisor, endSupervised, resignSupervisor } from '../common/processes/supervision.js';

export type DockerOptions = Omit<NativeOptions, 'fabricBin'>;

/**
 * Brings up real Fabric in containers of the official images: writes keys, genesis blocks, configuration and the compose
 * file, builds the chaincodes' images, starts everything, joins the channels, deploys the chaincodes, and waits until every
 * organisation is discoverable. On a data directory that was used before it goes on with what is there.
 *
 * @throws FabricError, or AdminError when a node refuses; nothing is left running then.
 */
export async function startDocker(options: DockerOptions): Promise<FabricNetwork> {
  const { log, ports } = options;
  const layout = new DockerLayout(resolve(options.dataDir));
  const compose = await Compose.find(layout);
  await bringImages(await foreignImages(process.env));
  const chaincodes = [...options.consortium.chaincodes, ...(options.chaincodes ?? [])];
  await becomeSupervisor(layout);
  try {
    // A supervisor that was killed leaves containers, which hold the ports.
    await compose.down();
    const placement = await place(layout, options.consortium, ports);
    await writeMaterial(layout, placement, IN_CONTAINER);
    const runner = new DockerRunner(layout, compose, await containerUsers(), options.chaincodeEnvironment ?? {});
    const network = await assembleNetwork({ layout, placement, runner, seen: IN_CONTAINER, ports, log });
    await network.start(chaincodes);
    return network;
  } catch (error) {
    await resignSupervisor(layout);
    throw error;
  }
}

/** Makes sure that Docker and Compose can be used, and that the images are here. @throws FabricError `DOCKER_MISSING`, `IMAGE_MISSING` */
export async function checkDocker(): Promise<void> {
  await Compose.find(new DockerLayout(resolve()));
  await bringImages(await foreignImages(process.env));
}

/** What runs on a data directory in containers, whoever started it. */
export async function dockerStatus(dataDir: string): Promise<'absent' | 'stopped' | 'running'> {
  const layout = new DockerLayout(resolve(dataDir));
  if ((await placedNames(layout)).length === 0) return 'absent';
  return (await runningContainers(layout)) ? 'running' : 'stopped';
}

/** Ends the containers of a data directory, whoever started them. Their data stays. */
export async function stopDocker(dataDir: string): Promise<void> {
  const layout = new DockerLayout(resolve(dataDir));
  await endSupervised(layout);
  if (existsSync(layout.composeFile)) await (await Compose.find(layout)).down();
}

/** Ends the containers of a data directory and deletes its data and images. Other files there are not touched. */
export async function resetDocker(dataDir: string): Promise<void> {
  const layout = new DockerLayout(resolve(dataDir));
  await endSupervised(layout);
  if (existsSync(layout.composeFile)) {
    const compose = await Compose.find(layout);
    await compose.down();
    await compose.removeImages();
  }
  await Promise.all(layout.everything.map((path) => rm(path, { recursive: true, force: true })));
}

/**
 * Nodes run as whoever runs this, so that they can read his key files and he can delete theirs; a chaincode service never as
 * root. A rootless engine's root is that user.
 */
async function containerUsers(): Promise<ContainerUsers> {
  const [uid, gid] = [process.getuid?.() ?? 0, process.getgid?.() ?? 0];
  if (await isRootless()) return { nodes: '0:0', chaincode: '0:0' };
  const nodes = `${uid}:${gid}`;
  return { nodes, chaincode: uid === 0 ? '1000:1000' : nodes };
}
