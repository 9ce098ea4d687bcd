import { isOneAddress, isWithin, type FirewallException } from '../topology/index.js';
import { FirewallError } from './errors.js';
import type { Flow } from './flows.js';
import type { Party, Role } from './parties.js';
import type { FirewallPlan } from './plan.js';
import { DENIALS, GENERAL, type Denial, type Policy } from './policies.js';
import { commentOf } from './rules.js';

/** What is asked: may SRC begin to talk to DST? */
export interface FirewallQuestion {
  /** An address, a network, a host, the name of a node, or `zone/role`. */
  readonly from: string;
  readonly to: string;
  readonly port?: number;
}

/** The answer, with the sentence of the rule or the reason. */
export interface FirewallExplanation {
  readonly isAllowed: boolean;
  readonly sentence: string;
  /** Which policies allow it, and where. */
  readonly flows: readonly {
    readonly policy: Policy;
    readonly from: string;
    readonly to: string;
    readonly protocol: 'tcp' | 'udp';
    readonly ports: readonly number[];
    readonly sentence: string;
    readonly exception?: FirewallException;
  }[];
  readonly reason?: Denial;
}

interface End {
  readonly networks: readonly string[];
  readonly parties: readonly Party[];
}

/** Says which policy allows something, or why it is denied: from the same flows as the rules. @throws FirewallError `END_UNKNOWN` */
export function explain(plan: FirewallPlan, { from, to, port }: FirewallQuestion): FirewallExplanation {
  const [source, destination] = [endOf(plan, from), endOf(plan, to)];
  if (isSameMachine(plan, source, destination)) {
    return { isAllowed: true, sentence: GENERAL.loopback, flows: [] };
  }
  const between = plan.flows.filter((flow) => covers(flow.from, source) && covers(flow.to, destination));
  const flows = between.filter(({ ports }) => port === undefined || ports.includes(port));
  const [first] = flows;
  if (first !== undefined) return { isAllowed: true, sentence: commentOf(first), flows: flows.map(shown) };
  const reason = between.length > 0 ? 'port' : reasonOf(plan, source, destination);
  return { isAllowed: false, sentence: DENIALS[reason], flows: between.map(shown), reason };
}

function shown(flow: Flow): FirewallExplanation['flows'][number] {
  const { policy, protocol, ports, exception } = flow;
  const ends = { from: flow.from.name, to: flow.to.name };
  return { policy, ...ends, protocol, ports, sentence: commentOf(flow), ...(exception && { exception }) };
}

function endOf({ parties, names, machines }: FirewallPlan, text: string): End {
  const named = parties.find(({ name }) => name === text);
  const networks =
    named?.networks ?? machines.find(({ name }) => name === text)?.addresses ?? names.get(text) ?? addressIn(text);
  if (networks === undefined) {
    throw new FirewallError(
      'END_UNKNOWN',
      `"${text}" is neither an IPv4 address nor a name in the description, like ${parties[0]?.name ?? 'a node'} or a zone's "site-a/gateways".`,
    );
  }
  return { networks, parties: parties.filter((party) => covers(party, { networks })) };
}

function addressIn(text: string): readonly string[] | undefined {
  return isWithin(text, text) ? [text] : undefined;
}

function covers(party: Pick<Party, 'networks'>, { networks }: Pick<End, 'networks'>): boolean {
  return networks.every((own) => party.networks.some((network) => isWithin(own, network)));
}

function isSameMachine({ machines }: FirewallPlan, source: End, destination: End): boolean {
  return machines.some(({ addresses }) =>
    [source, destination].every(({ networks }) =>
      networks.every((network) => isOneAddress(network) && addresses.includes(network)),
    ),
  );
}

function reasonOf(plan: FirewallPlan, source: End, destination: End): Denial {
  const ends = [source, destination];
  if (ends.some(({ parties }) => parties.length === 0)) return 'stranger';
  if (ends.some(({ parties }) => parties.some(({ isGold }) => isGold === true))) return 'gold';
  if (ends.some((end) => isOf(end, ['instruments']))) return 'instruments';
  const reverse = plan.flows.some(
    ({ policy, from, to }) => policy === 'oneWay' && covers(from, destination) && covers(to, source),
  );
  if (reverse) return 'oneWay';
  const found = REASONS.find(({ from, to }) => isOf(source, from) && (to === undefined || isOf(destination, to)));
  return found?.reason ?? 'rest';
}

const CLIENTS: readonly Role[] = ['clients', 'gateways', 'administrators'];

/** The first that fits the roles of both ends. */
const REASONS: readonly { readonly from: readonly Role[]; readonly to?: readonly Role[]; readonly reason: Denial }[] = [
  { from: CLIENTS, to: ['peer'], reason: 'otherPeers' },
  { from: CLIENTS, to: ['orderer'], reason: 'orderers' },
  { from: ['peer'], to: ['peer'], reason: 'noChannel' },
  { from: ['peer', 'orderer', 'collectors', 'chaincode'], reason: 'answers' },
  { from: CLIENTS, reason: 'zones' },
];

function isOf({ parties }: End, roles: readonly Role[]): boolean {
  return parties.some(({ role }) => roles.includes(role));
}
