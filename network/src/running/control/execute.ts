import type { StartedNetwork } from '../startedNetwork.js';
import type { ChaincodeDeployment, ChangeOptions, MembershipChange } from '../../topology/index.js';
import type { Upgrade } from '../upgrade.js';
import { NotWrittenError, type Description } from './description.js';
import type { Change } from './messages.js';

/** Requests that other processes may make to a running network. */
export type Controllable = Omit<StartedNetwork, 'cryptoDir' | 'stop'>;

/** Changes a network and its description. @throws what the network throws; ConsortiumError; NotWrittenError */
export async function execute(
  request: Change,
  description: Description,
  network: Controllable,
): Promise<{ upgrade?: Upgrade }> {
  if ('upgrade' in request) return { upgrade: await upgrade(request.upgrade, description, network) };
  if ('changeMembers' in request) {
    const { change, joinFrom } = request.changeMembers;
    await changeMembers(change, { joinFrom }, description, network);
  } else if ('rotateAuthority' in request) {
    const { organisation, authority } = request.rotateAuthority;
    await network.rotateAuthority(organisation, authority);
  } else if ('copyTo' in request) {
    await network.copyTo(request.copyTo);
  } else {
    await network.rotateOrderer(request.rotateOrderer);
  }
  return {};
}

async function changeMembers(
  change: MembershipChange,
  how: ChangeOptions,
  description: Description,
  network: Controllable,
): Promise<void> {
  // Read it when the turn comes, so that it includes earlier changes.
  const next = description.after(change);
  const keep = (): void => {
    description.keepMembers(next, change);
  };
  try {
    await written(keep, (committed) => network.reconfigure(next, how, committed));
  } catch (error) {
    throw description.isHalfway(change) ? new HalfwayError(error) : error;
  }
  description.end();
}

/** A change of members was committed, but not completed. The code is that of the failure. */
class HalfwayError extends Error {
  override readonly name = 'HalfwayError';
  readonly code: unknown;

  constructor(cause: unknown) {
    const advice = 'The members have changed, but not all is in place: make the same change again.';
    super(`${messageOf(cause)} ${advice}`, { cause });
    this.code = cause instanceof Error && 'code' in cause ? cause.code : 'INTERNAL';
  }
}

function upgrade(wanted: ChaincodeDeployment, description: Description, network: Controllable): Promise<Upgrade> {
  // Check that it fits into the consortium before anything changes.
  description.check(wanted);
  const keep = (chaincode: ChaincodeDeployment): void => {
    description.keepChaincode(chaincode);
  };
  return written(keep, async (committed) => {
    const done = await network.upgrade(wanted, committed);
    if (!done.changed) committed(done.deployment);
    return done;
  });
}

/**
 * Makes a change and writes it as soon as it is committed, so that the network never starts with the old description, even if later steps
 * fail.
 */
async function written<What extends unknown[], Done>(
  keep: (...what: What) => void,
  make: (committed: (...what: What) => void) => Promise<Done>,
): Promise<Done> {
  const unwritten: unknown[] = [];
  const committed = (...what: What): void => {
    try {
      keep(...what);
    } catch (error) {
      unwritten.push(error);
    }
  };
  const done = await make(committed).catch((error: unknown) => {
    if (unwritten.length === 0) throw error;
    throw new NotWrittenError([...unwritten, error].map(messageOf).join(' Besides: '));
  });
  if (unwritten.length > 0) throw unwritten[0];
  return done;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
