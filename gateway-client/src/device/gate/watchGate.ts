import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { HEAD_FILE } from '../../proof/verify/log/files.js';
import { checkGate } from './checkGate.js';
import type { GateFiles, GateReport } from './checkGate.js';
import { opens } from './outcomes.js';

export interface WatchGateOptions {
  /** The devices are verified again after so long; by default an hour. */
  readonly everySeconds?: number;
  /** Gets the first decision, and each one that differs from the one before. A failure ends the watch. */
  readonly onDecision: (report: GateReport) => void | Promise<void>;
  /** Ends the watch. */
  readonly signal: AbortSignal;
  /** How often the folder of the log is looked at; by default every second. */
  readonly pollMs?: number;
}

export const USUAL_EVERY_SECONDS = 3600;

/**
 * Verifies devices again whenever a new head comes into the folder of the change log, and after a span.
 *
 * @throws Whatever `onDecision` throws
 */
export async function watchGate(files: GateFiles, options: WatchGateOptions): Promise<void> {
  const { everySeconds = USUAL_EVERY_SECONDS, pollMs = 1000, onDecision, signal } = options;
  let told: string | undefined;
  while (!signal.aborted) {
    const head = await headOf(files);
    const first = await checkGate(files);
    // A refresh may be writing: bundles follow the log.
    const isConfirmed = opens(first.outcome) || told === undefined || !(await waited(2 * pollMs, signal));
    const report = isConfirmed ? first : await checkGate(files);
    if (isOver(signal)) {
      return;
    }
    if (told !== gistOf(report)) {
      await onDecision(report);
      told = gistOf(report);
    }
    await newHead(files, head, { everySeconds, pollMs, signal });
  }
}

function isOver({ aborted }: AbortSignal): boolean {
  return aborted;
}

/** What makes a decision another one. */
function gistOf({ outcome, devices }: GateReport): string {
  return JSON.stringify([outcome, devices.map(({ device, outcome: own }) => [device, own])]);
}

async function newHead(
  files: GateFiles,
  before: string,
  { everySeconds, pollMs, signal }: { everySeconds: number; pollMs: number; signal: AbortSignal },
): Promise<void> {
  const [began, date] = [performance.now(), Date.now()];
  // A machine that slept has another time on its calendar only.
  const passed = (): number => Math.max(performance.now() - began, Date.now() - date);
  while (passed() < everySeconds * 1000 && (await waited(pollMs, signal))) {
    if ((await headOf(files)) !== before) {
      return;
    }
  }
}

/** Another text for another file. */
async function headOf({ log }: GateFiles): Promise<string> {
  if (log === undefined) {
    return '';
  }
  try {
    const { ino, size, mtimeNs } = await stat(join(log, HEAD_FILE), { bigint: true });
    return `${ino}/${size}/${mtimeNs}`;
  } catch (error) {
    return String((error as NodeJS.ErrnoException).code);
  }
}

/** False if the signal came first. */
async function waited(ms: number, signal: AbortSignal): Promise<boolean> {
  return pause(ms, true, { signal }).catch(() => false);
}
