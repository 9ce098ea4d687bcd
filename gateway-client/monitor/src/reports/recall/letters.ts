import type { Instant } from '@tracecal/core/model';

/** A standard that can no longer be relied on. */
export interface FallenStandard {
  readonly device: string;
  /** One sentence: what was found. */
  readonly reason: string;
  /** From when on its results are in doubt. */
  readonly since: Instant;
  /** The laboratory that used it, and that writes the letters. */
  readonly laboratory: string;
}

/** A report that rests on the standard. */
export interface AffectedReport {
  readonly report: string;
  readonly device: string;
  /** Who owns the device: the customer. */
  readonly customer: string;
  /** The date of the calibration. */
  readonly performed: string;
}

/** A letter to one customer; it holds nothing about others, not even how many there are. */
export interface RecallLetter {
  readonly customer: string;
  readonly date: string;
  readonly laboratory: string;
  readonly standard: { readonly device: string; readonly reason: string; readonly since: Instant };
  /** What is concerned, by device, the newest report first. */
  readonly concerned: readonly {
    readonly device: string;
    readonly reports: readonly Omit<AffectedReport, 'customer' | 'device'>[];
  }[];
  readonly todo: readonly string[];
}

/** What a customer is asked to do (ISO/IEC 17025, 7.10: the customer is told, and work is recalled where necessary). */
const TODO = [
  'Do not rely on the listed reports until they are confirmed or replaced.',
  'Find what you measured with the listed devices since the date of each report, and decide whether it can stay as it is.',
  'Send the listed devices to be calibrated again, or agree another date with us.',
  'If you calibrated other devices with the listed ones, tell their owners.',
] as const;

/** One letter for each customer that is concerned, in the order of their ids. */
export function recallLetters(
  { device, reason, since, laboratory }: FallenStandard,
  affected: readonly AffectedReport[],
  date: string,
): readonly RecallLetter[] {
  const customers = [...new Set(affected.map(({ customer }) => customer))].sort();
  return customers.map((customer) => ({
    customer,
    date,
    laboratory,
    standard: { device, reason, since },
    concerned: concernedOf(affected.filter((each) => each.customer === customer)),
    todo: TODO,
  }));
}

function concernedOf(own: readonly AffectedReport[]): RecallLetter['concerned'] {
  const devices = [...new Set(own.map(({ device }) => device))].sort();
  return devices.map((device) => {
    const reports = new Map(
      own.filter((each) => each.device === device).map(({ report, performed }) => [report, { report, performed }]),
    );
    return { device, reports: [...reports.values()].sort((one, other) => (one.performed < other.performed ? 1 : -1)) };
  });
}

/** The letter as text. Control characters of ids and reasons are left out: nothing in them can add lines. */
export function recallText({ customer, date, laboratory, standard, concerned, todo }: RecallLetter): string {
  const lines = [
    `To: ${customer}`,
    `From: ${laboratory}`,
    `Date: ${date}`,
    '',
    `Recall: results that rest on ${standard.device}`,
    '',
    `Our standard ${standard.device} can no longer be relied on since ${standard.since}.`,
    `Reason: ${standard.reason}`,
    '',
    'These of your devices and reports are concerned:',
    ...concerned.flatMap(({ device, reports }) => [
      `- ${device}`,
      ...reports.map(({ report, performed }) => `    report ${report}, calibrated on ${performed}`),
    ]),
    '',
    'What to do:',
    ...todo.map((each, index) => `${index + 1}. ${each}`),
  ];
  return `${lines.map((line) => line.replace(/\p{Cc}/gu, ' ')).join('\n')}\n`;
}
