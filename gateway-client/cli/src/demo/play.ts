import { dateOf, instantOf } from '@tracecal/core/model';
import { readTrustFile } from '@tracecal/gateway-client';
import type { Trust } from '@tracecal/gateway-client';
import { all, heartbeat, register, standingItem } from '@tracecal/gateway-client/application';
import type { FoundingStep, Heartbeat, Session } from '@tracecal/gateway-client/application';
import type { DataDirectory } from '../data/dataDirectory.js';
import { writeExamples } from '../examples/write.js';
import { castOn, UNLUCKY } from './cast.js';
import type { Player } from './cast.js';
import { importExamples } from './examples.js';
import { registerCast } from './hierarchy.js';
import { recordAtSites } from './sites.js';
import type { Evidence, ImportedDevice, Revocation, Story, TimedTrace } from './story.js';
import { attach } from './visitors.js';
import type { Folder } from './visitors.js';

/** The viewer: every chapter is told as soon as it has happened. */
export interface Audience {
  /** The current step. */
  step(what: string): void;
  cast(players: readonly Player[]): void;
  reports(examples: readonly ImportedDevice[]): void;
  /** The user's own certificates, and the files that were refused. */
  visitors(reports: readonly ImportedDevice[], refused: Story['refused']): void;
  heartbeat(beat: Heartbeat): void;
  traces(traces: readonly TimedTrace[]): void;
  revoked(revoked: Revocation): void;
  tracesAfter(traces: readonly TimedTrace[]): void;
  sites(sites: Story['sites']): void;
  affected(affected: Story['affected']): void;
}

/** The environment of the demo. */
export interface Scene {
  readonly session: Session;
  readonly data: DataDirectory;
  /** Ledger writes of the registry's founding. */
  readonly founding: readonly FoundingStep[];
  readonly visitors: Folder | undefined;
}

/** Plays the demo on a running network and tells it chapter by chapter. */
export async function play(scene: Scene, audience: Audience): Promise<Omit<Story, 'network'>> {
  const { session, data, founding, visitors } = scene;
  const step = (what: string) => {
    audience.step(what);
  };
  const today = dateOf(instantOf(Date.now()));
  const cast = castOn(today);
  const castEvidence = await registerCast(session, cast, step);
  audience.cast(cast);

  await writeExamples(data.examples, today);
  const examples = await importExamples(session, data.examples, step);
  audience.reports(examples);
  const guests = visitors ? await attach(session, visitors, step) : { reports: [], refused: [], evidence: [] };
  const reports = [...examples, ...guests.reports];
  if (visitors) {
    audience.visitors(guests.reports, guests.refused);
  }

  step('Sealing the epoch');
  const beat = await heartbeat(session);
  audience.heartbeat(beat);

  const asked = [...examples.filter(({ kind }) => kind === 'field'), ...guests.reports].map(
    ({ imported }) => imported.device,
  );
  const trust = await readTrustFile(data.trustFile);
  const traces = await traceAll(session, asked, trust);
  audience.traces(traces);

  const revoked = await revokeStandard(session, examples);
  audience.revoked(revoked);
  const tracesAfter = await traceAll(session, asked, trust);
  audience.tracesAfter(tracesAfter);

  step('Putting the verdicts on record');
  const sites = await recordAtSites(session, examples, revoked);
  audience.sites(sites);

  const reader = await session.reader();
  const affected = await all(reader.affectedDevices({ kind: 'device', id: revoked.device }));
  audience.affected(affected);

  const evidence: readonly Evidence[] = [
    ...founding,
    ...castEvidence,
    ...guests.evidence,
    ...reports.flatMap(evidenceOf),
    ...evidenceOfHeartbeat(beat),
    { what: `revocation of ${revoked.device}`, committed: revoked.committed },
  ];
  return {
    reports,
    refused: guests.refused,
    heartbeat: beat,
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

function evidenceOfHeartbeat({ epoch, sealed, beats }: Heartbeat): readonly Evidence[] {
  return [
    ...(sealed ? [{ what: `seal of epoch ${epoch}`, committed: sealed }] : []),
    ...beats.map(({ institute, committed }) => ({ what: `heartbeat of ${institute}`, committed })),
  ];
}

function inOrderOfBlocks(evidence: readonly Evidence[]): readonly Evidence[] {
  return [...evidence].sort((a, b) => Number(a.committed.blockNumber - b.committed.blockNumber));
}

/** How old the newest heartbeat may be. */
const MAX_AGE_SECONDS = 3600;

async function traceAll(session: Session, devices: readonly string[], roots: Trust): Promise<readonly TimedTrace[]> {
  const reader = await session.reader();
  const traces: TimedTrace[] = [];
  for (const device of new Set(devices)) {
    const began = performance.now();
    const verdict = await reader.traceCal(device, { roots, maxAgeSeconds: MAX_AGE_SECONDS });
    traces.push({ verdict, ms: Math.round((performance.now() - began) * 10) / 10 });
  }
  return traces;
}

export async function revokeStandard(session: Session, examples: readonly ImportedDevice[]): Promise<Revocation> {
  const standard = examples.find(({ imported }) => imported.owner === UNLUCKY);
  if (!standard) {
    throw new Error(`No example is a standard of ${UNLUCKY}.`);
  }
  const { device, owner } = standard.imported;
  const reason = 'out-of-tolerance';
  const subject = { kind: 'device', id: device } as const;
  const item = await standingItem(session, 'revoke', { subject, reason, effective: null });
  const committed = await register(session, item);
  return { device, owner, reason, committed };
}
