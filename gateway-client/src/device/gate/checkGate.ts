import { canonicalJson, instantOf, printable, RegistryError } from '@tracecal/core/model';
import type { Instant } from '@tracecal/core/model';
import { sha256 } from '@tracecal/core/platform';
import { exactText } from '../../client/exactText.js';
import { readTrustFile } from '../../client/trust/trustFile.js';
import { trustedRoots } from '../../client/trust/trust.js';
import { withOnlyFiles } from '../../files/index.js';
import { logFolder } from '../../proof/logFolder.js';
import { readSeen, seenBeside, writeSeen } from '../../proof/seenFile.js';
import { MOST_BUNDLE_BYTES } from '../../proof/verify/bundle.js';
import { requireNewer } from '../../proof/verify/index.js';
import type { HeadSeen, LogFiles, Trust } from '../../proof/verify/index.js';
import { withLockOn } from '../folderLock.js';
import { decide, textOf } from './decide.js';
import type { DeviceFinding, GateAsked, GateDecision, Stapled } from './decide.js';
import { directedBy, overrideText } from './directed.js';
import type { Directed, DirectiveFiles } from './directed.js';
import { GATE_OUTCOMES, opens, worst } from './outcomes.js';
import type { GateOutcome } from './outcomes.js';
import { devicesOf } from './setFile.js';
import type { DeviceFile } from './setFile.js';

/** What a gate decides from. Everything is a file of this machine. */
export interface GateFiles extends DirectiveFiles {
  /** Devices with the files of their bundles, or the path of a set file. */
  readonly devices: readonly DeviceFile[] | string;
  readonly trust: string;
  /** The folder of the change log. Without it only the heartbeats in the bundles tell how old they are. */
  readonly log?: string;
  /** Where the newest head of the log is remembered; by default beside its folder: `LOG.seen.json`. */
  readonly seen?: string;
  /** How old the heartbeats may be; by default a day. */
  readonly maxAgeSeconds?: number;
  /** For how much longer the devices may be used after that; by default not at all. */
  readonly graceSeconds?: number;
  readonly acceptAttested?: boolean;
  /** It is false on a machine without a clock to trust, where age is not judged. */
  readonly hasClock?: boolean;
  /** A moment in place of that of this machine's clock. */
  readonly now?: Instant;
}

/** What a gate has decided, and what its line in the journal says. */
export interface GateReport {
  readonly outcome: GateOutcome;
  /** 0, or the outcome's own: {@link GATE_OUTCOMES}. */
  readonly exitCode: number;
  /** One sentence, of the device that decided. */
  readonly why: string;
  readonly devices: readonly DeviceFinding[];
  /** SHA-256 of the canonical JSON of the verdict, hex; of several devices, of the list of these. It is null if one of them has no verdict. */
  readonly verdict: string | null;
  /** When the newest heartbeat was signed, or null if no heartbeat was found. */
  readonly heartbeat: Instant | null;
  readonly seen: HeadSeen | null;
}

/** How old heartbeats may be where nothing else is said: a day. Institutes give them once an hour or more often. */
export const USUAL_MAX_AGE_SECONDS = 86_400;

/**
 * Decides whether devices may be used, from files, and remembers what it has seen. It asks nobody and throws nothing: whatever cannot be
 * read, or remembered, keeps the gate closed.
 *
 * @example
 * const { outcome, why } = await checkGate({
 *   devices: [{ device: 'oem-a/sensor-17', bundle: 'sensor-17.bundle.json' }],
 *   trust: 'trust.json',
 *   log: 'log',
 * });
 * if (!opens(outcome)) console.error(why);
 */
export function checkGate(files: GateFiles): Promise<GateReport> {
  return withOnlyFiles(() => checked(files));
}

async function checked(files: GateFiles): Promise<GateReport> {
  let devices: readonly DeviceFile[] = [];
  try {
    devices = await devicesOf(files);
    const directed = await directedFor(devices, files);
    const report = await decided(devices, files, directed)
      .then(reportOn)
      .catch((error: unknown) => brokenGate(sentenceOf(error), devices));
    return opens(report.outcome) ? report : overridden(report, directed);
  } catch (error) {
    return brokenGate(sentenceOf(error), devices);
  }
}

/** What the files of a gate say, for whoever decides by them. */
export interface GateRead {
  readonly stapled: readonly Stapled[];
  readonly asked: GateAsked;
  readonly directed: Directed;
  /** Has to succeed before anything is done that the decision allows. @throws RegistryError if a newer log was seen in the meantime */
  remember(decision: GateDecision): Promise<void>;
}

/** Reads the files of a gate, as {@link checkGate} does. @throws TraceCalError, RegistryError */
export function readGate(files: GateFiles): Promise<GateRead> {
  return withOnlyFiles(async () => {
    const devices = await devicesOf(files);
    return readFor(devices, files, await directedFor(devices, files));
  });
}

async function directedFor(devices: readonly DeviceFile[], files: GateFiles): Promise<Directed> {
  const now = files.hasClock === false ? null : (files.now ?? instantOf(Date.now()));
  const ids = devices.map(({ device }) => device);
  const directed = await directedBy(files, ids, now);
  await directed.remember();
  return directed;
}

