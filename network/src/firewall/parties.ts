import { membersRunning } from '../chaincode/members.js';
import { hostOf } from '../pki/tree.js';
import { listensOn, type Consortium, type MemberOrganisation, type Zone } from '../topology/index.js';
import { FirewallError } from './errors.js';

/** IPv4 addresses by DNS name, as whoever generates has resolved them. */
export type ResolvedNames = ReadonlyMap<string, readonly string[]>;

export type Role =
  'peer' | 'orderer' | 'chaincode' | 'clients' | 'administrators' | 'gateways' | 'instruments' | 'collectors';

/** Somebody on the network: a node, or machines of a zone that do the same. */
export interface Party {
  /** `peer0.lab-alpha.example`, `site-a/gateways`. */
  readonly name: string;
  readonly role: Role;
  /** The id of its organisation; empty for a chaincode service that serves all. */
  readonly organisation: string;
  /** Its zone in the description, or that of its level. */
  readonly zone: string;
  /** IPv4 addresses and networks, as others see it. */
  readonly networks: readonly string[];
  /** Its machine, if others call it by a name. */
  readonly host?: string;
  /** The address on which it is met on its own machine, if that is known. */
  readonly local?: readonly string[];
  /** Of a node. */
  readonly port?: number;
  readonly isGold?: boolean;
}

const ANY_ADDRESS = '0.0.0.0';
const ZONE_ROLES = ['clients', 'administrators', 'gateways', 'instruments', 'collectors'] as const;

/** Everybody in the description. @throws FirewallError */
export function partiesOf(consortium: Consortium, names: ResolvedNames): readonly Party[] {
  return [
    ...consortium.organisations.flatMap((organisation) => peersOf(consortium, organisation, names)),
    ...consortium.orderers.map((orderer): Party => ({
      name: hostOf(orderer, orderer),
      role: 'orderer',
      organisation: orderer.runBy,
      zone: 'ordering',
      port: orderer.port,
      ...placeOf(orderer, names),
    })),
    ...chaincodeServices(consortium, names),
    ...(consortium.firewall?.zones ?? []).flatMap(machinesOf),
  ];
}

/** The DNS names in a description that have to be resolved. */
export function namesToResolve(consortium: Consortium): readonly string[] {
  const hosts = [
    ...[...consortium.organisations.flatMap(({ peers }) => peers), ...consortium.orderers].map(({ host }) => host),
    ...consortium.chaincodes.map(({ service }) => ('address' in service ? hostIn(service.address) : undefined)),
  ];
  return [...new Set(hosts)].filter((host) => host !== undefined && !isAddress(host) && !isLoopback(host)) as string[];
}

/** Addresses of a host, by name or as they are. @throws FirewallError `NAME_UNRESOLVED` */
export function addressesOf(host: string, names: ResolvedNames): readonly string[] {
  if (isAddress(host)) return [host];
  const found = names.get(host) ?? [];
  if (found.length > 0) return found;
  throw new FirewallError(
    'NAME_UNRESOLVED',
    `${host} has no IPv4 address here. Rules contain addresses only: generate where the name is known, or write its address.`,
  );
}

function peersOf(consortium: Consortium, organisation: MemberOrganisation, names: ResolvedNames): Party[] {
  return organisation.peers.map((peer) => ({
    name: hostOf(peer, organisation),
    role: 'peer',
    organisation: organisation.id,
    zone: levelOf(consortium, organisation),
    port: peer.port,
    ...placeOf(peer, names),
  }));
}

/** The level at which an organisation writes. */
function levelOf({ channels }: Consortium, { id }: MemberOrganisation): string {
  return channels.find(({ writers }) => writers.includes(id))?.level ?? 'readers';
}

function placeOf(node: { readonly host?: string; readonly listen?: string }, names: ResolvedNames) {
  const { host } = node;
  if (host === undefined) {
    throw new FirewallError(
      'NO_HOSTS',
      'The nodes of this description have no host: all run on one machine and listen on its loopback, where no firewall is needed. Give each peer and orderer its host.',
    );
  }
  const listens = listensOn(node);
  return {
    host,
    networks: addressesOf(host, names),
    ...(listens !== ANY_ADDRESS && { local: addressesOf(listens, names) }),
  };
}

function chaincodeServices(consortium: Consortium, names: ResolvedNames): Party[] {
  return consortium.chaincodes.flatMap((chaincode): Party[] => {
    const { name, service } = chaincode;
    if (!('address' in service) || isLoopback(hostIn(service.address))) return [];
    const host = hostIn(service.address);
    const port = Number(/\d+$/.exec(service.address)?.[0]);
    if (membersRunning(consortium, chaincode).length === 0) return [];
    const networks = addressesOf(host, names);
    return [
      { name: `chaincode/${name}`, role: 'chaincode', organisation: '', zone: 'chaincode', host, networks, port },
    ];
  });
}

function machinesOf(zone: Zone): Party[] {
  return ZONE_ROLES.filter((role) => (zone[role]?.length ?? 0) > 0).map((role) => ({
    name: `${zone.name}/${role}`,
    role,
    organisation: zone.organisation,
    zone: zone.name,
    networks: zone[role] ?? [],
    ...(zone.goldStandard === true && { isGold: true }),
  }));
}

function hostIn(address: string): string {
  return address.slice(0, address.lastIndexOf(':')).replace(/^\[(.*)\]$/, '$1');
}

function isAddress(host: string): boolean {
  return /^[\d.]+$/.test(host);
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isAddress(host) && host.startsWith('127.'));
}
