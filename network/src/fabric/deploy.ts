import { setTimeout as pause } from 'node:timers/promises';
import {
  AdminError,
  applicationPolicy,
  approvedPackage,
  approveDefinition,
  commitDefinition,
  commitReadiness,
  committedDefinition,
  installPackage,
  listInstalled,
  type ChaincodeDefinition,
  type CommittedDefinition,
  type NodeConnection,
} from '../admin/index.js';
import { membersOf, type ChaincodeDeployment, type Channel, type Consortium } from '../topology/index.js';
import { definitionOn } from './definition.js';
import { FabricError } from './errors.js';
import type { PeerHandle } from './nodes.js';
import type { PackagedChaincode } from './runner.js';

const APPROVALS_TIMEOUT_MS = 30_000;
const COMMIT_TIMEOUT_MS = 30_000;

/** The running nodes that a deployment goes through. */
export interface DeploymentRoute {
  readonly peers: readonly PeerHandle[];
  readonly orderers: readonly NodeConnection[];
}

/**
 * Installs a chaincode wherever it belongs, has every organisation approve it, and commits it. What is done already is
 * left alone, so that a deployment which was interrupted goes on where it stopped, and a higher sequence is an upgrade.
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
  // On all channels, or on none as far as it can be foreseen: nobody is asked to commit before everybody has approved.
  const commits = await Promise.all(channels.map((channel) => agree(channel, chaincode, consortium, route)));
  await Promise.all(commits.map((commit) => commit()));
}

/** Whether some peer has this sequence of a chaincode, or a later one, on one of its channels. */
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

/** Waits until every peer of its channels has a definition. @throws AdminError `TIMEOUT` */
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

async function install({ connection, admin }: PeerHandle, chaincode: PackagedChaincode): Promise<void> {
  const installed = await listInstalled(connection, admin);
  if (installed.some(({ id }) => id === chaincode.package.id)) return;
  await installPackage(connection, admin, chaincode.package);
}

/** Has every member approve. @returns The way to commit what they have agreed upon. */
async function agree(
  channel: Channel,
  chaincode: PackagedChaincode,
  consortium: Consortium,
  { peers, orderers }: DeploymentRoute,
): Promise<() => Promise<void>> {
  const definition = definitionOn(channel, chaincode.deployment, consortium);
  // One peer an organisation speaks for it.
  const speakers = membersOf(channel).flatMap((id) => peers.find(({ organisation }) => organisation.id === id) ?? []);
  const [first, ...others] = speakers.filter(({ organisation }) => channel.writers.includes(organisation.id));
  if (first === undefined) return () => Promise.resolve();
  const committed = await isCommitted(channel.name, definition, first);
  await Promise.all(speakers.map((peer) => approve(channel.name, definition, chaincode.package.id, peer, orderers)));
  if (committed) return () => Promise.resolve();
  await Promise.all([first, ...others].map((peer) => seesApprovals(channel.name, definition, speakers, peer)));
  const endorsers = [first.connection, ...others.map(({ connection }) => connection)] as const;
  return () => commitDefinition(channel.name, definition, { signer: first.admin, endorsers, orderers });
}

async function approve(
  channel: string,
  definition: ChaincodeDefinition,
  packageId: string,
  { connection, admin }: PeerHandle,
  orderers: readonly NodeConnection[],
): Promise<void> {
  if ((await approvedPackage(connection, admin, channel, definition)) === packageId) return;
  await approveDefinition(channel, definition, packageId, { signer: admin, endorsers: [connection], orderers });
}

/**
 * Waits until a peer has committed the approvals of all: they reach every peer in its own time, and endorsers that read
 * different ones make different results.
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

/** Whether a channel has this definition. @throws FabricError when the same or a later sequence says something else */
async function isCommitted(
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
    Buffer.from(committed.endorsement).equals(applicationPolicy(definition)) &&
    Buffer.from(committed.collections).equals(collections)
  );
}
