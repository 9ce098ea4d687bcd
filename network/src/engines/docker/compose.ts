import { join } from 'node:path';
import { stringify } from 'yaml';
import { hostOf } from '../../pki/index.js';
import { listensOn } from '../../topology/index.js';
import type { ChaincodeDeployment, MemberOrganisation, OrdererNode, PeerNode } from '../../topology/index.js';
import { LOOPBACK } from '../../system/ports.js';
import type { StagedChaincode } from './image.js';
import { IN_CONTAINER, type DockerLayout } from './layout.js';
import type { Placement } from '../common/places/placement.js';
import { serverArguments } from '../common/chaincodes/chaincodeService.js';
import { ordererFiles, peerFiles, type ProcessFiles } from '../common/places/nodeFiles.js';
import { overlay, readTemplate, type Settings } from '../common/configuration/template.js';

/** The port on which every chaincode service listens in its container. */
export const CHAINCODE_PORT = 7052;
/** The TLS files that a chaincode's container can see. */
export const SERVICE_FILES = ['server.crt', 'server.key', 'ca.crt'] as const;
/** Label of the images of a network's chaincodes, because Compose forgets the image of a removed version. */
export const NETWORK_LABEL = 'tracecal.network';

/** One member's service of a chaincode, ready to be put in a container. */
export interface ChaincodeContainer {
  readonly service: string;
  readonly packageId: string;
  readonly staged: StagedChaincode;
  /** Folder with its TLS certificate and key. */
  readonly tls: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** Users of the processes in containers, as `uid:gid`. */
export interface ContainerUsers {
  readonly nodes: string;
  readonly chaincode: string;
}

/** The name of a member's container of a chaincode, by which its peers reach it. */
export function chaincodeServiceName(
  { name, version }: Pick<ChaincodeDeployment, 'name' | 'version'>,
  { domain }: Pick<MemberOrganisation, 'domain'>,
): string {
  return `chaincode-${name}-${version}.${domain}`.toLowerCase().replace(/[^a-z0-9.-]/g, '-');
}

/** Common settings of containers of one kind. */
export interface Services {
  readonly peer: Settings & { readonly image: string };
  readonly orderer: Settings & { readonly image: string };
  readonly chaincode: Settings & { readonly build: { readonly args: { readonly NODE_IMAGE: string } } };
}

export async function readServices(): Promise<Services> {
  return (await readTemplate('docker/services.yaml')) as unknown as Services;
}

/** The images from a registry, by the environment, as Compose would choose them. */
export async function foreignImages(environment: NodeJS.ProcessEnv): Promise<readonly string[]> {
  const { peer, orderer, chaincode } = await readServices();
  const images = [peer.image, orderer.image, chaincode.build.args.NODE_IMAGE];
  return images.map((image) =>
    image.replace(/\$\{(\w+):-([^}]*)\}/g, (_, name: string, otherwise: string) => {
      const named = environment[name];
      // As in Compose, an empty variable counts as not set.
      return named === undefined || named === '' ? otherwise : named;
    }),
  );
}

/** The compose file of a network, as YAML. It belongs in the data directory, and its paths are relative to it. */
export async function composeFile(
  layout: DockerLayout,
  placement: Placement,
  chaincodes: readonly ChaincodeContainer[],
  users: ContainerUsers,
): Promise<string> {
  const template = await readServices();
  const common = (kind: keyof Services, own: Settings): Settings => overlay(template[kind], own);
  const { consortium } = placement;
  const services: Record<string, Settings> = {};
  for (const orderer of consortium.orderers) {
    services[hostOf(orderer, orderer)] = common('orderer', ordererService(layout, placement, orderer, users));
  }
  for (const organisation of consortium.organisations) {
    for (const peer of organisation.peers) {
      const own = peerService(layout, organisation, peer, users);
      services[hostOf(peer, organisation)] = common('peer', own);
    }
  }
  for (const chaincode of chaincodes) {
    services[chaincode.service] = common('chaincode', chaincodeService(layout, chaincode, users));
  }
  return stringify({ services }, { aliasDuplicateObjects: false, lineWidth: 0 });
}

function ordererService(
  layout: DockerLayout,
  placement: Placement,
  orderer: OrdererNode,
  users: ContainerUsers,
): Settings {
  return {
    user: users.nodes,
    environment: { FABRIC_CFG_PATH: IN_CONTAINER.layout.ordererDir(orderer) },
    volumes: mounts(layout, ordererFiles(layout, placement.consortium, orderer)),
    ports: [
      ...published(listensOn(orderer), [orderer.listenPort ?? orderer.port, orderer.port]),
      ...published(LOOPBACK, orderer.adminPort),
    ],
  };
}

function peerService(
  layout: DockerLayout,
  organisation: MemberOrganisation,
  peer: PeerNode,
  users: ContainerUsers,
): Settings {
  return {
    user: users.nodes,
    environment: { FABRIC_CFG_PATH: IN_CONTAINER.layout.peerDir(organisation, peer) },
    // A chaincode served by somebody else may run on the host.
    extra_hosts: ['host.docker.internal:host-gateway'],
    volumes: mounts(layout, peerFiles(layout, organisation, peer)),
    ports: published(listensOn(peer), peer.port),
  };
}

function chaincodeService(
  layout: DockerLayout,
  { packageId, staged, tls, environment }: ChaincodeContainer,
  users: ContainerUsers,
): Settings {
  return {
    build: {
      context: layout.mounted(staged.context),
      labels: { [NETWORK_LABEL]: layout.project },
    },
    user: users.chaincode,
    environment: literal(environment),
    working_dir: staged.directory,
    command: ['node', ...serverArguments(staged, { address: `0.0.0.0:${CHAINCODE_PORT}`, packageId, tls: '/tls' })],
    volumes: SERVICE_FILES.map((file) => `${layout.mounted(join(tls, file))}:/tls/${file}:ro`),
  };
}

/** Escapes values for Compose, where a dollar sign begins a variable. */
export function literal(values: Readonly<Record<string, string>>): Settings {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value.replaceAll('$', '$$$$')]));
}

/** Mounts what a process needs of the data directory. */
function mounts(layout: DockerLayout, { writes, reads }: ProcessFiles): readonly string[] {
  return [...writes.map((path) => mount(layout, path)), ...reads.map((path) => `${mount(layout, path)}:ro`)];
}

/** Mounts a path below the data directory at the same place inside the container. */
function mount(layout: DockerLayout, path: string): string {
  const place = layout.mounted(path);
  return `${place}:${IN_CONTAINER.layout.root}${place.slice(1)}`;
}

/** Published on one address: on loopback, other machines cannot reach the network. */
function published(address: string, ...ports: readonly (number | readonly [number, number])[]): readonly string[] {
  return ports.map((port) => {
    const [outside, inside] = typeof port === 'number' ? [port, port] : port;
    return `${address}:${outside}:${inside}`;
  });
}
