import { committedJson } from '../view/committed.js';
import type { Story, TimedTrace } from './story.js';

/** The `tracecal demo --json` document. */
export function storyDocument(story: Story) {
  const { network, reports, refused, heartbeat, traces, revoked, tracesAfter, sites, affected, evidence } = story;
  const { committed, ...revocation } = revoked;
  return {
    network,
    devices: devicesOf(story),
    reports: reports.map(({ imported: { committed: transaction, deviceCommitted, ...imported } }) => ({
      ...imported,
      deviceRegistered: deviceCommitted !== null,
      ...committedJson(transaction),
    })),
    refused,
    heartbeat: {
      epoch: heartbeat.epoch,
      digest: heartbeat.digest,
      institutes: heartbeat.beats.map(({ institute }) => institute),
    },
    traces: traces.map(traceDocument),
    revoked: { ...revocation, ...committedJson(committed) },
    tracesAfter: tracesAfter.map(traceDocument),
    sites: sites.map(({ committed: transaction, ...site }) => ({ ...site, ...committedJson(transaction) })),
    affected,
    evidence: evidence.map(({ what, committed: transaction }) => ({ what, ...committedJson(transaction) })),
  };
}

function traceDocument({ verdict, ms }: TimedTrace) {
  const { device, status, levels, reason } = verdict;
  return { device, status, levels, ms, reason, verdict };
}

function devicesOf({ reports }: Story) {
  const devices = new Map(
    reports.map(({ kind, imported: { device, owner } }) => [device, { id: device, kind, owner }]),
  );
  return [...devices.values()];
}
