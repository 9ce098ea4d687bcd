const READERS = '/Channel/Application/Readers';
const WRITERS = '/Channel/Application/Writers';

/** Fabric's own default if a channel's configuration has no ACL for a resource. */
export const DEFAULT_ACLS: ReadonlyMap<string, string> = new Map([
  ['_lifecycle/CommitChaincodeDefinition', WRITERS],
  ['_lifecycle/QueryChaincodeDefinition', WRITERS],
  ['_lifecycle/QueryChaincodeDefinitions', WRITERS],
  ['_lifecycle/CheckCommitReadiness', WRITERS],
  ['lscc/ChaincodeExists', READERS],
  ['lscc/GetDeploymentSpec', READERS],
  ['lscc/GetChaincodeData', READERS],
  ['lscc/GetInstantiatedChaincodes', READERS],
  ['lscc/GetCollectionsConfig', READERS],
  ['qscc/GetChainInfo', READERS],
  ['qscc/GetBlockByNumber', READERS],
  ['qscc/GetBlockByHash', READERS],
  ['qscc/GetTransactionByID', READERS],
  ['qscc/GetBlockByTxID', READERS],
  ['cscc/GetConfigBlock', READERS],
  ['cscc/GetChannelConfig', READERS],
  ['peer/Propose', WRITERS],
  ['peer/ChaincodeToChaincode', WRITERS],
  ['event/Block', READERS],
  ['event/FilteredBlock', READERS],
  ['gateway/CommitStatus', READERS],
  ['gateway/ChaincodeEvents', READERS],
]);

/** A policy reference of an ACL as an absolute path: relative ones belong to the Application group. */
export function absolutePolicyPath(reference: string): string {
  return reference.startsWith('/') ? reference : `/Channel/Application/${reference}`;
}
