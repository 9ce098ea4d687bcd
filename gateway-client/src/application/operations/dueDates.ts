import type { DeviceAnswer, ReportAnswer } from '@tracecal/core/contracts';
import type { CalendarDate } from '@tracecal/core/model';
import { readable, readStatement } from '@tracecal/core/open';
import { DUE_SOON_DAYS, dueOf, impedimentsOf, inForce, intervalSaid } from '@tracecal/core/trace';
import type { Due } from '@tracecal/core/trace';
import type { TraceCal } from '../../client/index.js';
import { compareTexts } from '../textOrder.js';
import { together } from '../together.js';
import { isRejected } from './reportFacts.js';

export const LISTED_STATES = ['overdue', 'due-soon', 'valid', 'no-interval', 'not-calibrated'] as const;
export type ListedState = (typeof LISTED_STATES)[number];

/**
 * Due date of a calibration of a device. A device without an accepted one has a line that states this, and so have the kinds whose report
 * counts no more.
 */
export interface DueDate {
  readonly device: string;
  readonly owner: string;
  /** Kinds of quantity for which the device relies on the report, and which are due on the same day; without a report, all or those named. */
  readonly quantities: readonly string[];
  readonly report: string | null;
  /** The last day of the calibration. */
  readonly performed: CalendarDate | null;
  /** The interval that counts: the device's or its owner's; null if neither is set. */
  readonly intervalDays: number | null;
  /** The last day on which the calibration may be relied on. */
  readonly due: CalendarDate | null;
  /** The last day of its owner's grace; absent if the owner gives no grace. */
  readonly graceUntil?: CalendarDate;
  /** Where the date comes from. */
  readonly by: Due['by'];
  readonly state: ListedState;
}

/** The day that counts as today, and how far ahead "soon" reaches; null: as the owner says, or 30 days. */
export interface DueQuestion {
  readonly asOf: CalendarDate;
  readonly withinDays: number | null;
}

/** Due dates of all calibrations that these devices rely on, the earliest first. Revoked devices are left out. */
export async function dueDates(
  reader: Pick<TraceCal, 'getDevice' | 'getReport'>,
  devices: readonly string[],
  question: DueQuestion,
): Promise<readonly DueDate[]> {
  const answers = await together(devices, (id) => reader.getDevice(id));
  const inUse = answers.filter(({ impediments }) => impediments.every(({ state }) => state !== 'revoked'));
  const found = await together(inUse, (device) => datesOf(reader, device, question));
  return found.flat().sort(byDate);
}

async function datesOf(
  reader: Pick<TraceCal, 'getReport'>,
  answer: DeviceAnswer,
  { asOf, withinDays }: DueQuestion,
): Promise<readonly DueDate[]> {
  const { id: device, owner, intervalDays: ownDays, requirements, current } = answer;
  const words = { ownDays, required: requirements ?? undefined };
  const notCalibrated = (quantities: readonly string[]): DueDate => {
    const none = { report: null, performed: null, due: null, by: null };
    return { device, owner, quantities, ...none, intervalDays: ownDays, state: 'not-calibrated' };
  };
  if (current.length === 0) {
    return [notCalibrated([])];
  }
  const soonDays = withinDays ?? requirements?.dueSoonDays ?? DUE_SOON_DAYS;
  const listed = await together(current, async ({ report, quantities }): Promise<readonly DueDate[]> => {
    if (isRejected(answer, report)) {
      return [notCalibrated(quantities)];
    }
    const { body, record } = await reader.getReport(report);
    if (isWithdrawn(record, asOf)) {
      return [notCalibrated(quantities)];
    }
    const performed = body.performed.end;
    return alike(quantities.length > 0 ? quantities : [undefined], (kind) => {
      const said = intervalSaid(words, kind);
      const { date: due, state, ...how } = dueOf(body, said, { asOf, soonDays });
      return {
        ...{ device, owner, report, performed, due, ...how },
        intervalDays: said?.days ?? null,
        state: state ?? ('no-interval' as const),
      };
    });
  });
  return listed.flat();
}

/** Whether a report was revoked by then, is suspended, or was amended: an amendment that is accepted takes its place. */
function isWithdrawn({ impediments, supersededBy }: ReportAnswer['record'], asOf: CalendarDate): boolean {
  const against = impediments.flatMap((entry) =>
    readable([entry], readStatement(entry.jws).registry, 'revocation', 'suspension', 'reinstatement'),
  );
  return supersededBy !== null || inForce(impedimentsOf(against), `${asOf}T23:59:59Z`) !== undefined;
}

/** Joins the kinds whose lines are equal. */
function alike<Line extends object>(
  kinds: readonly (string | undefined)[],
  lineOf: (kind: string | undefined) => Line,
): readonly (Line & { readonly quantities: readonly string[] })[] {
  const lines = new Map<string, Line & { readonly quantities: readonly string[] }>();
  for (const kind of kinds) {
    const line = lineOf(kind);
    const text = JSON.stringify(line);
    const { quantities = [] } = lines.get(text) ?? {};
    lines.set(text, { ...line, quantities: [...quantities, ...(kind === undefined ? [] : [kind])] });
  }
  return [...lines.values()];
}

function byDate(one: DueDate, other: DueDate): number {
  return compareTexts(one.due ?? '~', other.due ?? '~') || compareTexts(one.device, other.device);
}
