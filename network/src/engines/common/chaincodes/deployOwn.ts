import {
  AdminError,
  approvedPackage,
  commitDefinition,
  commitReadiness,
  type ChaincodeDefinition,
  type NodeConnection,
} from '../../../admin/index.js';
import { sufficesForCommit } from '../../../channel/index.js';
import type { Channel, Consortium } from '../../../topology/index.js';
import type { PeerHandle } from '../nodes/nodes.js';
import type { PackagedChaincode } from '../processes/runner.js';
import { definitionOn } from './definition.js';
import { approveFor, install, isCommitted, packageOf } from './deploy.js';

/** How long another member's peer may take to answer. */
const ANSWER_MS = 2000;

/**
 * What a member's part of a chaincode on a channel has come to:
 * - `done`: committed on the channel, and approved by the member.
 * - `approved`: approved by the member, and too few others have approved, or are reached, to commit it.
 * - `closed`: not approved, because the member only reads the channel, which nobody has opened for its approval.
 */
export type OwnPartState = 'done' | 'approved' | 'closed';

/** The running nodes through which one member deploys. */
export interface OwnRoute {
  /** The member's own peers; the first speaks for it. */
  readonly own: readonly [PeerHandle, ...PeerHandle[]];
  /** The peers of all other members, asked by the member's own administrator. */
  readonly others: readonly PeerHandle[];
  /** Those of all members. */
  readonly orderers: readonly NodeConnection[];
}

/**
 * Does a member's part for a chaincode on one of its channels: installs its package, approves the definition, and commits it as soon as
 * enough members have approved. Finished steps are skipped: call it again until it is `done`.
 *
 * @throws AdminError, also while too few orderers run; FabricError `BAD_CHAINCODE` when the channel has this sequence with another definition
 */
export async function deployOwnPart(
  channel: Channel,
  chaincode: PackagedChaincode,
  consortium: Consortium,
  route: OwnRoute,
): Promise<OwnPartState> {
  const [speaker] = route.own;
  for (const peer of route.own) await install(peer, chaincode);
  const definition = definitionOn(channel, chaincode.deployment, consortium);
  if (!(await approve(channel, definition, chaincode, route))) return 'closed';
  if (await isCommitted(channel.name, definition, speaker)) return 'done';
  return (await commit(channel, definition, consortium, route)) ? 'done' : 'approved';
}

/** @returns Whether the member has approved. */
async function approve(
  channel: Channel,
  definition: ChaincodeDefinition,
  chaincode: PackagedChaincode,
  { own: [speaker], orderers }: OwnRoute,
): Promise<boolean> {
  const { connection, admin, organisation } = speaker;
  const approved = await approvedPackage(connection, admin, channel.name, definition);
  if (approved === packageOf(chaincode, organisation).id) return true;
  try {
    await approveFor(speaker, channel.name, definition, { chaincode, orderers });
    return true;
  } catch (error) {
    const isReader = channel.readers.includes(organisation.id);
    if (isReader && error instanceof AdminError && error.code === 'REFUSED') return false;
    throw error;
  }
}

/** @returns Whether enough had approved. */
async function commit(
  channel: Channel,
  definition: ChaincodeDefinition,
  consortium: Consortium,
  { own: [speaker], others, orderers }: OwnRoute,
): Promise<boolean> {
  if (!channel.writers.includes(speaker.organisation.id)) return false;
  const approvals = await commitReadiness(speaker.connection, speaker.admin, channel.name, definition);
  const candidates = others.filter(
    ({ organisation: { id, mspId } }) => channel.writers.includes(id) && approvals.get(mspId) === true,
  );
  const reached = await answering(candidates);
  const mspIds = new Set([speaker, ...reached].map(({ organisation }) => organisation.mspId));
  if (!sufficesForCommit(consortium, channel, mspIds)) return false;
  const endorsers = [speaker.connection, ...reached.map(({ connection }) => connection)] as const;
  try {
    await commitDefinition(channel.name, definition, { signer: speaker.admin, endorsers, orderers });
  } catch (error) {
    // Another member may have committed it meanwhile.
    if (!(await isCommitted(channel.name, definition, speaker))) throw error;
  }
  return true;
}

async function answering(peers: readonly PeerHandle[]): Promise<readonly PeerHandle[]> {
  const found = await Promise.all(
    peers.map((peer) =>
      peer.connection.ready(ANSWER_MS).then(
        () => [peer],
        () => [],
      ),
    ),
  );
  return found.flat();
}
