import type { Session } from '../session.js';
import { all } from '../all.js';
import { changeStanding } from '../operations/standing.js';
import { UNLUCKY } from './cast.js';
import { importExamples } from './examples.js';
import { registerCast } from './hierarchy.js';
import { recordAtSites } from './sites.js';
import type { Evidence, ImportedDevice, Revocation, Story, TimedTrace } from './story.js';
import { attach } from './visitors.js';
import type { Folder } from './visitors.js';

/** Who watches: every chapter is told as soon as it has happened. */
export interface Audience {
  /** What is going on right now. */
  step(what: string): void;
  cast(): void;
  reports(examples: readonly ImportedDevice[]): void;
  /** The user's own certificates, and those of his files that were refused. */
  visitors(reports: readonly ImportedDevice[], refused: Story['refused']): void;
  traces(traces: readonly TimedTrace[]): void;
  revoked(revoked: Revocation): void;
  tracesAfter(traces: readonly TimedTrace[]): void;
  sites(sites: Story['sites']): void;
  affected(affected: Story['affected']): void;
}

/** Plays the demo on a running network and tells it chapter by chapter. */
export async function play(
  session: Session,
  visitors: Folder | undefined,
  audience: Audience,
): Promise<Omit<Story, 'network'>> {
  const step = (what: string) => {
    audience.step(what);
  };
  const castEvidence = await registerCast(session, step);
  audience.cast();

  const examples = await importExamples(session, step);
  audience.reports(examples);
  const guests = visitors ? await attach(session, visitors, step) : { reports: [], refused: [], evidence: [] };
  const reports = [...examples, ...guests.reports];
  if (visitors) {
    audience.visitors(guests.reports, guests.refused);
  }

  const asked = [...examples.filter(({ kind }) => kind === 'field'), ...guests.reports].map(
    ({ imported }) => imported.device,
  );
  const traces = await traceAll(session, asked);
  audience.traces(traces);

  const revoked = await revokeStandard(session, examples);
  audience.revoked(revoked);
  const tracesAfter = await traceAll(session, asked);
  audience.tracesAfter(tracesAfter);

  step('Putting the verdicts on record');
  const sites = await recordAtSites(session, examples, revoked);
  audience.sites(sites);

  const reader = await session.reader();
  const affected = await all(reader.affectedDevices({ kind: 'device', id: revoked.device }));
  audience.affected(affected);

  const evidence: readonly Evidence[] = [
    ...castEvidence,
    ...guests.evidence,
    ...reports.flatMap(evidenceOf),
    { what: `revocation of ${revoked.device}`, committed: revoked.committed },
  ];
  return {
    reports,
    refused: guests.refused,
    traces,
    revoked,
    tracesAfter,
    sites,
    affected,
    evidence: inOrderOfBlocks(evidence),
  };
}

function evidenceOf({ imported: { device, report, deviceCommitted, committed } }: ImportedDevice): readonly Evidence[] {
  return [
    ...(deviceCommitted ? [{ what: `device ${device}`, committed: deviceCommitted }] : []),
    { what: `report ${report}`, committed },
  ];
}

function inOrderOfBlocks(evidence: readonly Evidence[]): readonly Evidence[] {
  return [...evidence].sort((a, b) => Number(a.committed.blockNumber - b.committed.blockNumber));
}

async function traceAll(session: Session, devices: readonly string[]): Promise<readonly TimedTrace[]> {
  const reader = await session.reader();
  const traces: TimedTrace[] = [];
  for (const device of new Set(devices)) {
    const began = performance.now();
    const verdict = await reader.traceCal(device);
    traces.push({ verdict, ms: Math.round((performance.now() - began) * 10) / 10 });
  }
  return traces;
}

async function revokeStandard(session: Session, examples: readonly ImportedDevice[]): Promise<Revocation> {
  const standard = examples.find(({ imported }) => imported.owner === UNLUCKY);
  if (!standard) {
    throw new Error(`No example is a standard of ${UNLUCKY}.`);
  }
  const { device, owner } = standard.imported;
  const reason = 'out-of-tolerance';
  const committed = await changeStanding(session, 'revoke', { kind: 'device', id: device, reason, effective: null });
  return { device, owner, reason, committed };
}
