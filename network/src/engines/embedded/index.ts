import '../../system/protobufGuard.js';

export { ChaincodeStartError } from '../../chaincode/index.js';
export { parseChaincodeArgument, parseEnvironmentArguments, UsageError } from './chaincodeArgument.js';
export { embeddedPorts } from './keptPorts.js';
export { DeploymentError } from '../../channel/definitions.js';
export { LedgerError, openLedger } from './ledger/index.js';
export type { ChannelLedger, LedgerErrorCode, LedgerOptions, TxSimulator } from './ledger/index.js';
export { CONCURRENCY, ENDORSEMENT_TIMEOUT_MS } from './limits.js';
export { startEmbedded } from './network.js';
export type { EmbeddedOptions } from './options.js';
