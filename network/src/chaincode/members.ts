import type { ChaincodeDeployment, Consortium, MemberOrganisation } from '../topology/consortium.js';
import { membersOf } from '../topology/onChannel.js';

/** The members of a chaincode's channels that have peers: each runs it in its own process. */
export function membersRunning(
  { channels, organisations }: Pick<Consortium, 'channels' | 'organisations'>,
  deployment: ChaincodeDeployment,
): readonly MemberOrganisation[] {
  const ids = new Set(channels.filter(({ name }) => deployment.channels.includes(name)).flatMap(membersOf));
  return organisations.filter(({ id, peers }) => ids.has(id) && peers.length > 0);
}

/** `registry.lab-alpha.example@1.0`: two versions run side by side while one takes over from the other. */
export function serviceName(
  { name, version }: ChaincodeDeployment,
  { domain }: Pick<MemberOrganisation, 'domain'>,
): string {
  return `${name}.${domain}@${version}`;
}
