import { peer } from '@hyperledger/fabric-protos';
import { applicationPolicy } from '../channel/index.js';
import { AdminError } from './errors.js';
import type { Signer } from './signer.js';
import type { NodeConnection } from './node.js';
import type { ChaincodePackage } from './package.js';
import { query, type Invocation } from './proposal.js';
import { transact, type TransactionRoute } from './transaction.js';

/** A chaincode definition that the organisations of a channel agree on before the chaincode runs there. */
export interface ChaincodeDefinition {
  readonly name: string;
  readonly version: string;
  /** Starts at 1 and increases by one with each change. */
  readonly sequence: number;
  /** In Fabric's signature policy language, or the path of one of the channel's own: `/Channel/Application/Endorsement`. */
  readonly endorsement: string;
  readonly collections?: peer.CollectionConfigPackage;
}

/** A package as a peer knows it. */
export interface InstalledPackage {
  readonly id: string;
  readonly label: string;
}

/** A definition as committed on a channel. */
export interface CommittedDefinition {
  readonly name: string;
  readonly version: string;
  readonly sequence: number;
  /** Serialised `protos.ApplicationPolicy`. */
  readonly endorsement: Uint8Array;
  /** Serialised `protos.CollectionConfigPackage`; empty without private collections. */
  readonly collections: Uint8Array;
}

const lifecycle = peer.lifecycle;

interface Serializable {
  serializeBinary(): Uint8Array;
}

/** The packages installed on a peer. @throws AdminError */
export async function listInstalled(connection: NodeConnection, signer: Signer): Promise<readonly InstalledPackage[]> {
  const args = new lifecycle.QueryInstalledChaincodesArgs();
  const answer = await query(connection, signer, invocation('', 'QueryInstalledChaincodes', args));
  return lifecycle.QueryInstalledChaincodesResult.deserializeBinary(answer)
    .getInstalledChaincodesList()
    .map((installed) => ({ id: installed.getPackageId(), label: installed.getLabel() }));
}

/**
 * Installs a package on one peer, by an administrator of the peer's organisation.
 *
 * @throws AdminError `REFUSED`, also when it is installed already; `MISMATCH` when the peer computes another id.
 */
export async function installPackage(
  connection: NodeConnection,
  signer: Signer,
  chaincode: ChaincodePackage,
): Promise<void> {
  const args = new lifecycle.InstallChaincodeArgs();
  args.setChaincodeInstallPackage(chaincode.bytes);
  const answer = await query(connection, signer, invocation('', 'InstallChaincode', args));
  const id = lifecycle.InstallChaincodeResult.deserializeBinary(answer).getPackageId();
  if (id !== chaincode.id) {
    throw new AdminError('MISMATCH', `installed ${chaincode.id} under the id ${id}`, connection.name);
  }
}

/**
 * Records that the signer's organisation agrees to a definition, and which package its own peers run for it.
 * The endorser must be a peer of that organisation: the approval lives in the organisation's own collection.
 *
 * @throws AdminError
 */
export async function approveDefinition(
  channel: string,
  definition: ChaincodeDefinition,
  packageId: string,
  route: TransactionRoute,
): Promise<void> {
  const local = new lifecycle.ChaincodeSource.Local();
  local.setPackageId(packageId);
  const source = new lifecycle.ChaincodeSource();
  source.setLocalPackage(local);
  const args = fill(new lifecycle.ApproveChaincodeDefinitionForMyOrgArgs(), definition);
  args.setSource(source);
  await transact(invocation(channel, 'ApproveChaincodeDefinitionForMyOrg', args), route);
}

/** The package id that the peer's organisation approved for a sequence; undefined when it has not. @throws AdminError */
export async function approvedPackage(
  connection: NodeConnection,
  signer: Signer,
  channel: string,
  definition: Pick<ChaincodeDefinition, 'name' | 'sequence'>,
): Promise<string | undefined> {
  const args = new lifecycle.QueryApprovedChaincodeDefinitionsArgs();
  const answer = await query(connection, signer, invocation(channel, 'QueryApprovedChaincodeDefinitions', args));
  const approved = lifecycle.QueryApprovedChaincodeDefinitionsResult.deserializeBinary(answer)
    .getApprovedChaincodeDefinitionsList()
    .find((other) => other.getName() === definition.name && other.getSequence() === definition.sequence);
  return approved?.getSource()?.getLocalPackage()?.getPackageId();
}

/** Which organisations (MSP ids) of a channel have approved exactly this definition. @throws AdminError */
export async function commitReadiness(
  connection: NodeConnection,
  signer: Signer,
  channel: string,
  definition: ChaincodeDefinition,
): Promise<ReadonlyMap<string, boolean>> {
  const args = fill(new lifecycle.CheckCommitReadinessArgs(), definition);
  const answer = await query(connection, signer, invocation(channel, 'CheckCommitReadiness', args));
  const approvals = lifecycle.CheckCommitReadinessResult.deserializeBinary(answer).getApprovalsMap();
  return new Map(approvals.toArray());
}

/**
 * Makes an approved definition the channel's own. The endorsers must satisfy the channel's LifecycleEndorsement policy,
 * and each be a peer of an organisation that has approved.
 *
 * @throws AdminError
 */
export async function commitDefinition(
  channel: string,
  definition: ChaincodeDefinition,
  route: TransactionRoute,
): Promise<void> {
  const args = fill(new lifecycle.CommitChaincodeDefinitionArgs(), definition);
  await transact(invocation(channel, 'CommitChaincodeDefinition', args), route);
}

/** The definition of a chaincode on a channel, as this peer has it; undefined when there is none. @throws AdminError */
export async function committedDefinition(
  connection: NodeConnection,
  signer: Signer,
  channel: string,
  name: string,
): Promise<CommittedDefinition | undefined> {
  return (await listDefinitions(connection, signer, channel)).find((definition) => definition.name === name);
}

/** All chaincode definitions of a channel, as this peer has them. @throws AdminError */
export async function listDefinitions(
  connection: NodeConnection,
  signer: Signer,
  channel: string,
): Promise<readonly CommittedDefinition[]> {
  const args = new lifecycle.QueryChaincodeDefinitionsArgs();
  const answer = await query(connection, signer, invocation(channel, 'QueryChaincodeDefinitions', args));
  return lifecycle.QueryChaincodeDefinitionsResult.deserializeBinary(answer)
    .getChaincodeDefinitionsList()
    .map((definition) => ({
      name: definition.getName(),
      version: definition.getVersion(),
      sequence: definition.getSequence(),
      endorsement: definition.getValidationParameter_asU8(),
      collections: definition.getCollections()?.serializeBinary() ?? new Uint8Array(),
    }));
}

type DefinitionArgs =
  | peer.lifecycle.ApproveChaincodeDefinitionForMyOrgArgs
  | peer.lifecycle.CheckCommitReadinessArgs
  | peer.lifecycle.CommitChaincodeDefinitionArgs;

function fill<T extends DefinitionArgs>(args: T, definition: ChaincodeDefinition): T {
  args.setName(definition.name);
  args.setVersion(definition.version);
  args.setSequence(definition.sequence);
  args.setEndorsementPlugin('escc');
  args.setValidationPlugin('vscc');
  args.setValidationParameter(applicationPolicy(definition.endorsement).serializeBinary());
  if (definition.collections !== undefined) args.setCollections(definition.collections);
  return args;
}

function invocation(channel: string, name: string, args: Serializable): Invocation {
  return { channel, chaincode: '_lifecycle', args: [Buffer.from(name), args.serializeBinary()] };
}
