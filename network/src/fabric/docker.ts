import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Consortium } from '../topology/index.js';
import type { ContainerUsers } from './dockerCompose.js';
import { DockerLayout, IN_CONTAINER } from './dockerLayout.js';
import { DockerNetwork, type ContainerNetwork } from './dockerNetwork.js';
import { Compose, isRootless } from './dockerTool.js';
import { writeMaterial } from './material.js';
import type { NativeOptions } from './network.js';
import { ordererHandle, peerHandle, type OrdererHandle, type PeerHandle } from './nodes.js';
import { place, placedNames } from './placement.js';
import { checkPorts } from './portCheck.js';
import { becomeSupervisor, endSupervised, resignSupervisor } from './supervision.js';

export type DockerOptions = Omit<NativeOptions, 'fabricBin'>;

/**
 * Brings up real Fabric in containers of the official images: writes keys, genesis blocks, configuration and the compose
 * file, builds the chaincodes' images, starts everything, joins the channels, deploys the chaincodes, and waits until every
 * organisation is discoverable. On a data directory that was used before it goes on with what is there.
 *
 * @throws FabricError, or AdminError when a node refuses; nothing is left running then.
 */
export async function startDocker(options: DockerOptions): Promise<ContainerNetwork> {
  const layout = new DockerLayout(resolve(options.dataDir));
  const compose = await Compose.find(layout);
  const chaincodes = [...options.consortium.chaincodes, ...(options.chaincodes ?? [])];
  await becomeSupervisor(layout);
  try {
    await removeContainers(layout, compose);
    const placement = await place(layout, options.consortium, options.ports);
    await checkPorts(placement);
    await writeMaterial(layout, placement, { layout: IN_CONTAINER });
    const { orderers, peers } = await handles(layout, placement.consortium);
    const users = await containerUsers();
    const network = new DockerNetwork({ layout, placement, compose, users, orderers, peers, log: options.log });
    await network.start(chaincodes);
    return network;
  } catch (error) {
    await resignSupervisor(layout);
    throw error;
  }
}

/** What runs on a data directory in containers, whoever started it. */
export async function dockerStatus(dataDir: string): Promise<'absent' | 'stopped' | 'running'> {
  const layout = new DockerLayout(resolve(dataDir));
  if ((await placedNames(layout)).length === 0) return 'absent';
  const filter = `label=com.docker.compose.project=${layout.project}`;
  const { stdout } = await promisify(execFile)('docker', ['ps', '--quiet', '--filter', filter]);
  return stdout.trim() === '' ? 'stopped' : 'running';
}

/** Ends the containers of a data directory, whoever started them. Their data stays. */
export async function stopDocker(dataDir: string): Promise<void> {
  const layout = new DockerLayout(resolve(dataDir));
  await endSupervised(layout);
  if (existsSync(layout.composeFile)) await removeContainers(layout, await Compose.find(layout));
}

/** Ends the containers of a data directory and deletes its data and images. Other files there are not touched. */
export async function resetDocker(dataDir: string): Promise<void> {
  const layout = new DockerLayout(resolve(dataDir));
  await endSupervised(layout);
  if (existsSync(layout.composeFile)) {
    const compose = await Compose.find(layout);
    await removeContainers(layout, compose);
    await compose.do('down', '--rmi', 'local');
  }
  await Promise.all(layout.everything.map((path) => rm(path, { recursive: true, force: true })));
}

/** What a supervisor that was killed may have left: its containers hold the ports. */
async function removeContainers(layout: DockerLayout, compose: Compose): Promise<void> {
  if (existsSync(layout.composeFile)) await compose.do('down', '--remove-orphans', '--timeout', '10');
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

async function handles(
  { cryptoDir }: DockerLayout,
  { orderers, organisations }: Consortium,
): Promise<{ readonly orderers: readonly OrdererHandle[]; readonly peers: readonly PeerHandle[] }> {
  return {
    orderers: await Promise.all(orderers.map((orderer) => ordererHandle(cryptoDir, orderer))),
    peers: await Promise.all(
      organisations.flatMap((member) => member.peers.map((peer) => peerHandle(cryptoDir, member, peer))),
    ),
  };
}
