import { readFile } from 'node:fs/promises';
import { NodeConnection, Signer, type OrdererAdmin } from '../../../admin/index.js';
import { hostOf, loadSigningIdentity, loadTls, memberTree, ordererTree, tlsRootsOf } from '../../../pki/index.js';
import { reachedAt } from '../../../topology/index.js';
import type { MemberOrganisation, OrdererNode, PeerNode } from '../../../topology/index.js';
import { LOOPBACK } from '../../../system/ports.js';

/** A peer, connected as its organisation's administrator. */
export interface PeerHandle {
  readonly name: string;
  readonly organisation: MemberOrganisation;
  readonly connection: NodeConnection;
  readonly admin: Signer;
}

/** An orderer, as its administrator and its clients reach it. */
export interface OrdererHandle {
  readonly name: string;
  readonly connection: NodeConnection;
  readonly admin: OrdererAdmin;
  /** Its administrator, as a signer of configuration changes. */
  readonly signer: Signer;
}

/** Reads what is needed to administer a peer from the crypto-config tree. Nothing is connected yet. */
function peerHandle(
  cryptoDir: string,
  organisation: MemberOrganisation,
  peer: PeerNode,
  asker: MemberOrganisation,
): PeerHandle {
  const tree = memberTree(cryptoDir, organisation);
  const admin = memberTree(cryptoDir, asker).user('Admin');
  const name = hostOf(peer, organisation);
  return {
    name,
    organisation,
    connection: new NodeConnection({
      name,
      address: `${reachedAt(peer)}:${peer.port}`,
      tlsCa: tlsRootsOf(tree),
      clientTls: loadTls(admin.tls),
    }),
    admin: new Signer(loadSigningIdentity(admin.msp, asker.mspId)),
  };
}

/**
 * The handles of all peers of some members.
 * @param asker - The member whose administrator connects to them, if it is not their own.
 */
export function peerHandles(
  cryptoDir: string,
  organisations: readonly MemberOrganisation[],
  asker?: MemberOrganisation,
): readonly PeerHandle[] {
  return organisations.flatMap((organisation) =>
    organisation.peers.map((peer) => peerHandle(cryptoDir, organisation, peer, asker ?? organisation)),
  );
}

/** A connection to an orderer as any of its clients has it. Nothing is connected yet. */
export async function ordererConnection(cryptoDir: string, orderer: OrdererNode): Promise<NodeConnection> {
  const tlsCa = await readFile(ordererTree(cryptoDir, orderer).tlsCaCertificate, 'utf8');
  return new NodeConnection({
    name: hostOf(orderer, orderer),
    address: `${reachedAt(orderer)}:${orderer.port}`,
    tlsCa,
  });
}

/** Reads what is needed to administer an orderer from the crypto-config tree. Nothing is connected yet. */
export async function ordererHandle(cryptoDir: string, orderer: OrdererNode): Promise<OrdererHandle> {
  const tree = ordererTree(cryptoDir, orderer);
  const name = hostOf(orderer, orderer);
  const tlsCa = await readFile(tree.tlsCaCertificate, 'utf8');
  const { tls, msp } = tree.user('Admin');
  const clientTls = loadTls(tls);
  return {
    name,
    connection: await ordererConnection(cryptoDir, orderer),
    admin: { name, host: LOOPBACK, port: orderer.adminPort, tlsCa, clientTls },
    signer: new Signer(loadSigningIdentity(msp, orderer.mspId)),
  };
}
