import { readConnectionProfile } from '../../client/index.js';
import { REGISTRY } from './consortium.js';
import type { Consortium } from './consortium.js';

/** The channel of the registry where nobody describes the consortium. */
const CHANNEL = 'calibration';

/**
 * What a connection profile tells of a consortium: its own organisation, which reads the registry and perhaps a site.
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
