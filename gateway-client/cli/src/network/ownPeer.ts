import { existsSync } from 'node:fs';
import { readConnectionProfile } from '@tracecal/gateway-client';
import { ApplicationError } from '@tracecal/gateway-client/application';
import { NodeConnection, Signer } from '@tracecal/network/admin';
import { MemberDirectory, openOwnPart } from '@tracecal/network/member';
import {
  connectionProfileFile,
  hostOf,
  loadSigningIdentity,
  loadTls,
  memberTree,
  ordererTree,
  tlsRootsOf,
  type OrganisationTree,
} from '@tracecal/network/pki';
import type { OwnNodes, OwnPeer } from '@tracecal/network/proposal';
import { channelsOf, reachedAt, readConsortium } from '@tracecal/network/topology';
import type { Consortium, MemberOrganisation, OrdererNode, PeerNode } from '@tracecal/network/topology';
import type { DataDirectory } from '../data/dataDirectory.js';
import type { Place } from '../session.js';
import { notReachable } from './networkDown.js';

/** A member's administrators, and its own nodes. */
export interface OwnMember extends OwnNodes {
  readonly consortium: Consortium;
  readonly member: MemberOrganisation;
  /** Its administrator, and that of the orderer that it runs. */
  readonly administrators: readonly Signer[];
}

/**
 * Does something as the administrator of a member whose keys are in the data directory, through that member's own peer.
 * @throws ApplicationError `USAGE` if it does not say which member, `ORGANISATION_UNKNOWN`; PkiError without the administrator's keys
 */
export async function withOwnMember<T>({ data, as, profile }: Place, work: (own: OwnMember) => Promise<T>): Promise<T> {
  if (!existsSync(data.consortiumFile)) throw notReachable(data, 'your organisation');
  const consortium = readConsortium(data.consortiumFile);
  const { member, peer } = memberOf(consortium, as ?? onlyMember(data, consortium));
  const tree = memberTree(data.crypto, member);
  const connection = new NodeConnection({
    name: hostOf(peer, member),
    address: await addressOf(peer, profile, connectionProfileFile(data.crypto, member)),
    tlsCa: tlsRootsOf(tree),
    clientTls: loadTls(tree.user('Admin').tls),
  });
  const orderer = ordererOf(data, consortium, member);
  try {
    const admin = administrator(tree, member);
    const administrators = orderer === undefined ? [admin] : [admin, orderer.admin];
    const channels = channelsOf(consortium, member.id).map(({ name }) => name);
    return await work({ consortium, member, connection, admin, administrators, channels, orderer });
  } finally {
    connection.close();
    orderer?.connection.close();
  }
}

/** The orderer that the member runs, and its administrator. */
function ordererOf(
  { crypto }: DataDirectory,
  { orderers }: Consortium,
  { id }: MemberOrganisation,
): OwnPeer | undefined {
  const orderer = orderers.find(({ runBy }) => runBy === id);
  return (
    orderer && { connection: ordererNode(crypto, orderer), admin: administrator(ordererTree(crypto, orderer), orderer) }
  );
}

function ordererNode(crypto: string, orderer: OrdererNode): NodeConnection {
  return new NodeConnection({
    name: hostOf(orderer, orderer),
    address: `${reachedAt(orderer)}:${orderer.port}`,
    tlsCa: tlsRootsOf(ordererTree(crypto, orderer)),
  });
}

function administrator(tree: OrganisationTree, { mspId }: { readonly mspId: string }): Signer {
  return new Signer(loadSigningIdentity(tree.user('Admin').msp, mspId));
}

function memberOf({ organisations }: Consortium, id: string) {
  const member = organisations.find((each) => each.id === id);
  const [peer] = member?.peers ?? [];
  if (member !== undefined && peer !== undefined) return { member, peer };
  const known = organisations.filter(({ peers }) => peers.length > 0).map((each) => each.id);
  throw new ApplicationError(
    'ORGANISATION_UNKNOWN',
    `No member "${id}" with a peer of its own: name one of ${known.join(', ')} with --as.`,
  );
}

/** Whose data directory it is; on a machine with the keys of several members, the user says which of them acts. */
function onlyMember(data: DataDirectory, { organisations }: Consortium): string {
  if (existsSync(new MemberDirectory(data.root).ownFile)) return openOwnPart(data.root).member.id;
  const here = organisations.filter((each) => existsSync(memberTree(data.crypto, each).user('Admin').msp));
  const [first, ...others] = here.map(({ id }) => id);
  if (first !== undefined && others.length === 0) return first;
  const which = first === undefined ? 'of none' : `of ${[first, ...others].join(', ')}`;
  throw new ApplicationError(
    'USAGE',
    `${data.root} has the administrator's keys ${which}: name the member that acts with --as.`,
  );
}

/** The profile that the user names, or else that of a network that was started here: its ports may differ from the description's. */
async function addressOf(peer: PeerNode, named: string | undefined, own: string): Promise<string> {
  const profile = named ?? (existsSync(own) ? own : undefined);
  return profile === undefined ? `${reachedAt(peer)}:${peer.port}` : (await readConnectionProfile(profile)).address;
}
