import { existsSync } from 'node:fs';
import { lookup } from 'node:dns/promises';
import { namesToResolve, planFirewall } from '@tracecal/network/firewall';
import type { FirewallPlan, ResolvedNames } from '@tracecal/network/firewall';
import { defaultConsortiumFile } from '@tracecal/network/topology';
import type { DataDirectory } from '../data/dataDirectory.js';
import { namedOr } from './descriptionFile.js';

/** Who may talk to whom today, by the description that is named, or else that of the data directory, or the sample. */
export async function firewallPlan(data: DataDirectory, file: string | undefined): Promise<FirewallPlan> {
  const own = existsSync(data.consortiumFile) ? data.consortiumFile : defaultConsortiumFile();
  const consortium = await namedOr(file, own);
  const names = await resolved(namesToResolve(consortium));
  return planFirewall(consortium, names, new Date().toISOString().slice(0, 10));
}

/** Names without an address are left out: the plan says which it needs. */
async function resolved(names: readonly string[]): Promise<ResolvedNames> {
  const found = await Promise.all(names.map(async (name) => [name, await addressesOf(name)] as const));
  return new Map(found.filter(([, addresses]) => addresses.length > 0));
}

/** As the machine itself resolves it, with its hosts file; all addresses, in an order that does not change between calls. */
async function addressesOf(name: string): Promise<readonly string[]> {
  try {
    const found = await lookup(name, { family: 4, all: true });
    return found.map(({ address }) => address).sort();
  } catch {
    return [];
  }
}
