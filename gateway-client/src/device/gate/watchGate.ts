import { setTimeout as pause } from 'node:timers/promises';
import { instantOf, millisecondsOf } from '@tracecal/core/model';
import { checkGate, USUAL_MAX_AGE_SECONDS } from './checkGate.js';
import type { GateFiles, GateReport } from './checkGate.js';
import { opens } from './outcomes.js';
import { headOf, stampsOf } from './stamps.js';

export interface WatchGateOptions {
  /** The devices are verified again after so long; by default an hour. */
  readonly everySeconds?: number;
  /** Gets the first decision, and each one that differs from the one before. A failure ends the watch. */
  readonly onDecision: (report: GateReport) => void | Promise<void>;
  /** Gets each one that is as the one before, for those who have to see that the watch is alive. A failure ends the watch. */
  readonly onConfirmed?: (report: GateReport) => void | Promise<void>;
  /** Ends the watch. */
  readonly signal: AbortSignal;
  /** How often the head of the log is looked at; by default every second. The other files are looked at every third time. */
  readonly pollMs?: number;
}

export const USUAL_EVERY_SECONDS = 3600;
/** Every so many looks at the head, all files are looked at. */
const LOOKS = 3;
/** Instants are whole seconds. */
const AFTER_MS = 1000;

/**
 * Verifies devices again whenever a file changes that it decides from, after a span, and when what it decided is known to end: an override,
 * the age of the heartbeats, grace.
 *
 * @throws Whatever `onDecision` and `onConfirmed` throw
 */
export async function watchGate(files: GateFiles, options: WatchGateOptions): Promise<void> {
  const {
    everySeconds = USUAL_EVERY_SECONDS,
    pollMs = 1000,
    onDecision,
    onConfirmed = () => undefined,
    signal,
  } = options;
  let told: string | undefined;
  while (!signal.aborted) {
    const [head, all] = [await headOf(files), await stampsOf(files)];
    const first = await checkGate(files);
    // A refresh may be writing: bundles follow the log.
    const isConfirmed = opens(first.outcome) || told === undefined || !(await waited(2 * pollMs, signal));
    const report = isConfirmed ? first : await checkGate(files);
    if (isOver(signal)) {
      return;
    }
    if (told === gistOf(report)) {
      await onConfirmed(report);
    } else {
      await onDecision(report);
      told = gistOf(report);
    }
    await changed(files, { head, all }, { spanMs: spanOf(files, report, everySeconds * 1000), pollMs, signal });
  }
}

function isOver({ aborted }: AbortSignal): boolean {
  return aborted;
}

/** What makes a decision another one. */
function gistOf({ outcome, devices }: GateReport): string {
  return JSON.stringify([outcome, devices.map((each) => [each.device, each.outcome, each.override?.digest])]);
}

/** How long until the next look: no longer than to the first known end of what was decided. */
function spanOf(files: GateFiles, report: GateReport, mostMs: number): number {
  const now = millisecondsOf(files.now ?? instantOf(Date.now()));
  const ends = endsOf(files, report).filter((end) => end >= now);
  return Math.min(mostMs, ...ends.map((end) => end - now + AFTER_MS));
}

function endsOf(
  { hasClock = true, maxAgeSeconds = USUAL_MAX_AGE_SECONDS, graceSeconds = 0 }: GateFiles,
  { seen, devices }: GateReport,
): readonly number[] {
  const signed = hasClock && seen ? [millisecondsOf(seen.time) + maxAgeSeconds * 1000] : [];
  return [
    ...devices.flatMap(({ override }) => (override ? [millisecondsOf(override.until)] : [])),
    ...signed.flatMap((stale) => [stale, stale + graceSeconds * 1000]),
  ];
}

/** The head is looked at each time, all other files more seldom: there may be many. */
async function changed(
  files: GateFiles,
  before: { readonly head: string; readonly all: string },
  { spanMs, pollMs, signal }: { spanMs: number; pollMs: number; signal: AbortSignal },
): Promise<void> {
  const [began, date] = [performance.now(), Date.now()];
  // A machine that slept has another time on its calendar only.
  const passed = (): number => Math.max(performance.now() - began, Date.now() - date);
  for (let look = 1; passed() < spanMs && (await waited(pollMs, signal)); look += 1) {
    if ((await headOf(files)) !== before.head) {
      return;
    }
    if (look % LOOKS === 0 && (await stampsOf(files)) !== before.all) {
      return;
    }
  }
}

/** False if the signal came first. */
async function waited(ms: number, signal: AbortSignal): Promise<boolean> {
  return pause(ms, true, { signal }).catch(() => false);
}
