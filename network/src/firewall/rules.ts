import { withoutNested } from '../topology/index.js';
import type { Flow } from './flows.js';
import { isEnd, type FirewallPlan, type Machine } from './plan.js';
import { POLICIES, type Policy } from './policies.js';

/** One direction of flows of a machine that differ in the other end only. */
export interface Rule {
  readonly chain: 'input' | 'output';
  readonly policy: Policy;
  readonly protocol: 'tcp' | 'udp';
  /** Networks of the other ends. */
  readonly others: readonly string[];
  /** Own addresses at which it is met; absent if they are not known here. */
  readonly local?: readonly string[];
  readonly ports: readonly number[];
  /** `begin`: towards the ports; `answer`: back from them, within what has begun; `send`: without any answer. */
  readonly part: 'begin' | 'answer' | 'send';
  /** The last day, of an exception. */
  readonly until?: string;
  readonly comment: string;
  /** Who the others are. */
  readonly names: readonly string[];
}

/** The rules of a machine, without the general ones. */
export function rulesOf({ flows }: FirewallPlan, machine: Machine): readonly Rule[] {
  const rules = flows.flatMap((flow) => [
    ...(isEnd(machine, flow.from) ? halves(flow, 'from') : []),
    ...(isEnd(machine, flow.to) ? halves(flow, 'to') : []),
  ]);
  const groups = new Map<string, Rule>();
  for (const rule of rules) {
    const others = rule.others.filter((other) => !machine.addresses.includes(other));
    if (others.length === 0 || rule.ports.length === 0) continue;
    const key = JSON.stringify([
      rule.chain,
      rule.comment,
      rule.protocol,
      rule.ports,
      rule.part,
      rule.local,
      rule.until,
    ]);
    const earlier = groups.get(key);
    groups.set(key, {
      ...rule,
      others: withoutNested([...(earlier?.others ?? []), ...others]),
      names: [...new Set([...(earlier?.names ?? []), ...rule.names])],
    });
  }
  return [...groups.values()];
}

function halves(flow: Flow, side: 'from' | 'to'): Rule[] {
  const { policy, protocol, ports, isAnswered, exception } = flow;
  const other = side === 'from' ? flow.to : flow.from;
  const common = {
    policy,
    protocol,
    ports,
    others: other.networks,
    names: [other.name],
    comment: commentOf(flow),
    ...(exception && { until: exception.until }),
    ...(side === 'to' && flow.to.local && { local: flow.to.local }),
  };
  const [there, back] = side === 'from' ? (['output', 'input'] as const) : (['input', 'output'] as const);
  if (!isAnswered) return [{ ...common, chain: there, part: 'send' }];
  return [
    { ...common, chain: there, part: 'begin' },
    { ...common, chain: back, part: 'answer' },
  ];
}

/** The sentence of a flow's policy. */
export function commentOf({ policy, exception }: Flow): string {
  if (exception === undefined) return POLICIES[policy];
  const { until, allowedBy, why } = exception;
  return `Exception until ${until}, by ${allowedBy}: ${why}`;
}
