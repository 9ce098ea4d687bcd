import type { NodeLocation } from '../topology/addresses.js';
import type { Channel, Consortium, MemberOrganisation, OrdererNode } from '../topology/consortium.js';
import { ChannelError } from './errors.js';
import type { PolicyExceptions, PolicyRule, PolicyTemplate } from './template.js';

/** A policy as configtx.yaml writes it. */
export interface PlannedPolicy {
  readonly type: 'Signature' | 'ImplicitMeta';
  readonly rule: string;
}

export type PlannedPolicies = Readonly<Record<string, PlannedPolicy>>;

export interface Address {
  readonly host: string;
  readonly port: number;
}

export interface PlannedMember {
  readonly mspId: string;
  readonly anchorPeers: readonly Address[];
  readonly policies: PlannedPolicies;
}

export interface PlannedOrderer {
  readonly mspId: string;
  readonly name: string;
  readonly consenterId: number;
  readonly address: Address;
  readonly policies: PlannedPolicies;
  /** The mod policy of its organisation's part. */
  readonly changedBy: string;
}

/** The content of a channel's configuration, without certificates. */
export interface ChannelPlan {
  readonly name: string;
  readonly policies: PlannedPolicies;
  readonly application: {
    readonly members: readonly PlannedMember[];
    readonly policies: PlannedPolicies;
    readonly acls: Readonly<Record<string, string>>;
  };
  readonly orderer: {
    readonly nodes: readonly PlannedOrderer[];
    readonly policies: PlannedPolicies;
    readonly batch: { readonly maxMessages: number; readonly timeoutMs: number };
  };
}

/** Further input of a plan, besides the description and the template. */
export interface PlanOptions {
  /** Host of a node's address instead of `<name>.<domain>`; for instance `localhost` where all run on one machine. */
  readonly hostOf?: (node: NodeLocation & { readonly name: string; readonly domain: string }) => string;
  /** True while the channel's members approve a chaincode definition. */
  readonly isApproving?: boolean;
}

/** The capabilities that a channel requires of its nodes. */
export const CAPABILITIES = { channel: 'V3_0', orderer: 'V2_0', application: 'V2_5' } as const;

/**
 * Plans a channel's configuration from the consortium's description.
 * @throws ChannelError UNKNOWN_ORGANISATION when the channel names an organisation that does not exist.
 */
export function planChannel(
  consortium: Consortium,
  channel: Channel,
  template: PolicyTemplate,
  options: PlanOptions = {},
): ChannelPlan {
  const hostOf = options.hostOf ?? ((node) => `${node.name}.${node.domain}`);
  const rules = rulesOn(channel, template, options);
  const writers = channel.writers.map((id) => organisation(consortium, id));
  const readers = channel.readers.map((id) => organisation(consortium, id));
  const groups = {
    writers: writers.map(({ mspId }) => mspId),
    institutes: writers.filter(({ kind }) => kind === 'NMI').map(({ mspId }) => mspId),
    readers: readers.map(({ mspId }) => mspId),
    // A shared organisation has no peer, so it runs no chaincode and approves none.
    approvers: readers.filter(({ shared }) => shared !== true).map(({ mspId }) => mspId),
    orderers: consortium.orderers.map(({ mspId }) => mspId),
    self: [],
  };
  return {
    name: channel.name,
    policies: fill(rules.channel, groups),
    application: {
      members: [...writers, ...readers].map(({ mspId, domain, peers, shared }) => ({
        mspId,
        anchorPeers: peers.slice(0, 1).map((peer) => ({ host: hostOf({ ...peer, domain }), port: peer.port })),
        policies: fill(shared === true ? template.sharedOrganisation : template.applicationOrganisation, {
          ...groups,
          self: [mspId],
        }),
      })),
      policies: fill(rules.application, groups),
      acls: template.acls,
    },
    orderer: {
      nodes: consortium.orderers.map((node) => plannedOrderer(node, hostOf(node), template, groups)),
      policies: fill(rules.orderer, groups),
      batch: channel.batch,
    },
  };
}

type CommonRules = Pick<PolicyTemplate, 'channel' | 'application' | 'orderer'>;

/** The rules for the channel, its applications and its ordering service, with the exceptions that apply. */
function rulesOn({ level }: Channel, template: PolicyTemplate, { isApproving = false }: PlanOptions): CommonRules {
  const exceptions: readonly PolicyExceptions[] = [
    (level && template.levels[level]) ?? {},
    ...(isApproving ? [template.approving] : []),
  ];
  const { channel, application, orderer } = template;
  return exceptions.reduce<CommonRules>(
    (rules, instead) => ({
      channel: { ...rules.channel, ...instead.channel },
      application: { ...rules.application, ...instead.application },
      orderer: { ...rules.orderer, ...instead.orderer },
    }),
    { channel, application, orderer },
  );
}

type Groups = Readonly<Record<string, readonly string[]>>;

function plannedOrderer(node: OrdererNode, host: string, template: PolicyTemplate, groups: Groups): PlannedOrderer {
  const { mspId, name, consenterId, port } = node;
  const policies = fill(template.ordererOrganisation, { ...groups, self: [mspId] });
  const changedBy = template.changedBy.ordererOrganisation;
  return { mspId, name, consenterId, address: { host, port }, policies, changedBy };
}

function organisation(consortium: Consortium, id: string): MemberOrganisation {
  const found = consortium.organisations.find((candidate) => candidate.id === id);
  if (found === undefined)
    throw new ChannelError('UNKNOWN_ORGANISATION', `The consortium has no organisation '${id}'.`);
  return found;
}

function fill(rules: Readonly<Record<string, PolicyRule>>, groups: Groups): PlannedPolicies {
  return Object.fromEntries(Object.entries(rules).map(([name, rule]) => [name, plannedPolicy(rule, groups)]));
}

function plannedPolicy(rule: PolicyRule, groups: Groups): PlannedPolicy {
  if ('implicitMeta' in rule) return { type: 'ImplicitMeta', rule: rule.implicitMeta };
  if ('anyOf' in rule) return signaturePolicy(rule.anyOf, groups, () => 1);
  if ('allOf' in rule) return signaturePolicy(rule.allOf, groups, (total) => total);
  return signaturePolicy(rule.majorityOf, groups, (total) => Math.floor(total / 2) + 1);
}

function signaturePolicy(
  signers: readonly string[],
  groups: Groups,
  required: (total: number) => number,
): PlannedPolicy {
  const principals = signers.flatMap((signer) => {
    const [group = '', role = ''] = signer.split('.');
    return (groups[group] ?? []).map((mspId) => `'${mspId}.${role}'`);
  });
  if (principals.length === 0) {
    const names = signers.join(', ');
    throw new ChannelError('BAD_TEMPLATE', `The channel has nobody in [${names}]: the policy would bar everybody.`);
  }
  return { type: 'Signature', rule: `OutOf(${[required(principals.length), ...principals].join(', ')})` };
}
