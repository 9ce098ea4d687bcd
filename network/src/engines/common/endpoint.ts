import { connectionProfileFile, hostOf, memberTree } from '../../pki/index.js';
import type { OrganisationEndpoint } from '../../running/startedNetwork.js';
import { peersFor, reachedAt, type Consortium, type MemberOrganisation } from '../../topology/index.js';

/** The endpoint of a member for its clients. */
export function endpointOf(
  cryptoDir: string,
  consortium: Consortium,
  organisation: MemberOrganisation,
): OrganisationEndpoint {
  const [{ owner, peer } = { owner: organisation, peer: undefined }] = peersFor(consortium, organisation);
  return {
    id: organisation.id,
    mspId: organisation.mspId,
    gatewayEndpoint: `${reachedAt(peer ?? {})}:${peer?.port ?? 0}`,
    tlsHostName: peer === undefined ? owner.domain : hostOf(peer, owner),
    tlsCaCert: memberTree(cryptoDir, owner).tlsCaCertificate,
    profile: connectionProfileFile(cryptoDir, organisation),
  };
}
