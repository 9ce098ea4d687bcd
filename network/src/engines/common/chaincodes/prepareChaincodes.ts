import type { ChaincodePackage } from '../../../admin/index.js';
import { membersRunning, serviceName } from '../../../chaincode/index.js';
import type { ChaincodeDeployment, Consortium, MemberOrganisation } from '../../../topology/index.js';
import type { PackagedChaincode } from '../processes/runner.js';

/** Chaincodes with a package for each member, and further prepared data by the name of the service. */
export interface PreparedChaincodes<T> {
  readonly packaged: readonly PackagedChaincode[];
  readonly services: ReadonlyMap<string, T>;
}

/** Prepares chaincodes for all of their members, one after the other, because each may reserve and record a port. */
export async function prepareChaincodes<T extends { readonly package: ChaincodePackage }>(
  consortium: Consortium,
  chaincodes: readonly ChaincodeDeployment[],
  prepare: (deployment: ChaincodeDeployment, member: MemberOrganisation) => Promise<T>,
): Promise<PreparedChaincodes<T>> {
  const packaged: PackagedChaincode[] = [];
  const services = new Map<string, T>();
  for (const deployment of chaincodes) {
    const packages = new Map<string, ChaincodePackage>();
    for (const member of membersRunning(consortium, deployment)) {
      const prepared = await prepare(deployment, member);
      packages.set(member.id, prepared.package);
      services.set(serviceName(deployment, member), prepared);
    }
    packaged.push({ deployment, packages });
  }
  return { packaged, services };
}
