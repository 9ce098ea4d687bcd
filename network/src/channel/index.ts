export { blockDataHash, blockHeaderHash, newBlock, readConfigBlock, type ConfigBlock } from './block.js';
export { channelGroup } from './channelGroup.js';
export { ChannelError, type ChannelErrorCode } from './errors.js';
export { genesisBlock, genesisBlockOf, type GenesisOptions } from './genesis.js';
export type { ChannelMaterial, ChannelMsp, ConsenterCertificates, NodeOuRole } from './material.js';
export { bftQuorum } from './ordererGroup.js';
export { planChannel, type ChannelPlan, type PlannedPolicy, type PlanOptions } from './plan.js';
export { parsePolicy, printPolicy } from './policy.js';
export { readPolicyTemplate, type PolicyRule, type PolicyTemplate } from './template.js';
