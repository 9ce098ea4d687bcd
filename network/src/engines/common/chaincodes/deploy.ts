import { setTimeout as pause } from 'node:timers/promises';
import {
  AdminError,
  approvedPackage,
  approveDefinition,
  commitDefinition,
  commitReadiness,
  committedDefinition,
  installPackage,
  listInstalled,
  type ChaincodePackage,
  type ChaincodeDefinition,
  type CommittedDefinition,
  type NodeConnection,
} from '../../../admin/index.js';
import { applicationPolicy } from '../../../channel/index.js';
import {
  membersOf,
  type ChaincodeDeployment,
  type Channel,
  type Consortium,
  type MemberOrganisation,
} from '../../../topology/index.js';
import { definitionOn } from './definition.js';
import { FabricError } from '../errors.js';
import type { PeerHandle } from '../nodes/nodes.js';
import type { PackagedChaincode } from '../processes/runner.js';

const APPROVALS_TIMEOUT_MS = 30_000;
const COMMIT_TIMEOUT_MS = 30_000;
const ORDERERS_HEAR_MS = 5000;

/** The running nodes used by a deployment. */
export interface DeploymentRoute {
  readonly peers: readonly PeerHandle[];
  readonly orderers: readonly NodeConnection[];
  /** Runs an approval by administrators of a channel's readers, who can write there only in this period. */
  readonly whileApproving: <T>(channel: Channel, approve: () => Promise<T>) => Promise<T>;
}

/**
 * Installs a chaincode on its peers, lets every organisation approve it, and commits it. Finished steps are skipped, so an interrupted
 * deployment continues; a higher sequence is an upgrade.
 *
 * @throws AdminError; FabricError `BAD_CHAINCODE` when a channel has this sequence with another definition.
 */
export async function deployChaincode(
  chaincode: PackagedChaincode,
  consortium: Consortium,
  route: DeploymentRoute,
): Promise<void> {
  const channels = consortium.channels.filter(({ name }) => chaincode.deployment.channels.includes(name));
  const members = new Set(channels.flatMap(membersOf));
  const peers = route.peers.filter(({ organisation }) => members.has(organisation.id));
  await Promise.all(peers.map((peer) => install(peer, chaincode)));
  // Commit on all channels or, as far as can be checked, on none: commits begin only after all approvals.
  const commits = await Promise.all(channels.map((channel) => agree(channel, chaincode, consortium, route)));
  await Promise.all(commits.map((commit) => commit()));
}

/** Whether any peer has this sequence of a chaincode, or a later one, on one of its channels. */
export async function isCommittedSomewhere(deployment: ChaincodeDeployment, route: DeploymentRoute): Promise<boolean> {
  const found = await Promise.all(
    route.peers.flatMap(({ connection, admin }) =>
      deployment.channels.map((channel) =>
        committedDefinition(connection, admin, channel, deployment.name).catch(() => undefined),
      ),
    ),
  );
  return found.some((definition) => definition !== undefined && definition.sequence >= deployment.sequence);
}

/**
 * Waits until every peer of the chaincode's channels has a definition.
 * @throws AdminError `TIMEOUT`
 */
export async function committedEverywhere(
  { name, sequence, channels }: ChaincodeDeployment,
  consortium: Consortium,
  { peers }: DeploymentRoute,
): Promise<void> {
  const deadline = Date.now() + COMMIT_TIMEOUT_MS;
  const wait = async (peer: PeerHandle, channel: string): Promise<void> => {
    const has = (): Promise<CommittedDefinition | undefined> =>
      committedDefinition(peer.connection, peer.admin, channel, name).catch(() => undefined);
    while (((await has())?.sequence ?? 0) < sequence) {
      if (Date.now() > deadline)
        throw new AdminError('TIMEOUT', `does not have sequence ${sequence} of ${name} on ${channel}`, peer.name);
      await pause(100);
    }
  };
  await Promise.all(
    consortium.channels
      .filter((channel) => channels.includes(channel.name))
      .flatMap((channel) =>
        peers
          .filter(({ organisation }) => membersOf(channel).includes(organisation.id))
          .map((peer) => wait(peer, channel.name)),
      ),
  );
}

/** Installs a member's package on one of its peers, unless it is there. */
export async function install(
  { connection, admin, organisation }: PeerHandle,
  chaincode: PackagedChaincode,
): Promise<void> {
  const own = packageOf(chaincode, organisation);
  const installed = await listInstalled(connection, admin);
  if (installed.some(({ id }) => id === own.id)) return;
  await installPackage(connection, admin, own);
}

/** @throws FabricError `BAD_CHAINCODE` */
export function packageOf({ deployment, packages }: PackagedChaincode, { id }: MemberOrganisation): ChaincodePackage {
  const found = packages.get(id);
  if (found === undefined)
    throw new FabricError('BAD_CHAINCODE', `There is no package of ${deployment.name} for ${id}.`);
  return found;
}

/**
 * Lets every member approve.
 * @returns The function that commits the approved definition.
 */
