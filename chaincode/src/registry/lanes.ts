import { KeyEndorsementPolicy } from 'fabric-shim';
import { keys } from './keys.js';
import type { StateWriter } from './state.js';

/**
 * A lane is a key of an MSP whose own policy is that MSP's peer. What is done in an organisation's name writes its lane,
 * so that Fabric itself demands that peer's endorsement on top of the chaincode policy: neither a stolen client key nor
 * other organisations together can act without it. The write is blind (never read): it makes no two transactions conflict.
 */
export async function openLane(state: StateWriter, mspId: string): Promise<void> {
  const policy = new KeyEndorsementPolicy();
  policy.addOrgs('PEER', mspId);
  await state.write(keys.lane(mspId), state.stamp.txId);
  await state.protect(keys.lane(mspId), policy.getPolicy());
}

/** Makes these MSPs' peers necessary for the transaction. */
export async function requireLanes(state: StateWriter, mspIds: readonly string[]): Promise<void> {
  for (const mspId of new Set(mspIds)) {
    await state.write(keys.lane(mspId), state.stamp.txId);
  }
}
