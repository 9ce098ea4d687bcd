import { readConnectionProfile } from '../../client/index.js';
import { REGISTRY } from './consortium.js';
import type { Consortium } from './consortium.js';

/** Default channel of the registry, without a description of the consortium. */
const CHANNEL = 'calibration';

/**
 * The part of a consortium that a connection profile reveals: its own organisation, which reads the registry and perhaps a site.
 *
 * @throws TraceCalError `PROFILE_INVALID`
 */
export async function profileConsortium(profile: string | object): Promise<Consortium> {
  const { organisation: id, mspId } = await readConnectionProfile(profile);
  return {
    organisations: [{ id, mspId }],
    channels: [{ name: CHANNEL, level: 'calibration', writers: [], readers: [id] }],
    chaincodes: [{ name: REGISTRY, channels: [CHANNEL] }],
    isPart: true,
  };
}
