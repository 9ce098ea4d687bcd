import type { Due, Verdict } from '@tracecal/core/trace';
import { printable } from '@tracecal/gateway-client';
import type { Style } from '../style.js';
import { hanging } from '../text/wrap.js';

/** Until when a result may be relied on, as a part of a line; nothing where nobody says. */
export function dueWords({ date, state, graceUntil }: Due): readonly string[] {
  if (date === null || state === null) {
    return [];
  }
  const grace = state === 'overdue' && graceUntil !== undefined ? [`grace until ${graceUntil}`] : [];
  return [[`due ${date}`, ...(state === 'valid' ? [] : [STATE[state]]), ...grace].join(', ')];
}

const STATE = { 'due-soon': 'soon', overdue: 'overdue' } as const;

/** When a device is due, and whether it is as its owner requires. */
export function ownersLines(
  { due, requirements }: Pick<Verdict, 'due' | 'requirements'>,
  style: Style,
): readonly string[] {
  return [
    ...(due ? hanging('  ', style.dim(dueLine(due)), style.columns) : []),
    ...(requirements && requirements.number !== null ? requiredLines(requirements, style) : []),
  ];
}

const SAID_BY: Readonly<Record<NonNullable<Due['by']>, string>> = {
  device: 'by the interval of the device',
  owner: "by its owner's interval",
  certificate: 'by its certificate',
  question: 'by the interval that was asked for',
};

/** The verdict's own date: the first of all calibrations that count. */
function dueLine(due: Due): string {
  const [words] = dueWords(due);
  return words === undefined || due.by === null
    ? 'no interval is set: nobody says when it is due'
    : `recalibration ${words} (${SAID_BY[due.by]})`;
}

function requiredLines(
  { owner, number, fulfilled, unmet }: NonNullable<Verdict['requirements']>,
  style: Style,
): readonly string[] {
  const { columns, text } = style;
  const what = `what ${text(printable(owner))} requires (statement ${number ?? ''})`;
  return fulfilled
    ? hanging('  ', style.dim(`fulfils ${what}`), columns)
    : [
        ...hanging('  ', `${style.yellow('does not fulfil')} ${what}`, columns),
        ...unmet.flatMap(({ requirement, reason }) =>
          hanging('    ', `${style.yellow(`${requirement}:`)} ${text(printable(reason))}`, columns),
        ),
      ];
}
