import type { Session } from '@tracecal/gateway-client/application';
import type { ImportedDevice, Revocation, SiteRecord } from './story.js';

/**
 * Each sensor maker records the verdicts about its own field devices in the channel of its site, and the monitor reads them there. Peers
 * commit at different times, so each member waits for its own peer.
 */
export async function recordAtSites(
  session: Session,
  examples: readonly ImportedDevice[],
  revoked: Revocation,
): Promise<readonly SiteRecord[]> {
  const field = examples.filter(({ kind }) => kind === 'field').map(({ imported }) => imported);
  const records: SiteRecord[] = [];
  for (const owner of new Set(field.map((device) => device.owner))) {
    await (await session.as(owner)).outcome(revoked.committed.txId);
    const channel = session.siteChannel('measurement', undefined, owner);
    const devices = field.filter((device) => device.owner === owner).map(({ device }) => device);
    const committed = await (await session.measurement(channel)).recordTraces(devices);

    const [monitor = owner] = channel.readers;
    const reader = await session.measurement(channel, monitor);
    await reader.outcome(committed.txId);
    const [batch] = await reader.getBatches([committed.result.id]);
    if (!batch) {
      throw new Error(`The monitor found no batch ${committed.result.id}.`);
    }
    records.push({ channel: channel.name, owner, devices, committed, monitor, counts: batch.counts });
  }
  return records;
}
