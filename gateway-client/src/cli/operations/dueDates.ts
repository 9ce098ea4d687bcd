import { plusDays } from '@tracecal/chaincode/model';
import type { CalendarDate, ReportBody } from '@tracecal/chaincode/model';
import type { DeviceAnswer } from '@tracecal/chaincode/registry';
import type { TraceCal } from '../../client/index.js';
import { together } from '../together.js';

export const DUE_STATES = ['overdue', 'due soon', 'valid', 'no interval', 'not calibrated'] as const;
export type DueState = (typeof DUE_STATES)[number];

/** Until when a calibration of a device holds; a device without an accepted one has a line that says so. */
export interface DueDate {
  readonly device: string;
  readonly owner: string;
  /** Kinds of quantity for which the device relies on the report. */
  readonly quantities: readonly string[];
  readonly report: string | null;
  /** The last day of the calibration. */
  readonly performed: CalendarDate | null;
  /** The owner's; null if they set none. */
  readonly intervalDays: number | null;
  /** The last day on which the calibration may be relied on. */
  readonly due: CalendarDate | null;
  /** Who says so. */
  readonly by: 'owner' | 'certificate' | null;
  readonly state: DueState;
}

/** The day that counts as today, and how far ahead "soon" reaches. */
export interface DueQuestion {
  readonly asOf: CalendarDate;
  readonly withinDays: number;
}

type Calibration = Pick<ReportBody, 'performed' | 'recalibrateBy'>;

/** When a calibration is due again: by its owner's interval, or else as its certificate says. */
export function dueDateOf(
  { performed, recalibrateBy }: Calibration,
  intervalDays: number | null,
  { asOf, withinDays }: DueQuestion,
): Pick<DueDate, 'due' | 'by' | 'state'> {
  const due = intervalDays === null ? recalibrateBy : plusDays(performed.end, intervalDays);
  if (due === undefined) {
    return { due: null, by: null, state: 'no interval' };
  }
  const state = due < asOf ? 'overdue' : due <= plusDays(asOf, withinDays) ? 'due soon' : 'valid';
  return { due, by: intervalDays === null ? 'certificate' : 'owner', state };
}

/** Of every calibration that these devices rely on, the earliest due first. Devices that are revoked are left out. */
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
  { id: device, owner, intervalDays, current }: DeviceAnswer,
  question: DueQuestion,
): Promise<readonly DueDate[]> {
  if (current.length === 0) {
    const none = { quantities: [], report: null, performed: null, due: null, by: null };
    return [{ device, owner, ...none, intervalDays, state: 'not calibrated' }];
  }
  return Promise.all(
    current.map(async ({ report, quantities }) => {
      const { body } = await reader.getReport(report);
      const performed = body.performed.end;
      return { device, owner, quantities, report, performed, intervalDays, ...dueDateOf(body, intervalDays, question) };
    }),
  );
}

function byDate(one: DueDate, other: DueDate): number {
  return compare(one.due ?? '~', other.due ?? '~') || compare(one.device, other.device);
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
