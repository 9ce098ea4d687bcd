import { hostOf, memberTree, ordererTree } from '../../pki/index.js';
import { LOOPBACK } from '../../system/ports.js';
import {
  listensOn,
  type MemberOrganisation,
  type NodeLocation,
  type OrdererNode,
  type PeerNode,
} from '../../topology/index.js';
import type { PreparedService } from '../common/chaincodes/chaincodeService.js';
import type { PreparedChaincodes } from '../common/chaincodes/prepareChaincodes.js';
import { tlsFolder } from '../common/chaincodes/serviceTls.js';
import type { Layout } from '../common/places/layout.js';
import { ordererFiles, peerFiles, type ProcessFiles } from '../common/places/nodeFiles.js';
import type { OperationsPlace, Placement } from '../common/places/placement.js';

/** Where something listens on its machine. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

interface Deployed extends ProcessFiles {
  /** Full name of the node, or of the chaincode service. */
  readonly name: string;
  readonly listens: Endpoint;
  /** Its complete environment, besides PATH and the like. */
  readonly environment: Readonly<Record<string, string>>;
}

/** A peer or an orderer. */
export interface DeployedNode extends Deployed {
  readonly kind: 'peer' | 'orderer';
  /** Folder with its configuration. */
  readonly folder: string;
  /** Where it says whether it is healthy, over TLS. */
  readonly operations: Endpoint;
  /** Folder with its TLS certificate, key and authority: by them it is asked, as its operations endpoint answers nobody without a certificate. */
  readonly tls: string;
}

/** A member's service of a chaincode. */
export interface DeployedService extends Deployed {
  readonly kind: 'chaincode';
  /** The npm package with its code. */
  readonly package: string;
  readonly packageId: string;
  /** Folder with its TLS certificate and key. */
  readonly tls: string;
}

/** The processes of one member, to be started by a service manager. */
export interface Deployment {
  readonly member: string;
  readonly dataDir: string;
  readonly nodes: readonly DeployedNode[];
  readonly services: readonly DeployedService[];
}

/** What a service manager has to run for the member whose nodes are placed here. */
export function deploymentOf(
  layout: Layout,
  placement: Placement,
  chaincodes: PreparedChaincodes<PreparedService>,
): Deployment {
  const { here, member = '' } = placement;
  return {
    member,
    dataDir: layout.root,
    nodes: [
      ...here.orderers.map((orderer) => deployedOrderer(layout, placement, orderer)),
      ...here.organisations.flatMap((organisation) =>
        organisation.peers.map((peer) => deployedPeer(layout, placement, organisation, peer)),
      ),
    ],
    services: here.organisations.flatMap((organisation) => servicesOf(layout, organisation, chaincodes)),
  };
}

function deployedOrderer(layout: Layout, { consortium, operations }: Placement, orderer: OrdererNode): DeployedNode {
  const name = hostOf(orderer, orderer);
  return {
    ...ordererFiles(layout, consortium, orderer),
    ...nodeIn(layout.ordererDir(orderer), operations.get(name)),
    kind: 'orderer',
    name,
    listens: reachedFromHere(orderer, orderer.listenPort ?? orderer.port),
    tls: ordererTree(layout.cryptoDir, orderer).node(orderer.name).tls,
  };
}

function deployedPeer(
  layout: Layout,
  { operations }: Placement,
  organisation: MemberOrganisation,
  peer: PeerNode,
): DeployedNode {
  const name = hostOf(peer, organisation);
  const { writes, reads } = peerFiles(layout, organisation, peer);
  return {
    ...nodeIn(layout.peerDir(organisation, peer), operations.get(name)),
    kind: 'peer',
    name,
    writes,
    reads: [...reads, layout.builderDir],
    listens: reachedFromHere(peer, peer.port),
    tls: memberTree(layout.cryptoDir, organisation).node(peer.name).tls,
  };
}

function nodeIn(
  folder: string,
  { listen, port }: OperationsPlace = { listen: LOOPBACK, port: 0, host: LOOPBACK },
): Pick<DeployedNode, 'folder' | 'environment' | 'operations'> {
  return {
    folder,
    environment: { FABRIC_CFG_PATH: folder, FABRIC_LOGGING_SPEC: 'error' },
    operations: reachedFromHere({ listen }, port),
  };
}

function servicesOf(
  layout: Layout,
  organisation: MemberOrganisation,
  { packaged, services }: PreparedChaincodes<PreparedService>,
): readonly DeployedService[] {
  const prepared = [...services.values()];
  return packaged.flatMap(({ deployment, packages }): readonly DeployedService[] => {
    const id = packages.get(organisation.id)?.id;
    const plan = prepared.find((each) => each.package.id === id)?.service;
    if (plan === undefined || id === undefined || !('package' in deployment.service)) return [];
    const tls = tlsFolder(layout.chaincodeDir(deployment.name, organisation));
    return [
      {
        kind: 'chaincode',
        name: plan.name,
        package: deployment.service.package,
        packageId: id,
        tls,
        writes: [],
        reads: [tls],
        listens: { host: LOOPBACK, port: plan.port },
        environment: plan.env,
      },
    ];
  });
}

/** Something that listens on all addresses is reached on loopback. */
function reachedFromHere(node: NodeLocation, port: number): Endpoint {
  const address = listensOn(node);
  return { host: address === '0.0.0.0' ? LOOPBACK : address, port };
}
