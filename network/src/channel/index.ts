export { otherBatch } from './batch.js';
import '../system/protobufGuard.js';

export { applicationPolicy, printApplicationPolicy } from './applicationPolicy.js';
export { chaincodeDefinitions } from './definitions.js';
export { withApproving, type DescribedChannel } from './approving.js';
export { blockDataHash, blockHeaderHash, newBlock, readConfigBlock, type ConfigBlock } from './block.js';
export { channelGroup } from './channelGroup.js';
export { applyConfigUpdate } from './configApply.js';
export { computeConfigUpdate } from './configDiff.js';
export { configtxYaml } from './configtx.js';
export { configEnvelope, configUpdateEnvelope, signConfigUpdate, type ConfigSigner } from './configUpdate.js';
export {
  CHANGED_BY_FILES,
  differingParts,
  isAsDescribed,
  partsLeft,
  withAuthorities,
  withDescribed,
  type Subject,
} from './described.js';
export { ChannelError, type ChannelErrorCode } from './errors.js';
export { describedConfig, genesisBlock, genesisBlockOf, releasedConfig, type GenesisOptions } from './genesis.js';
export { readChannelMaterial, type ChannelMaterial, type ConsenterCertificates } from './material.js';
export { materialIn } from './materialIn.js';
export { fabricMspConfig } from './mspConfig.js';
export { sufficesForCommit } from './lifecycle.js';
export { planChannel, type ChannelPlan, type PlannedPolicy, type PlanOptions } from './plan.js';
export { parsePolicy, printPolicy } from './policy.js';
export {
  defaultPolicyTemplateFile,
  readPolicyTemplate,
  type PolicyExceptions,
  type PolicyRule,
  type PolicyTemplate,
} from './template.js';
