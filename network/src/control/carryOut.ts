import type { StartedNetwork } from '../engine.js';
import { parseConsortium, type ChaincodeDeployment } from '../topology/index.js';
import type { Upgrade } from '../upgrade.js';
import { NotWrittenError, type Description } from './description.js';
import type { Request } from './messages.js';

/** What other processes may ask of a running network. */
export type Controllable = Omit<StartedNetwork, 'cryptoDir' | 'stop'>;

/** Changes a network and its description. @throws what the network throws; NotWrittenError */
export async function carryOut(
  request: Request,
  description: Description,
  network: Controllable,
): Promise<{ upgrade?: Upgrade }> {
  if ('upgrade' in request) return { upgrade: await upgrade(request.upgrade, description, network) };
  if ('reconfigure' in request) {
    const { consortium, joinFrom } = request.reconfigure;
    await network.reconfigure(parseConsortium(consortium, 'the new description'), { joinFrom });
    description.keep(consortium);
  } else if ('rotateAuthority' in request) {
    const { organisation, authority } = request.rotateAuthority;
    await network.rotateAuthority(organisation, authority);
  } else {
    await network.rotateOrderer(request.rotateOrderer);
  }
  return {};
}

async function upgrade(wanted: ChaincodeDeployment, description: Description, network: Controllable): Promise<Upgrade> {
  // Whether it fits into the consortium is asked before anything changes.
  description.check(wanted);
  const failures: unknown[] = [];
  const keep = (chaincode: ChaincodeDeployment): void => {
    try {
      description.keepChaincode(chaincode);
    } catch (error) {
      failures.push(error);
    }
  };
  // Written as soon as it is committed: the network does not come up with the one before, whatever becomes of the rest.
  const done = await network.upgrade(wanted, keep).catch((error: unknown) => {
    failures.push(error);
  });
  if (done?.changed === false) keep(done.deployment);
  if (failures.length > 1) throw new NotWrittenError(failures.map(messageOf).join(' Besides: '));
  if (done === undefined || failures.length > 0) throw failures[0];
  return done;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
