import { dateOf } from '../../model/index.js';
import type { CalendarDate } from '../../model/index.js';
import { dueOf } from '../due.js';
import { MAX_OWNERS_IN_USE, saidBy } from '../intervalWords.js';
import type { WordsThen } from '../intervalWords.js';
import { dayOf } from '../moment.js';
import type { Due } from '../verdict.js';
import { attested, failed, holds, missing, note, relyingUse } from './check.js';
import type { Check, Link, OpenReport, Remark, TraceContext } from './check.js';

/** The calibration was not overdue by its owner's policy when it was relied on (ISO/IEC 17025 leaves that to the owner). */
export const interval: Check = {
  name: 'interval',
  about: 'citation',
  examine: (link, context) => byKind(link, examination(link, context)),
  told: (link, context) => byKind(link, (kind) => note(toldOf(link, context, kind))).map(({ reason }) => reason),
};

type Kind = string | undefined;

/** The findings for each kind for which a report is relied on; one finding if all kinds have the same. */
function byKind({ needed }: Pick<Link, 'needed'>, say: (kind: Kind) => readonly Remark[]): readonly Remark[] {
  const said = (needed.length > 0 ? needed : [undefined]).map((kind) => ({ kind, remarks: say(kind) }));
  const first = said[0]?.remarks ?? holds;
  return new Set(said.map(({ remarks }) => JSON.stringify(remarks))).size <= 1
    ? first
    : said.flatMap(({ kind = '', remarks }) =>
        remarks.map(({ outcome, reason }) => ({
          outcome,
          reason: `${reason.slice(0, -1)} (${kind}).`,
          quantity: kind,
        })),
      );
}

/** The finding for a kind. */
function examination(link: Link, context: TraceContext): (kind: Kind) => readonly Remark[] {
  const { reliant, report, words } = link;
  if (!reliant) {
    return (kind) => overdue(report, dueForAsker(link, context, kind), context.moment.day);
  }
  const { registered } = relyingUse(reliant);
  const { then, meanwhile } = words;
  if (!meanwhile) {
    return () =>
      missing(
        `More than ${MAX_OWNERS_IN_USE} organisations owned ${report.device.id} during the work of report ${reliant.id}: whether its recalibration was overdue by the word of each cannot be told.`,
      );
  }
  return (kind) => {
    const due = dueBy(report, then, kind, reliant.payload.performed.end);
    const found = [...meanwhile.map((each) => dueBy(report, each, kind)).filter(isOwners), due].flatMap((each) =>
      overdue(report, each, each.used),
    );
    const bad = found.filter(({ outcome }) => outcome !== 'note').slice(0, 1);
    const last = due.graceUntil ?? due.date;
    return bad.length > 0 || !isOwners(due) || last === null || dateOf(registered) <= last
      ? [...bad, ...found].slice(0, 1)
      : attested(
          `The recalibration of ${report.device.id} was due on ${last}, between the work of report ${reliant.id}, ${reliant.payload.performed.end}, and its registration on ${dateOf(registered)}.`,
        );
  };
}

/** When a standard was due again, by the intervals that counted when it was used. */
function dueBy({ payload }: OpenReport, words: WordsThen, kind: Kind, used = dayOf(words.moment)) {
  return { ...dueOf(payload, saidBy(words, kind), { asOf: used, soonDays: 0 }), used };
}

/** An owner's interval counts at every moment of the use; the date of a certificate counts at its end only. */
function isOwners({ by }: Due): boolean {
  return by !== 'certificate';
}

function toldOf(link: Link, context: TraceContext, kind: Kind): string {
  const { reliant, report, words } = link;
  const used = reliant?.payload.performed.end ?? dayOf(words.then.moment);
  const due = reliant ? dueBy(report, words.then, kind, used) : dueForAsker(link, context, kind);
  const limit =
    due.date === null ? 'no interval is set' : `recalibration is due on ${due.date} (${BY[due.by ?? 'owner']})`;
  return `Device ${report.device.id} was calibrated until ${report.payload.performed.end}; ${limit}; it is used on ${used}.`;
}

const BY = {
  device: 'its own interval',
  owner: "its owner's interval",
  certificate: 'the date of the certificate',
  question: "the asker's interval",
} as const;

/** When the traced device is due again; the asker may set an interval. */
export function dueForAsker(
  { report, words }: Pick<Link, 'report' | 'words'>,
  {
    options: { intervalDays },
    moment,
  }: Pick<TraceContext, 'moment'> & { readonly options: Pick<TraceContext['options'], 'intervalDays'> },
  kind: Kind,
  soonDays = 0,
): Due {
  const said =
    intervalDays === null ? saidBy(words.then, kind) : { days: intervalDays, by: 'question' as const, graceDays: 0 };
  return dueOf(report.payload, said, { asOf: moment.day, soonDays });
}

/** The finding about the traced device by its owner's interval, whatever interval the asker sets. */
export function overdueForOwner(
  link: Pick<Link, 'report' | 'words' | 'needed'>,
  { moment }: Pick<TraceContext, 'moment'>,
): readonly Remark[] {
  const own = { options: { intervalDays: null }, moment };
  return byKind(link, (kind) => overdue(link.report, dueForAsker(link, own, kind), moment.day)).filter(
    ({ outcome }) => outcome === 'failed',
  );
}

/**
 * By the owner's interval, an overdue device fails. Without an owner's interval, the date on the certificate counts as agreed with the
 * customer: after it, a recalibration is missing.
 */
function overdue(report: OpenReport, due: Due, used: CalendarDate): readonly Remark[] {
  const { id, device, payload } = report;
  if (due.date === null || used <= due.date) {
    return holds;
  }
  if (due.by === 'certificate') {
    return missing(
      `Report ${id} asks for recalibration by ${payload.recalibrateBy ?? ''}, but device ${device.id} was used on ${used}; its owner has set no interval.`,
    );
  }
  return due.graceUntil !== undefined && used <= due.graceUntil
    ? note(
        `The recalibration of ${device.id} was due on ${due.date}; report ${id} was used on ${used}, within its owner's grace until ${due.graceUntil}.`,
      )
    : failed(`The recalibration of ${device.id} was due on ${due.date}, but report ${id} was used on ${used}.`);
}
