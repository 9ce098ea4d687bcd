import { peer } from '@hyperledger/fabric-protos';
import type { ChaincodeDefinition } from '@tracecal/ledger/validation';
import type { ChaincodeService } from './chaincodeService.js';
import { LOCAL_ADMINS, NotDefined, type SystemFunction, type SystemQuery } from './systemQuery.js';

const lifecycle = peer.lifecycle;
const PLUGINS = { endorsement: 'escc', validation: 'vscc' } as const;

/** The services of a channel whose chaincodes are defined there. */
function defined({ ledger, channels }: SystemQuery): readonly (readonly [ChaincodeDefinition, ChaincodeService])[] {
  const services = channels.get(ledger.channelId)?.chaincodes.values() ?? [];
  return [...services].flatMap((service) => {
    const definition = ledger.definition(service.name);
    return definition ? [[definition, service] as const] : [];
  });
}

function find(query: SystemQuery, name: string): readonly [ChaincodeDefinition, ChaincodeService] {
  const found = defined(query).find(([definition]) => definition.name === name);
  if (!found) throw new NotDefined(`namespace ${name} is not defined`);
  return found;
}

type DefinitionMessage =
  | peer.lifecycle.QueryChaincodeDefinitionResult
  | peer.lifecycle.QueryChaincodeDefinitionsResult.ChaincodeDefinition
  | peer.lifecycle.QueryApprovedChaincodeDefinitionResult
  | peer.lifecycle.QueryApprovedChaincodeDefinitionsResult.ApprovedChaincodeDefinition;

function fill<T extends DefinitionMessage>(message: T, definition: ChaincodeDefinition): T {
  message.setSequence(definition.sequence);
  message.setVersion(definition.version);
  message.setEndorsementPlugin(PLUGINS.endorsement);
  message.setValidationPlugin(PLUGINS.validation);
  message.setValidationParameter(definition.endorsementPolicy);
  return message;
}

/** All members have agreed to the network's description. */
function committed(query: SystemQuery): Uint8Array {
  const name = lifecycle.QueryChaincodeDefinitionArgs.deserializeBinary(query.argumentBytes).getName();
  const result = fill(new lifecycle.QueryChaincodeDefinitionResult(), find(query, name)[0]);
  for (const mspId of query.ledger.access.applicationMsps) result.getApprovalsMap().set(mspId, true);
  return result.serializeBinary();
}

function allCommitted(query: SystemQuery): Uint8Array {
  const result = new lifecycle.QueryChaincodeDefinitionsResult();
  for (const [definition] of defined(query)) {
    const message = fill(new lifecycle.QueryChaincodeDefinitionsResult.ChaincodeDefinition(), definition);
    message.setName(definition.name);
    result.addChaincodeDefinitions(message);
  }
  return result.serializeBinary();
}

function sourceOf({ packageId }: ChaincodeService): peer.lifecycle.ChaincodeSource {
  const local = new lifecycle.ChaincodeSource.Local();
  local.setPackageId(packageId);
  const source = new lifecycle.ChaincodeSource();
  source.setLocalPackage(local);
  return source;
}

function approved(query: SystemQuery): Uint8Array {
  const args = lifecycle.QueryApprovedChaincodeDefinitionArgs.deserializeBinary(query.argumentBytes);
  const [definition, service] = find(query, args.getName());
  if (args.getSequence() !== 0 && args.getSequence() !== definition.sequence) {
    const asked = `sequence ${args.getSequence()} of ${definition.name}`;
    throw new Error(`could not fetch approved chaincode definition (${asked}) on channel '${query.ledger.channelId}'`);
  }
  const result = fill(new lifecycle.QueryApprovedChaincodeDefinitionResult(), definition);
  result.setSource(sourceOf(service));
  return result.serializeBinary();
}

