import type { ChaincodeEnvironment } from '../../chaincode/index.js';
import type { ChaincodeDeployment } from '../../topology/index.js';
import { keepPackage, prepareService, type PreparedService } from '../common/chaincodes/chaincodeService.js';
import { prepareChaincodes, type PreparedChaincodes } from '../common/chaincodes/prepareChaincodes.js';
import type { Layout } from '../common/places/layout.js';
import { keepServices, type Placement } from '../common/places/placement.js';

/**
 * Packages a member's chaincodes and plans their services, which are always the same: nothing is started. The ports of services that are
 * no longer described are given up.
 *
 * @throws FabricError `BAD_CHAINCODE`
 */
export async function prepareOwnChaincodes(
  layout: Layout,
  { consortium, here }: Placement,
  chaincodes: readonly ChaincodeDeployment[],
  environment: ChaincodeEnvironment,
): Promise<PreparedChaincodes<PreparedService>> {
  const prepared = await prepareChaincodes({ ...consortium, ...here }, chaincodes, async (deployment, member) => {
    const service = await prepareService(layout, deployment, member, environment);
    await keepPackage(layout.chaincodeDir(deployment.name, member), service.package);
    return service;
  });
  const served = [...prepared.services].filter(([, { service }]) => service !== undefined);
  await keepServices(
    layout,
    served.map(([name]) => name),
  );
  return prepared;
}
