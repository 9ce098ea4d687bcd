export { compareRulesets, type RuleDifference } from './compare.js';
export { FirewallError, type FirewallErrorCode } from './errors.js';
export { explain, type FirewallExplanation, type FirewallQuestion } from './explain.js';
export type { Flow, FlowEnd } from './flows.js';
export { rulesetOf } from './nft.js';
export { namesToResolve, type Party, type ResolvedNames, type Role } from './parties.js';
export { isEnd, machineNamed, planFirewall, type FirewallPlan, type Machine } from './plan.js';
export { DENIALS, POLICIES, type Denial, type Policy } from './policies.js';
export { FIREWALL_TABLE } from './table.js';
