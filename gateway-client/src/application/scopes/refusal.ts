import { issueText } from '@tracecal/core/model';
import type * as z from 'zod/mini';

/** Members of a line, in the order of the help. */
const MEMBERS = [
  ...['quantity', 'unit', 'min', 'max', 'arguments', 'cmc', 'method', 'methodLevel', 'place', 'service'],
  ...['validFrom', 'validTo'],
];

const DATES: readonly unknown[] = ['validFrom', 'validTo'];

/** The first error in a scopes file: the line by its number, the member, and the allowed values. */
export function refusalOf({ issues: [issue] }: z.core.$ZodError): string {
  if (!issue) {
    return 'The scopes file is not accepted.';
  }
  const [list, place, ...member] = issue.path;
  const where =
    list === 'lines' && typeof place === 'number'
      ? [`Line ${place + 1}`, ...(member.length > 0 ? [nameOf(member)] : [])].join(', ')
      : `Scopes file${issue.path.length > 0 ? `, ${nameOf(issue.path)}` : ''}`;
  const help = list === 'lines' && place !== undefined ? '' : '; `tracecal scopes grant --help` shows an example';
  return `${where}: ${allowedBy(issue, member.length === 0)}${help}.`;
}

/** `cmc.points 2.at`: people count from 1. */
function nameOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (name, part) =>
      typeof part === 'number' ? `${name} ${part + 1}` : `${name}${name === '' ? '' : '.'}${String(part)}`,
    '',
  );
}

function allowedBy(issue: z.core.$ZodIssue, isLine: boolean): string {
  const members = isLine && issue.code === 'unrecognized_keys' ? `; a line has ${MEMBERS.join(', ')}` : '';
  const isMissingDate = issue.code === 'invalid_type' && DATES.includes(issue.path.at(-1));
  return isMissingDate ? 'write a date like 2026-01-31' : `${issueText(issue)}${members}`;
}
