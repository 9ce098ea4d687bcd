import { membersRunning } from '../chaincode/members.js';
import {
  collectorsOf,
  isNumeric,
  membersOf,
  peersFor,
  siteOf,
  type Consortium,
  type FirewallException,
} from '../topology/index.js';
import { addressesOf, type Party, type ResolvedNames, type Role } from './parties.js';
import type { Policy } from './policies.js';

/** One end of a flow: a party, or what an exception names. */
export type FlowEnd = Pick<Party, 'name' | 'networks' | 'local'>;

/** What may begin: connections (TCP) or packets (UDP) from one end to ports of the other. */
export interface Flow {
  readonly policy: Policy;
  readonly from: FlowEnd;
  readonly to: FlowEnd;
  readonly protocol: 'tcp' | 'udp';
  readonly ports: readonly number[];
  /** Whether packets of what has begun come back. */
  readonly isAnswered: boolean;
  readonly exception?: FirewallException;
}

const SSH = 22;

/** Everything that may begin, derived from levels, channels, sites and units. */
export function flowsOf(consortium: Consortium, parties: readonly Party[]): readonly Flow[] {
  return parties.flatMap((from) =>
    parties.flatMap((to) => {
      if (from === to) return [];
      const policy = POLICY_BETWEEN[`${from.role} ${to.role}`];
      const tcp = policy?.(from, to, consortium) ?? [];
      return [...tcp, ...administration(from, to), ...oneWay(from, to, consortium)];
    }),
  );
}

/** Flows that exceptions add on this day, and the exceptions that have expired. */
export function exceptionFlows(
  { firewall }: Consortium,
  names: ResolvedNames,
  today: string,
): { readonly flows: readonly Flow[]; readonly expired: readonly FirewallException[] } {
  const all = firewall?.exceptions ?? [];
  const end = (text: string): FlowEnd => ({
    name: text,
    networks: isNumeric(text) ? [text] : addressesOf(text, names),
  });
  return {
    expired: all.filter(({ until }) => until < today),
    flows: all
      .filter(({ until }) => until >= today)
      .map((exception) => ({
        policy: 'exception',
        from: end(exception.from),
        to: end(exception.to),
        protocol: exception.protocol,
        ports: [exception.port],
        isAnswered: exception.protocol === 'tcp' || exception.answered === true,
        exception,
      })),
  };
}

type Derive = (from: Party, to: Party, consortium: Consortium) => readonly Flow[];

/** Who may begin what with whom. Every pair of roles that is not here has nothing to say to each other. */
const POLICY_BETWEEN: Readonly<Partial<Record<`${Role} ${Role}`, Derive>>> = {
  'clients peer': client,
  'gateways peer': client,
  'administrators peer': client,
  'peer peer': (from, to, { channels }) => {
    const share = channels.some((channel) =>
      [from, to].every(({ organisation }) => membersOf(channel).includes(organisation)),
    );
    return share ? [tcp('gossip', from, to)] : [];
  },
  'peer orderer': (from, to, { channels }) =>
    channels.some((channel) => membersOf(channel).includes(from.organisation)) ? [tcp('ordering', from, to)] : [],
  'orderer orderer': (from, to) => [tcp('consensus', from, to)],
  'peer chaincode': (from, to, consortium) => {
    const runs = consortium.chaincodes.some(
      (chaincode) =>
        to.name === `chaincode/${chaincode.name}` &&
        membersRunning(consortium, chaincode).some(({ id }) => id === from.organisation),
    );
    return runs ? [tcp('chaincode', from, to)] : [];
  },
  'administrators orderer': (from, to) => [tcp('configuration', from, to)],
  'gateways instruments': (from, to, { firewall }) => {
    const ports = firewall?.zones.find(({ name }) => name === from.zone)?.instrumentPorts ?? [];
    return from.zone === to.zone && ports.length > 0 ? [tcp('reading', from, to, ports)] : [];
  },
};

function client(from: Party, to: Party, consortium: Consortium): readonly Flow[] {
  if (from.isGold === true) return [];
  const organisation = consortium.organisations.find(({ id }) => id === from.organisation);
  const owners = organisation === undefined ? [] : peersFor(consortium, organisation).map(({ owner }) => owner.id);
  return owners.includes(to.organisation) ? [tcp('client', from, to)] : [];
}

const ADMINISTERED: readonly Role[] = ['peer', 'orderer', 'gateways', 'collectors'];

function administration(from: Party, to: Party): readonly Flow[] {
  const isOwn = from.organisation === to.organisation && to.isGold !== true;
  const reaches = from.role === 'administrators' && isOwn && ADMINISTERED.includes(to.role);
  return reaches ? [tcp('administration', from, to, [SSH])] : [];
}

function oneWay(from: Party, to: Party, { channels, firewall }: Consortium): readonly Flow[] {
  const zones = firewall?.zones ?? [];
  const sender = zones.find(({ name }) => name === from.zone);
  if (from.role !== 'gateways' || to.role !== 'collectors' || sender?.oneWayPort === undefined) return [];
  const receives = channels.some(
    (channel) =>
      channel.level === 'measurement' &&
      siteOf(channel) === sender.site &&
      collectorsOf(channel, zones).some(({ name }) => name === to.zone),
  );
  if (!receives) return [];
  return [{ policy: 'oneWay', from, to, protocol: 'udp', ports: [sender.oneWayPort], isAnswered: false }];
}

function tcp(policy: Policy, from: Party, to: Party, given?: readonly number[]): Flow {
  const ports = given ?? (to.port === undefined ? [] : [to.port]);
  return { policy, from, to, protocol: 'tcp', ports, isAnswered: true };
}
