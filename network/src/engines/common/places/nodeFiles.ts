import { join } from 'node:path';
import { memberTree, ordererTree } from '../../../pki/index.js';
import type { Consortium, MemberOrganisation, OrdererNode, PeerNode } from '../../../topology/index.js';
import type { Layout } from './layout.js';

/** The paths that a process needs; it should see no others of the data directory. */
export interface ProcessFiles {
  /** Its own folder, where its configuration and its ledgers are; none where it keeps nothing. */
  readonly writes: readonly string[];
  readonly reads: readonly string[];
}

/** An orderer reads its own keys, and the TLS authorities of all orderers. */
export function ordererFiles(
  layout: Layout,
  { orderers }: Pick<Consortium, 'orderers'>,
  orderer: OrdererNode,
): ProcessFiles {
  const authorities = orderers.map((other) => ordererTree(layout.cryptoDir, other).tlsCaCertificate);
  const own = ordererTree(layout.cryptoDir, orderer).node(orderer.name);
  return { writes: [layout.ordererDir(orderer)], reads: [folderOf(own.msp), ...authorities] };
}

/** A peer reads its own keys. */
export function peerFiles(layout: Layout, organisation: MemberOrganisation, peer: PeerNode): ProcessFiles {
  const own = memberTree(layout.cryptoDir, organisation).node(peer.name);
  return { writes: [layout.peerDir(organisation, peer)], reads: [folderOf(own.msp)] };
}

/** The folder of a node, which holds its `msp` and its `tls`. */
function folderOf(msp: string): string {
  return join(msp, '..');
}
