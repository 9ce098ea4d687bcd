import { isOneAddress, isWithin, type Consortium, type FirewallException } from '../topology/index.js';
import { FirewallError } from './errors.js';
import { exceptionFlows, flowsOf, type Flow } from './flows.js';
import { partiesOf, type Party, type ResolvedNames } from './parties.js';

/** A machine that gets its own ruleset. */
export interface Machine {
  /** The host in the description. */
  readonly name: string;
  readonly addresses: readonly string[];
  readonly parties: readonly Party[];
}

/** Everything that rulesets and explanations are made from. */
export interface FirewallPlan {
  readonly consortium: string;
  readonly parties: readonly Party[];
  readonly machines: readonly Machine[];
  readonly flows: readonly Flow[];
  readonly expired: readonly FirewallException[];
  readonly names: ResolvedNames;
  /** The day (UTC) for which it holds: `2026-12-02`. */
  readonly today: string;
}

/**
 * Derives who may talk to whom.
 * @param names - The addresses of {@link namesToResolve}.
 * @throws FirewallError `NO_HOSTS`, `NAME_UNRESOLVED`
 */
export function planFirewall(consortium: Consortium, names: ResolvedNames, today: string): FirewallPlan {
  const parties = partiesOf(consortium, names);
  const { flows, expired } = exceptionFlows(consortium, names, today);
  return {
    consortium: consortium.name,
    parties,
    machines: machinesOf(parties),
    flows: [...flowsOf(consortium, parties), ...flows],
    expired,
    names,
    today,
  };
}

/** Finds a machine by its host, its address, or the name of a node on it. @throws FirewallError `HOST_UNKNOWN` */
export function machineNamed({ machines }: FirewallPlan, name: string): Machine {
  const found = machines.find(
    (machine) =>
      machine.name === name ||
      machine.addresses.includes(name) ||
      machine.parties.some((party) => party.name === name && party.host !== undefined),
  );
  if (found !== undefined) return found;
  const known = machines.map((machine) => machine.name).join(', ');
  throw new FirewallError('HOST_UNKNOWN', `No machine "${name}" in the description. Its machines: ${known}.`);
}

/** Whether a flow begins (`from`) or ends (`to`) at a machine. */
export function isEnd(
  { addresses }: Pick<Machine, 'addresses'>,
  { networks }: { readonly networks: readonly string[] },
) {
  return addresses.some((address) => networks.some((network) => isWithin(address, network)));
}

function machinesOf(parties: readonly Party[]): readonly Machine[] {
  const places = parties.flatMap((party): { name: string; addresses: readonly string[] }[] => {
    if (party.host !== undefined) return [{ name: party.host, addresses: party.networks }];
    if (party.role !== 'gateways' && party.role !== 'collectors') return [];
    return party.networks.filter(isOneAddress).map((address) => ({ name: address, addresses: [address] }));
  });
  const byName = new Map<string, readonly string[]>();
  for (const { name, addresses } of places) {
    const clash = [...byName].find(([other, own]) => other !== name && own.some((one) => addresses.includes(one)));
    if (clash !== undefined) {
      throw new FirewallError(
        'NAME_UNRESOLVED',
        `${clash[0]} and ${name} are the same machine, and a machine has one ruleset: use one name for it in the description.`,
      );
    }
    byName.set(name, addresses);
  }
  return [...byName].map(([name, addresses]) => ({
    name,
    addresses,
    parties: parties.filter((party) => party.role !== 'instruments' && isEnd({ addresses }, party)),
  }));
}
