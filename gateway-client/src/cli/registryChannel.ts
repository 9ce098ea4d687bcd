import type { Channel, Consortium } from '@tracecal/network/topology';

/** The chaincode of the calibration level. */
export const REGISTRY = 'registry';

/** The channel of the registry; undefined where a consortium has none. */
export function findRegistryChannel({ chaincodes, channels }: Consortium): Channel | undefined {
  const registry = chaincodes.find(({ name }) => name === REGISTRY);
  return channels.find(({ name }) => registry?.channels.includes(name));
}
