import { instantOf, millisecondsOf } from '../model/index.js';
import type { Heartbeat, OrganisationFile } from '../model/index.js';
import { isSignedBy, jwsPayload, readCertificate, signerName } from '../signing/index.js';
import { certifiedBy } from './checks/technicianCertified.js';
import type { Opener } from './open.js';
import type { TraceOptions } from './options.js';
import type { RecordSource } from './source.js';
import { impediment } from './standing.js';
import type { Finding, HeartbeatSeen } from './verdict.js';

/** The newest valid heartbeat of each of these NMIs. One that is not validly signed is as good as none. */
export async function newestHeartbeats(
  source: RecordSource,
  opener: Opener,
  nmis: readonly string[],
): Promise<readonly HeartbeatSeen[]> {
  const seen: HeartbeatSeen[] = [];
  for (const nmi of nmis) {
    const heartbeat = await source.heartbeat(nmi);
    const file = (await opener.certification(nmi)).organisations[0];
    if (heartbeat && file && isGenuine(heartbeat, file, source.registry)) {
      const { sequence, time } = heartbeat.payload;
      seen.push({ nmi, sequence, time });
    }
  }
  return seen;
}

/** Whether a heartbeat is this NMI's, for this registry, signed by a technician whom it certified and did not revoke. */
export function isGenuine(heartbeat: Heartbeat, file: OrganisationFile, registry: string): boolean {
  const { payload, jws, technicianCertificate, recorded } = heartbeat;
  const certificate = readCertificate(technicianCertificate, 'technician');
  const statements = Object.hasOwn(file.technicians, payload.technician)
    ? (file.technicians[payload.technician]?.statements ?? [])
    : [];
  const chain = { organisations: [file], missing: null };
  return (
    payload.registry === registry &&
    payload.nmi === file.organisation.id &&
    jws.payload === jwsPayload(payload) &&
    certifiedBy(chain, payload.technician, technicianCertificate, payload.time.slice(0, 10), true).length === 0 &&
    impediment(statements, recorded.time, recorded.time) === undefined &&
    isSignedBy(jws, signerName('technician', payload.technician), certificate.publicKey, certificate.sha256)
  );
}

/** What to say if the newest heartbeat is older than the verifier accepts. */
export function staleness(heartbeats: readonly HeartbeatSeen[], { freshness }: TraceOptions): readonly Finding[] {
  if (!freshness) {
    return [];
  }
  const oldest = instantOf(millisecondsOf(freshness.now) - freshness.maxAgeSeconds * 1000);
  const newest = heartbeats
    .map(({ time }) => time)
    .sort()
    .at(-1);
  if (newest !== undefined && newest >= oldest) {
    return [];
  }
  const seen = newest === undefined ? 'No heartbeat of its NMIs was seen' : `The newest heartbeat seen is of ${newest}`;
  return [{ check: 'freshness', outcome: 'failed', reason: `${seen}; one of ${oldest} or later is asked for.` }];
}
