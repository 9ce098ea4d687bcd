import { DccError, quoted } from './errors.js';
import type { Node } from './node.js';

const XS_DATE = /^(\d{4})-(\d{2})-(\d{2})(?:Z|[-+]\d{2}:\d{2})?$/;

/**
 * The `xs:date` in `parent/name` as a calendar date, `YYYY-MM-DD`. A time zone is left out: a certificate states days.
 *
 * @throws DccError `DCC_VALUE` if it is not a date of the calendar
 */
export function readDate(parent: Node, name: string): string | null {
  const text = parent.string(name);
  return text === null ? null : parseDate(text, parent, name);
}

/** @throws DccError `DCC_MISSING`, `DCC_VALUE` */
export function readRequiredDate(parent: Node, name: string): string {
  return parseDate(parent.requiredString(name), parent, name);
}

function parseDate(text: string, parent: Node, name: string): string {
  const [, year, month, day] = XS_DATE.exec(text) ?? [];
  const date = `${year ?? ''}-${month ?? ''}-${day ?? ''}`;
  const time = Date.parse(date);
  // Date.parse reads 31 February as 3 March.
  if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== date) {
    throw new DccError('DCC_VALUE', `${parent.path}/${name} is ${quoted(text)}, which is not a date.`);
  }
  return date;
}
