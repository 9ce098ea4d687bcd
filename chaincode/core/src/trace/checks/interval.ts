import { dateOf } from '../../model/index.js';
import type { CalendarDate, Instant } from '../../model/index.js';
import { dueOf, intervalSaid, lastMoments, wordsOn } from '../due.js';
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

/** What is to be said of each kind for which a report is relied on: once, where it is the same of all of them. */
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

/** What there is to say of a kind. */
function examination(link: Link, context: TraceContext): (kind: Kind) => readonly Remark[] {
  const { reliant, report } = link;
  if (!reliant) {
    return (kind) => overdue(report, dueForAsker(link, context, kind), context.moment.day);
  }
  const { begun, done, registered } = relyingUse(reliant);
  const meanwhile = lastMoments(report.device, begun, done).map((moment) => wordsAt(report, moment));
  const then = wordsAt(report, done);
  return (kind) => {
    const found = [...meanwhile.map((each) => dueBy(each, kind)).filter(isOwners), dueBy(then, kind)].flatMap((due) =>
      overdue(report, due, due.used),
    );
    const bad = found.filter(({ outcome }) => outcome !== 'note').slice(0, 1);
    const due = dueBy(then, kind);
    const last = due.graceUntil ?? due.date;
    return bad.length > 0 || !isOwners(due) || last === null || dateOf(registered) <= last
      ? [...bad, ...found].slice(0, 1)
      : attested(
          `The recalibration of ${report.device.id} was due on ${last}, between the work of report ${reliant.id}, ${dateOf(done)}, and its registration on ${dateOf(registered)}.`,
        );
  };
}

/** What was said about the interval of a device, as far as it counted at a moment. */
function wordsAt({ device, payload }: OpenReport, moment: Instant) {
  return { words: wordsOn(device, moment), payload, used: dateOf(moment) };
}

/** When a standard was due again, by what counted when it was used. */
function dueBy({ words, payload, used }: ReturnType<typeof wordsAt>, kind: Kind) {
  return { ...dueOf(payload, intervalSaid(words, kind), { asOf: used, soonDays: 0 }), used };
}

/** Only an owner's own word counts at every moment: the date of a certificate is asked for at the end. */
function isOwners({ by }: Due): boolean {
  return by !== 'certificate';
}

function toldOf({ reliant, report }: Link, context: TraceContext, kind: Kind): string {
  const done = reliant && relyingUse(reliant).done;
  const due = done === null ? dueForAsker({ report }, context, kind) : dueBy(wordsAt(report, done), kind);
  const limit =
    due.date === null ? 'no interval is set' : `recalibration is due on ${due.date} (${BY[due.by ?? 'owner']})`;
  return `Device ${report.device.id} was calibrated until ${report.payload.performed.end}; ${limit}; it is used on ${dayOf(done ?? context.moment)}.`;
}

const BY = {
  device: 'its own interval',
  owner: "its owner's interval",
  certificate: 'the date of the certificate',
  question: "the asker's interval",
} as const;

/** When the traced device is due again: whoever asks may set an interval of their own. */
export function dueForAsker(
  { report }: Pick<Link, 'report'>,
  {
    options: { intervalDays },
    moment,
  }: Pick<TraceContext, 'moment'> & { readonly options: Pick<TraceContext['options'], 'intervalDays'> },
  kind: Kind,
  soonDays = 0,
): Due {
  const said =
    intervalDays === null
      ? intervalSaid(wordsOn(report.device, moment), kind)
      : { days: intervalDays, by: 'question' as const, graceDays: 0 };
  return dueOf(report.payload, said, { asOf: moment.day, soonDays });
}

/** What its owner's own interval says of a calibration of the traced device, whatever interval whoever asks sets. */
export function overdueForOwner(
  link: Pick<Link, 'report' | 'needed'>,
  { moment }: Pick<TraceContext, 'moment'>,
): readonly Remark[] {
  const own = { options: { intervalDays: null }, moment };
  return byKind(link, (kind) => overdue(link.report, dueForAsker(link, own, kind), moment.day)).filter(
    ({ outcome }) => outcome === 'failed',
  );
}

/**
 * By its owner's own word an overdue device fails. Where the owner sets no interval, a date on the certificate is taken as agreed
 * with its customer, and past it something is missing.
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