/** A gate that stays closed because something is missing or wrong. */
export function brokenGate(why: string, devices: readonly Pick<DeviceFile, 'device'>[] = []): GateReport {
  const findings = devices.map(({ device }) => ({ device, outcome: 'broken' as const, why, verdict: null }));
  return { ...reportOn({ outcome: 'broken', devices: findings, seen: null }), why };
}

/** An override that nobody could read of afterwards opens nothing. @param isLogged - Whether its line was written. */
export function orBroken(report: GateReport, isLogged: boolean): GateReport {
  return report.outcome === 'override' && !isLogged
    ? brokenGate('The line about the override cannot be written, so nobody could answer for it: give stderr a place.')
    : report;
}

/** A failure in one sentence. */
export function sentenceOf(error: unknown): string {
  const text = textOf(error);
  return printable(text === '' ? 'The gate failed.' : text);
}

/** Where a gate remembers the newest log; undefined if it has no log. */
export function memoryOf({ log, seen }: Pick<GateFiles, 'log' | 'seen'>): string | undefined {
  return log === undefined ? undefined : (seen ?? seenBeside(log));
}

/** What the files ask of a decision. */
export function gateAsked(
  { hasClock = true, maxAgeSeconds = USUAL_MAX_AGE_SECONDS, graceSeconds, acceptAttested = false, now }: GateFiles,
  { trust, log, seen }: { readonly trust: Trust; readonly log: LogFiles | undefined; readonly seen: HeadSeen | null },
): GateAsked {
  const clock = {
    now: now ?? instantOf(Date.now()),
    maxAgeSeconds,
    ...(graceSeconds !== undefined && { graceSeconds }),
  };
  return {
    trust: { ...trust, roots: trustedRoots(trust) },
    ...(log && { log }),
    clock: hasClock ? clock : null,
    seen,
    acceptAttested,
  };
}

async function decided(devices: readonly DeviceFile[], files: GateFiles, directed: Directed): Promise<GateDecision> {
  const read = await readFor(devices, files, directed);
  const decision = await decide(read.stapled, read.asked);
  await read.remember(decision);
  return decision;
}

async function readFor(devices: readonly DeviceFile[], files: GateFiles, directed: Directed): Promise<GateRead> {
  const { log } = files;
  if (log === undefined && files.seen !== undefined) {
    throw new RegistryError('INPUT_INVALID', 'what was seen is remembered of a change log: name its folder, too.');
  }
  const memory = memoryOf(files);
  const trust = await readTrustFile(files.trust);
  const seen = memory === undefined ? null : await readSeen(memory);
  const asked = gateAsked(files, { trust, seen, log: log === undefined ? undefined : logFolder(log) });
  return {
    stapled: await Promise.all(devices.map((each) => stapledOf(each, directed))),
    asked,
    directed,
    async remember(decision) {
      if (memory !== undefined && decision.seen && canonicalJson(decision.seen) !== canonicalJson(seen)) {
        await rememberSeen(memory, decision.seen);
      }
    },
  };
}

/** Another gate may have seen a newer log in the meantime: that one counts, here as well. */
function rememberSeen(path: string, head: HeadSeen): Promise<void> {
  return withLockOn(path, async () => {
    const now = await readSeen(path);
    if (now !== null) {
      requireNewer(head, now);
    }
    await writeSeen(path, head);
  });
}

/** A bundle that cannot be read keeps its device from being used, and the finding names the file. */
async function stapledOf({ device, bundle }: DeviceFile, directed: Directed): Promise<Stapled> {
  const quarantined = directed.quarantined(device);
  if (quarantined !== undefined) {
    return { device, bundle: '', quarantined };
  }
  try {
    return { device, bundle: await exactText(bundle, MOST_BUNDLE_BYTES) };
  } catch (error) {
    return { device, bundle: '', unreadable: sentenceOf(error) };
  }
}

/** An officer answers for devices that may not be used: for each of them, and in the journal. */
function overridden(report: GateReport, directed: Directed): GateReport {
  const devices = report.devices.map((each): DeviceFinding => {
    const override = opens(each.outcome) ? null : directed.overridden(each.device);
    if (!override) {
      return each;
    }
    const { officer, until, reason, digest } = override;
    const why = overrideText(override, each.outcome, each.why);
    return { ...each, outcome: 'override', why, override: { officer, until, reason, digest } };
  });
  const { seen } = report;
  return devices.length === 0
    ? report
    : reportOn({ outcome: worst(devices.map(({ outcome }) => outcome)), devices, seen });
}

function reportOn({ outcome, devices, seen }: GateDecision): GateReport {
  const digests = devices.flatMap(({ verdict }) => (verdict ? [sha256(canonicalJson(verdict))] : []));
  const [first = null] = digests;
  const isWhole = digests.length === devices.length && first !== null;
  const heartbeats = devices.flatMap(({ verdict }) => verdict?.heartbeats.map(({ time }) => time) ?? []);
  return {
    outcome,
    exitCode: opens(outcome) ? 0 : GATE_OUTCOMES[outcome],
    why: devices.find((each) => each.outcome === outcome)?.why ?? 'There is no device to judge.',
    devices,
    verdict: isWhole ? (digests.length === 1 ? first : sha256(canonicalJson(digests))) : null,
    heartbeat: seen?.time ?? heartbeats.sort().at(-1) ?? null,
    seen,
  };
}
