import { join } from 'node:path';
import { hostOf } from '../../pki/index.js';
import type { MemberOrganisation, OrdererNode, PeerNode } from '../../topology/index.js';
import type { FabricBinaries } from './binaries.js';
import type { Layout } from '../common/places/layout.js';
import type { ProcessPlan } from '../common/processes/managedProcess.js';
import type { Placement } from '../common/places/placement.js';

/** With a more detailed level the nodes spend half their time on logging; set the variable to look for a fault. */
const LOGGING = { FABRIC_LOGGING_SPEC: process.env['FABRIC_LOGGING_SPEC'] ?? 'error' };

/** Start plans for the nodes of a network. */
export function nodePlans(layout: Layout, placement: Placement, binaries: FabricBinaries): readonly ProcessPlan[] {
  const { orderers, organisations } = placement.here;
  return [
    ...orderers.map((orderer) => ordererPlan(layout, placement, binaries, orderer)),
    ...organisations.flatMap((organisation) =>
      organisation.peers.map((peer) => peerPlan(layout, placement, binaries, organisation, peer)),
    ),
  ];
}

function ordererPlan(
  layout: Layout,
  placement: Placement,
  { orderer: command }: FabricBinaries,
  orderer: OrdererNode,
): ProcessPlan {
  const folder = layout.ordererDir(orderer);
  return { ...plan(layout, placement, hostOf(orderer, orderer), folder), kind: 'orderer', command, args: [] };
}

function peerPlan(
  layout: Layout,
  placement: Placement,
  { peer: command }: FabricBinaries,
  organisation: MemberOrganisation,
  peer: PeerNode,
): ProcessPlan {
  const folder = layout.peerDir(organisation, peer);
  return {
    ...plan(layout, placement, hostOf(peer, organisation), folder),
    kind: 'peer',
    command,
    args: ['node', 'start'],
  };
}

function plan(
  layout: Layout,
  placement: Placement,
  name: string,
  folder: string,
): Omit<ProcessPlan, 'kind' | 'command' | 'args'> {
  const operations = placement.operations.get(name);
  return {
    name,
    env: { ...LOGGING, FABRIC_CFG_PATH: folder },
    cwd: folder,
    logFile: join(layout.logDir, `${name}.log`),
    runDir: layout.runDir,
    ...(operations && { operations: `${operations.host}:${operations.port}` }),
  };
}