async function agree(
  channel: Channel,
  chaincode: PackagedChaincode,
  consortium: Consortium,
  route: DeploymentRoute,
): Promise<() => Promise<void>> {
  const { peers, orderers } = route;
  const definition = definitionOn(channel, chaincode.deployment, consortium);
  // One peer represents each organisation.
  const speakers = membersOf(channel).flatMap((id) => peers.find(({ organisation }) => organisation.id === id) ?? []);
  const [first, ...others] = speakers.filter(({ organisation }) => channel.writers.includes(organisation.id));
  if (first === undefined) return () => Promise.resolve();
  const committed = await isCommitted(channel.name, definition, first);
  await approveAll(channel, definition, chaincode, speakers, route);
  if (committed) return () => Promise.resolve();
  await Promise.all([first, ...others].map((peer) => seesApprovals(channel.name, definition, speakers, peer)));
  const endorsers = [first.connection, ...others.map(({ connection }) => connection)] as const;
  return () => commitDefinition(channel.name, definition, { signer: first.admin, endorsers, orderers });
}

/** Lets every member approve that has not done so yet; readers of the channel during the period in which they can write. */
async function approveAll(
  channel: Channel,
  definition: ChaincodeDefinition,
  chaincode: PackagedChaincode,
  speakers: readonly PeerHandle[],
  { orderers, whileApproving }: DeploymentRoute,
): Promise<void> {
  const known = await Promise.all(
    speakers.map(({ connection, admin }) => approvedPackage(connection, admin, channel.name, definition)),
  );
  const missing = speakers.filter(({ organisation }, index) => known[index] !== packageOf(chaincode, organisation).id);
  const approve = (speaker: PeerHandle): Promise<void> =>
    approveFor(speaker, channel.name, definition, { chaincode, orderers });
  const readers = missing.filter(({ organisation }) => channel.readers.includes(organisation.id));
  const writers = missing.filter((peer) => !readers.includes(peer));
  await Promise.all(writers.map(approve));
  if (readers.length === 0) return;
  await whileApproving(channel, () => Promise.all(readers.map((reader) => insist(() => approve(reader)))));
}

/** What a member approves a definition with. */
export interface Approval {
  readonly chaincode: PackagedChaincode;
  readonly orderers: readonly NodeConnection[];
}

/** Lets a member approve a definition, with its own package. @throws AdminError */
export function approveFor(
  { organisation, connection, admin }: PeerHandle,
  channel: string,
  definition: ChaincodeDefinition,
  { chaincode, orderers }: Approval,
): Promise<void> {
  const { id } = packageOf(chaincode, organisation);
  return approveDefinition(channel, definition, id, { signer: admin, endorsers: [connection], orderers });
}

/** Repeats an approval for a short time: orderers apply a new configuration one after the other, and refuse the approval until then. */
async function insist(approve: () => Promise<void>): Promise<void> {
  const deadline = Date.now() + ORDERERS_HEAR_MS;
  for (;;) {
    try {
      await approve();
      return;
    } catch (error) {
      if (!(error instanceof AdminError) || error.code !== 'REFUSED' || Date.now() > deadline) throw error;
      await pause(100);
    }
  }
}

/**
 * Waits until a peer has committed all approvals: they reach peers at different times, and endorsers with different approvals give
 * different results.
 */
async function seesApprovals(
  channel: string,
  definition: ChaincodeDefinition,
  approvers: readonly PeerHandle[],
  { name, connection, admin }: PeerHandle,
): Promise<void> {
  const deadline = Date.now() + APPROVALS_TIMEOUT_MS;
  for (;;) {
    const approvals = await commitReadiness(connection, admin, channel, definition);
    const missing = approvers.filter(({ organisation }) => approvals.get(organisation.mspId) !== true);
    if (missing.length === 0) return;
    if (Date.now() > deadline) {
      const organisations = missing.map(({ organisation }) => organisation.id).join(', ');
      throw new AdminError('TIMEOUT', `does not see the approval of ${definition.name} by ${organisations}`, name);
    }
    await pause(100);
  }
}

/**
 * Whether a channel has this definition.
 * @throws FabricError when the same or a later sequence has another definition
 */
export async function isCommitted(
  channel: string,
  definition: ChaincodeDefinition,
  { connection, admin }: PeerHandle,
): Promise<boolean> {
  const committed = await committedDefinition(connection, admin, channel, definition.name);
  if (committed === undefined || committed.sequence < definition.sequence) return false;
  const same = committed.version === definition.version && sameRules(committed, definition);
  if (committed.sequence === definition.sequence && same) return true;
  throw new FabricError(
    'BAD_CHAINCODE',
    `${definition.name} is on ${channel} with sequence ${committed.sequence} and another version, policy or collections: describe a change with sequence ${committed.sequence + 1}.`,
  );
}

function sameRules(committed: CommittedDefinition, definition: ChaincodeDefinition): boolean {
  const collections = definition.collections?.serializeBinary() ?? new Uint8Array();
  return (
    Buffer.from(committed.endorsement).equals(applicationPolicy(definition.endorsement).serializeBinary()) &&
    Buffer.from(committed.collections).equals(collections)
  );
}
