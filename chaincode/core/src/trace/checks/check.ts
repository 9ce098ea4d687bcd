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

/** A rule that has to hold. A check examines records and returns its findings; without findings the rule holds. */
export interface Check {
  readonly name: CheckName;
  /** `report`: runs once for each report. `citation`: runs for every report that relies on it. */
  readonly about: 'report' | 'citation';
  examine(link: Link, context: TraceContext): readonly Remark[];
  /** What it compared, also if it holds: sentences with dates, ids and numbers. Called only with `explain`. */
  told?(link: Link, context: TraceContext): readonly string[];
}

export interface Remark {
  readonly outcome: FindingOutcome;
  readonly reason: string;
  /** The kind of quantity that it is about; absent: all. */
  readonly quantity?: string;
  /** Absent: the check that returns the finding. */
  readonly check?: CheckName;
  readonly basis?: NonNullable<Finding['basis']>;
}

export interface TraceContext {
  readonly options: WalkOptions;
  /** The moment of the question, for rules that need not know it exactly. */
  readonly moment: Moment;
  readonly policy: RegistryPolicy;
  /** The institutes whose root certificates the question names; null: it names none, so all are heard. */
  readonly trusted: ReadonlySet<string> | null;
  /** The requirements of the traced device's owner. */
  readonly required?: RequirementsSet | undefined;
  /**
   * The budget of the whole trace. A check that compares rows with lines of an accreditation takes that work from here before it
   * begins.
   */
  readonly budget: Budget;
}

/** A report, and another that relies on it: the subject of every check. */
export interface Link extends Citation {
  /** The report that relies on it; null for the traced device itself. */
  readonly reliant: OpenReport | null;
  /** The kinds of quantity for which it is relied on. */
  readonly needed: readonly string[];
  /** The reports that it rests on, as far as they could be opened. Empty if the walk does not go on to them. */
  readonly parents: readonly OpenReport[];
  /** What counted for its device's interval when it was relied on; for the traced device, at the moment of the question. */
  readonly words: WordsInUse;
  /** Whether it was made after the report that relies on it, and an earlier calibration of the same device is named too. */
  readonly isLater: boolean;
  /** The reports from the traced device to here, without this one. */
  readonly path: readonly Reference[];
  /** Its device, and the devices above it if it was walked before. */
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

/** The time of a report's work, from the first second of its first day to the last second of its last day, and when it was registered. */
export function useOf({ payload: { performed }, registered }: OpenReport): Use {
  const beforeRegistration = (moment: Instant) => (registered < moment ? registered : moment);
  return {
    begun: beforeRegistration(`${performed.begin}T00:00:00Z`),
    done: beforeRegistration(`${performed.end}T23:59:59Z`),
    registered,
  };
}

/**
 * When the signers of a report had to be entitled: on both days; a transcriber when the report was registered, and so those who repeat
 * a report, because its signers were entitled on both days.
 */
export function signingUse(report: OpenReport): Use {
  const use = useOf(report);
  return report.isTranscription || report.repeats ? useAt(use.registered) : use;
}

/**
 * When the parents of a report are judged: from the day of the work until the registration, for an amendment until that of the report
 * that it repeats; for a transcription, on the day of the work.
 */
export function relyingUse(report: OpenReport): Use {
  const use = useOf(report.repeats ?? report);
  return report.isTranscription ? { ...use, registered: use.done } : use;
}

/** How long a key's certificate is valid, and when it was used. */
export function validityOf(subject: string, { certificate }: Key, { begun, done, registered }: Use<When>): string {
  const { notBefore, notAfter } = certificate;
  const days = [...new Set([begun, done, registered].map(dayOf))];
  return `The certificate of ${subject} is valid from ${notBefore} to ${notAfter}; it was used on ${days.join(', ')}.`;
}

/**
 * The first day of a use on which a key's certificate was not valid. At the begin of the work, an older certificate of the same holder
 * may have been valid: keys may be renewed during the work.
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
