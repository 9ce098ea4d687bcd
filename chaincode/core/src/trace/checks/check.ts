import { dateOf } from '../../model/index.js';
import type { CalendarDate, Instant, RegistryPolicy } from '../../model/index.js';
import { isValidOn } from '../../signing/index.js';
import type { Budget } from '../budget.js';
import { dayOf } from '../moment.js';
import type { Moment, When } from '../moment.js';
import type { Key } from '../open/key.js';
import { useAt } from '../impediments.js';
import type { Use } from '../impediments.js';
import type { Citation, OpenReport, Reference } from '../open/opened.js';
import type { RequirementsSet } from '../open/requirements.js';
import type { WalkOptions } from '../options.js';
import type { CheckName, Finding, FindingOutcome } from '../verdict.js';
import type { WordsInUse } from '../intervalWords.js';

export type { CertificationChain, Citation, OpenOrganisation, OpenReport, Reference } from '../open/opened.js';

/**
 * One thing that has to hold. A check looks at records and returns what it has to say; silence means that it holds.
 * To add one: write its file, name it in `CHECK_NAMES` (verdict.ts), list it in `checks/index.ts`.
 */
export interface Check {
  readonly name: CheckName;
  /** `report`: asked once a report. `citation`: asked for every report that relies on it. */
  readonly about: 'report' | 'citation';
  examine(link: Link, context: TraceContext): readonly Remark[];
  /** What it compared, also where it holds: sentences with dates, ids and numbers. Asked for with `explain` only. */
  told?(link: Link, context: TraceContext): readonly string[];
}

export interface Remark {
  readonly outcome: FindingOutcome;
  readonly reason: string;
  /** The kind of quantity that it is about; absent: all. */
  readonly quantity?: string;
  /** Absent: the one that says it. */
  readonly check?: CheckName;
  readonly basis?: NonNullable<Finding['basis']>;
}

export interface TraceContext {
  readonly options: WalkOptions;
  /** The moment that is asked about, for whatever need not know exactly which it is. */
  readonly moment: Moment;
  readonly policy: RegistryPolicy;
  /** What the owner of the traced device requires of it. */
  readonly required?: RequirementsSet | undefined;
  /** Of the whole trace: what takes rows times lines of an accreditation takes it from here beforehand. */
  readonly budget: Budget;
}

/** A report, and another that relies on it: the subject of every check. */
export interface Link extends Citation {
  /** What relies on it; null for the traced device itself. */
  readonly reliant: OpenReport | null;
  /** The kinds of quantity for which it is relied on. */
  readonly needed: readonly string[];
  /** The reports that it rests on itself, as far as they could be opened. None where the walk does not go on to them. */
  readonly parents: readonly OpenReport[];
  /** What counted about its device's interval when it was relied on: for the traced device itself at the moment that is asked about. */
  readonly words: WordsInUse;
  /** Whether it was made after the reliant one, beside an earlier calibration of the same device. */
  readonly isLater: boolean;
  /** The way from the traced device here, this report left out. */
  readonly path: readonly Reference[];
  /** Its device, and those above it if it was walked before. */
  readonly devices: ReadonlySet<string>;
}

export function failed(reason: string): readonly Remark[] {
  return [{ outcome: 'failed', reason }];
}

export function missing(reason: string): readonly Remark[] {
  return [{ outcome: 'missing', reason }];
}

export function attested(reason: string): readonly Remark[] {
  return [{ outcome: 'attested', reason }];
}

export function note(reason: string): readonly Remark[] {
  return [{ outcome: 'note', reason }];
}

export const holds: readonly Remark[] = [];

/** The whole time of a report's work, from the first second of its days to the last, and when the ledger heard of it. */
export function useOf({ payload: { performed }, registered }: OpenReport): Use {
  const beforeRegistration = (moment: Instant) => (registered < moment ? registered : moment);
  return {
    begun: beforeRegistration(`${performed.begin}T00:00:00Z`),
    done: beforeRegistration(`${performed.end}T23:59:59Z`),
    registered,
  };
}

/** When those who signed a report had to be entitled to: on both days; a transcriber when the ledger took it in. */
export function signingUse(report: OpenReport): Use {
  const use = useOf(report);
  return report.isTranscription ? useAt(use.registered) : use;
}

/** What a report relied on is judged on the day of the work and until the ledger heard of it; a transcription's on that day. */
export function relyingUse(report: OpenReport): Use {
  const use = useOf(report);
  return report.isTranscription ? { ...use, registered: use.done } : use;
}

/** How long a key's certificate is valid, and when it was used. */
export function validityOf(subject: string, { certificate }: Key, { begun, done, registered }: Use<When>): string {
  const { notBefore, notAfter } = certificate;
  const days = [...new Set([begun, done, registered].map(dayOf))];
  return `The certificate of ${subject} is valid from ${notBefore} to ${notAfter}; it was used on ${days.join(', ')}.`;
}

/**
 * The first of the days of a use on which a key's certificate was not valid. When the work began an older certificate of the
 * same holder may have been: keys are renewed while it lasts.
 */
export function invalidDay(
  key: Key,
  holders: readonly Key[],
  { begun, done, registered }: Use,
): CalendarDate | undefined {
  const first = dateOf(begun);
  return holders.some(({ certificate }) => isValidOn(certificate, first))
    ? [dateOf(done), dateOf(registered)].find((day) => !isValidOn(key.certificate, day))
    : first;
}
