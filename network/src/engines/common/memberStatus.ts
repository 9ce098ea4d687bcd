import { resolve } from 'node:path';
import {
  approvedPackage,
  committedDefinition,
  listOrdererChannels,
  listPeerChannels,
  peerClockAhead,
  type NodeConnection,
} from '../../admin/index.js';
import { openOwnPart, requireAssembled } from '../../member/index.js';
import { recordedProcesses } from '../../system/pidFile.js';
import {
  channelsOf,
  neighboursOf,
  type Channel,
  type ChaincodeDeployment,
  type Consortium,
} from '../../topology/index.js';
import { ordererConnection, ordererHandle, peerHandles, type OrdererHandle, type PeerHandle } from './nodes/nodes.js';
import { Layout } from './places/layout.js';
import { nodesHere } from './places/placement.js';

/** How long a node may take to open a TLS connection. */
const ANSWER_MS = 2000;

/** A node of the member itself. */
export interface OwnNode {
  readonly name: string;
  readonly kind: 'orderer' | 'peer';
  /** Whether `member up` runs it here; something else may run it, too. */
  readonly isRunning: boolean;
  /** Whether a TLS connection to it opens, with its own certificate. */
  readonly isReached: boolean;
  /** Its channels that it has not joined; undefined when it does not answer. */
  readonly missingChannels?: readonly string[] | undefined;
}

/** A chaincode on one of the member's channels, as the member's peer has it. */
export interface OwnChaincode {
  readonly chaincode: string;
  readonly channel: string;
  /** Undefined when the peer does not answer. */
  readonly isApproved?: boolean | undefined;
  readonly isCommitted?: boolean | undefined;
}

/** A node of another member, as it is reached from here: over TLS, with the certificate of the ceremony. */
export interface OtherNode {
  readonly member: string;
  readonly name: string;
  readonly kind: 'orderer' | 'peer';
  readonly address: string;
  readonly isReached: boolean;
  /** By how many seconds a peer's clock is ahead of this machine's, or behind (negative); undefined for orderers, and where it is not told. */
  readonly clockAheadSeconds?: number | undefined;
}

/** How a member's part of a network stands. */
export interface MemberStatus {
  readonly member: string;
  readonly nodes: readonly OwnNode[];
  readonly chaincodes: readonly OwnChaincode[];
  readonly others: readonly OtherNode[];
}

/** How the part of the network stands whose data directory this is, by asking its nodes and those of the others. @throws MemberError; PkiError */
export async function memberStatus(dataDir: string, now: () => number = Date.now): Promise<MemberStatus> {
  const own = openOwnPart(resolve(dataDir));
  requireAssembled(own);
  const { consortium, directory, member } = own;
  const { cryptoDir, root } = directory;
  const here = nodesHere(consortium, member.id);
  const peers = peerHandles(cryptoDir, here.organisations);
  const orderers = await Promise.all(here.orderers.map((orderer) => ordererHandle(cryptoDir, orderer)));
  try {
    const running = await recordedProcesses(new Layout(root).runDir);
    return {
      member: member.id,
      nodes: await nodesOf(consortium, member.id, { peers, orderers }, (name) => running.has(name)),
      chaincodes: await chaincodesOf(consortium, member.id, peers),
      others: await othersOf(consortium, member.id, cryptoDir, now),
    };
  } finally {
    for (const { connection } of [...peers, ...orderers]) connection.close();
  }
}

interface Handles {
  readonly peers: readonly PeerHandle[];
  readonly orderers: readonly OrdererHandle[];
}

function nodesOf(
  consortium: Consortium,
  member: string,
  { peers, orderers }: Handles,
  isRunning: (name: string) => boolean,
): Promise<readonly OwnNode[]> {
  const own = channelsOf(consortium, member);
  const node = async (
    kind: OwnNode['kind'],
    connection: NodeConnection,
    expected: readonly Channel[],
    listJoined: () => Promise<readonly string[]>,
  ): Promise<OwnNode> => {
    const isReached = await reaches(connection);
    const joined = isReached ? await listJoined().catch(() => undefined) : undefined;
    const missingChannels = joined && expected.map(({ name }) => name).filter((name) => !joined.includes(name));
    return { name: connection.name, kind, isRunning: isRunning(connection.name), isReached, missingChannels };
  };
  return Promise.all([
    // Orderers order every channel.
    ...orderers.map(({ connection, admin }) =>
      node('orderer', connection, consortium.channels, () => listOrdererChannels(admin)),
    ),
    ...peers.map(({ connection, admin }) => node('peer', connection, own, () => listPeerChannels(connection, admin))),
  ]);
}

async function chaincodesOf(
  consortium: Consortium,
  member: string,
  [speaker]: readonly PeerHandle[],
): Promise<readonly OwnChaincode[]> {
  if (speaker === undefined) return [];
  const own = channelsOf(consortium, member);
  return Promise.all(
    consortium.chaincodes.flatMap((deployment) =>
      own
        .filter(({ name }) => deployment.channels.includes(name))
        .map((channel) => chaincodeOn(channel.name, deployment, speaker)),
    ),
  );
}

async function chaincodeOn(
  channel: string,
  { name, sequence }: ChaincodeDeployment,
  { connection, admin }: PeerHandle,
): Promise<OwnChaincode> {
  const place = { chaincode: name, channel };
  try {
    const approved = await approvedPackage(connection, admin, channel, { name, sequence });
    const committed = await committedDefinition(connection, admin, channel, name);
    return { ...place, isApproved: approved !== undefined, isCommitted: (committed?.sequence ?? 0) >= sequence };
  } catch {
    return place;
  }
}

async function othersOf(
  consortium: Consortium,
  own: string,
  cryptoDir: string,
  now: () => number,
): Promise<readonly OtherNode[]> {
  const { organisations, orderers } = consortium;
  const asker = organisations.find(({ id }) => id === own);
  const peers = peerHandles(cryptoDir, neighboursOf(consortium, own), asker);
  const foreign = orderers.filter(({ runBy }) => runBy !== own);
  const found = [
    ...peers.map(({ organisation, connection, admin }) => ({
      member: organisation.id,
      kind: 'peer' as const,
      connection,
      clock: () => peerClockAhead(connection, admin, now).catch(() => undefined),
    })),
    ...(await Promise.all(
      foreign.map(async (orderer) => ({
        member: orderer.runBy,
        kind: 'orderer' as const,
        connection: await ordererConnection(cryptoDir, orderer),
        clock: undefined,
      })),
    )),
  ];
  return Promise.all(
    found.map(async ({ member, kind, connection, clock }) => {
      const { name, address } = connection;
      const isReached = await reaches(connection);
      const ahead = isReached ? await clock?.() : undefined;
      connection.close();
      const clockAheadSeconds = ahead === undefined ? undefined : Math.round(ahead / 1000);
      return { member, name, kind, address, isReached, clockAheadSeconds };
    }),
  );
}

/** Whether a TLS connection to a node opens, with the certificate that it must have. */
function reaches(connection: NodeConnection): Promise<boolean> {
  return connection.ready(ANSWER_MS).then(
    () => true,
    () => false,
  );
}
