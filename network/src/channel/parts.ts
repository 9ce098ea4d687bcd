import { common } from '@hyperledger/fabric-protos';
import { ChannelError } from './errors.js';
import type { MspMaterial } from '../pki/index.js';
import type { ChannelMaterial } from './material.js';

/** The value by which a group requires its nodes to understand a version of Fabric's rules. */
export function capabilities(name: string): common.Capabilities {
  const value = new common.Capabilities();
  value.getCapabilitiesMap().set(name, new common.Capability());
  return value;
}

/** @throws ChannelError MISSING_MATERIAL */
export function mspOf(mspId: string, material: ChannelMaterial): MspMaterial {
  const found = material.msps.get(mspId);
  if (found === undefined) throw new ChannelError('MISSING_MATERIAL', `There are no certificates of the MSP ${mspId}.`);
  return found;
}
