import { hostOf } from '../pki/index.js';
import type { MemberOrganisation, OrdererNode, PeerNode } from '../topology/index.js';
import type { FabricBinaries } from './binaries.js';
import type { Layout } from './layout.js';
import type { ProcessPlan } from './managedProcess.js';
import { join } from 'node:path';

/** At a lower level than this the nodes spend half their time on log lines. */
const LOGGING = { FABRIC_LOGGING_SPEC: 'error' };

/** How an orderer is started. */
export function ordererPlan(layout: Layout, { orderer: command }: FabricBinaries, orderer: OrdererNode): ProcessPlan {
  const folder = layout.ordererDir(orderer);
  return { ...plan(layout, hostOf(orderer, orderer), folder), kind: 'orderer', command, args: [] };
}

/** How a peer is started. */
export function peerPlan(
  layout: Layout,
  { peer: command }: FabricBinaries,
  organisation: MemberOrganisation,
  peer: PeerNode,
): ProcessPlan {
  const folder = layout.peerDir(organisation, peer);
  return { ...plan(layout, hostOf(peer, organisation), folder), kind: 'peer', command, args: ['node', 'start'] };
}

function plan(layout: Layout, name: string, folder: string): Omit<ProcessPlan, 'kind' | 'command' | 'args'> {
  return {
    name,
    env: { ...LOGGING, FABRIC_CFG_PATH: folder },
    cwd: folder,
    logFile: join(layout.logDir, `${name}.log`),
    runDir: layout.runDir,
  };
}
