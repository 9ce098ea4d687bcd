import type { Due, Verdict } from '@tracecal/core/trace';
import { printable } from '@tracecal/gateway-client';
import type { Style } from '../style.js';

/** Until when a result may be relied on, as a part of a line; nothing where nobody says. */
export function dueWords({ date, state, graceUntil }: Due): readonly string[] {
  if (date === null || state === null) {
    return [];
  }
  const grace = state === 'overdue' && graceUntil !== undefined ? [`grace until ${graceUntil}`] : [];
  return [[`due ${date}`, ...(state === 'valid' ? [] : [STATE[state]]), ...grace].join(', ')];
}

const STATE = { 'due-soon': 'soon', overdue: 'overdue' } as const;

/** Whether nobody says when a device is due, and whether it is as its owner requires. */
export function ownersLines(
  { due, requirements }: Pick<Verdict, 'due' | 'requirements'>,
  style: Style,
): readonly string[] {
  return [
    ...(due?.date === null ? [style.dim('  no interval is set: nobody says when it is due')] : []),
    ...(requirements && requirements.number !== null ? requiredLines(requirements, style) : []),
  ];
}

function requiredLines(
  { owner, number, fulfilled, unmet }: NonNullable<Verdict['requirements']>,
  style: Style,
): readonly string[] {
  const what = `what ${printable(owner)} requires (statement ${number ?? ''})`;
  return fulfilled
    ? [style.dim(`  fulfils ${what}`)]
    : [
        `  ${style.yellow('does not fulfil')} ${what}`,
        ...unmet.map(({ requirement, reason }) => `    ${style.yellow(`${requirement}:`)} ${printable(reason)}`),
      ];
}