function allApproved(query: SystemQuery): Uint8Array {
  const result = new lifecycle.QueryApprovedChaincodeDefinitionsResult();
  for (const [definition, service] of defined(query)) {
    const message = new lifecycle.QueryApprovedChaincodeDefinitionsResult.ApprovedChaincodeDefinition();
    fill(message, definition).setName(definition.name);
    message.setSource(sourceOf(service));
    result.addApprovedChaincodeDefinitions(message);
  }
  return result.serializeBinary();
}

/** Members never approve a definition in advance: an upgrade approves for all at once. */
function readiness({ ledger, argumentBytes }: SystemQuery): Uint8Array {
  const args = lifecycle.CheckCommitReadinessArgs.deserializeBinary(argumentBytes);
  const next = (ledger.definition(args.getName())?.sequence ?? 0) + 1;
  if (args.getSequence() !== next) {
    throw new Error(`requested sequence is ${args.getSequence()}, but new definition must be sequence ${next}`);
  }
  const result = new lifecycle.CheckCommitReadinessResult();
  for (const mspId of ledger.access.applicationMsps) result.getApprovalsMap().set(mspId, false);
  return result.serializeBinary();
}

function installed({ channels }: SystemQuery): Uint8Array {
  const result = new lifecycle.QueryInstalledChaincodesResult();
  const packages = new Map<string, peer.lifecycle.QueryInstalledChaincodesResult.InstalledChaincode>();
  for (const [channelId, { ledger }] of channels) {
    for (const [{ name, version }, { packageId }] of defined({ ...NO_ARGUMENT, ledger, channels })) {
      const message = packages.get(packageId) ?? new lifecycle.QueryInstalledChaincodesResult.InstalledChaincode();
      packages.set(packageId, message);
      message.setPackageId(packageId);
      message.setLabel(packageId.slice(0, packageId.lastIndexOf(':')));
      const chaincode = new lifecycle.QueryInstalledChaincodesResult.Chaincode();
      chaincode.setName(name);
      chaincode.setVersion(version);
      const references =
        message.getReferencesMap().get(channelId) ?? new lifecycle.QueryInstalledChaincodesResult.References();
      references.addChaincodes(chaincode);
      message.getReferencesMap().set(channelId, references);
    }
  }
  result.setInstalledChaincodesList([...packages.values()]);
  return result.serializeBinary();
}

const NO_ARGUMENT = { argument: '', argumentBytes: new Uint8Array() } as const;

function byDescription(): never {
  throw new Error(
    "the embedded network's members agree on chaincodes by its description: edit that and use `tracecal chaincode upgrade`",
  );
}

const ON_CHANNEL = { channelArgument: 0 } as const;
const OF_PEER = { channelArgument: undefined } as const;

/** `_lifecycle`: the defined chaincodes. They change only with the network's description. */
export const LIFECYCLE: Readonly<Record<string, SystemFunction>> = {
  QueryChaincodeDefinition: { ...ON_CHANNEL, resource: '_lifecycle/QueryChaincodeDefinition', run: committed },
  QueryChaincodeDefinitions: { ...ON_CHANNEL, resource: '_lifecycle/QueryChaincodeDefinitions', run: allCommitted },
  CheckCommitReadiness: { ...ON_CHANNEL, resource: '_lifecycle/CheckCommitReadiness', run: readiness },
  QueryApprovedChaincodeDefinition: { ...ON_CHANNEL, resource: LOCAL_ADMINS, run: approved },
  QueryApprovedChaincodeDefinitions: { ...ON_CHANNEL, resource: LOCAL_ADMINS, run: allApproved },
  QueryInstalledChaincodes: { ...OF_PEER, resource: LOCAL_ADMINS, run: installed },
  InstallChaincode: { ...OF_PEER, resource: LOCAL_ADMINS, run: byDescription },
  ApproveChaincodeDefinitionForMyOrg: { ...ON_CHANNEL, resource: LOCAL_ADMINS, run: byDescription },
  CommitChaincodeDefinition: { ...ON_CHANNEL, resource: '_lifecycle/CommitChaincodeDefinition', run: byDescription },
};
