import type { Role } from './vocabulary.js';

const STANDARD = String.raw`(?:reference|ref\.?|standard|true|applied|referenz\p{L}*|bezugs\p{L}*|normal)`;
const SHOWN = String.raw`(?:indicat\p{L}*|reading|displayed|UUT|DUT|instrument|measured|anzeige|prüfling)`;
const MINUS = String.raw`(?: (?:value|temperature|pressure|reading|indication))? ?(?:[-–−]|minus|less) ?(?:the )?`;
const STANDARD_FIRST = new RegExp(String.raw`(?<!\p{L})${STANDARD}${MINUS}${SHOWN}`, 'iu');
const SHOWN_FIRST = new RegExp(String.raw`(?<!\p{L})${SHOWN}${MINUS}${STANDARD}(?!\p{L})`, 'iu');

/** The role of a difference by the order that its name states: reference less indication is a correction. Null if it states none. */
export function roleBySign(role: Role | undefined, names: readonly string[]): Role | null {
  if (role !== 'error' && role !== 'correction') {
    return null;
  }
  const says = (pattern: RegExp) => names.some((name) => pattern.test(name));
  const [isCorrection, isError] = [says(STANDARD_FIRST), says(SHOWN_FIRST)];
  return isCorrection === isError ? null : isCorrection ? 'correction' : 'error';
}

/** Why a difference is not taken whose refType and name state opposite signs. */
export function oppositeSigns(role: Role, [name = '']: readonly string[]): string {
  return `Its refType and its name state opposite signs, so it is not taken. Say in a mapping file (columns) which is right: ${JSON.stringify({ column: name, role })}, or the other one of error and correction.`;
}
