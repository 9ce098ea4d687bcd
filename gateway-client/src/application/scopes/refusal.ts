import type * as z from 'zod/mini';

/** Members of a line, in the order of the help. */
const MEMBERS = [
  ...['quantity', 'unit', 'min', 'max', 'arguments', 'cmc', 'method', 'methodLevel', 'place', 'service'],
  ...['validFrom', 'validTo'],
];

/** What is wrong in a scopes file, first: the line by its place, the member, and what is allowed there. */
export function refusalOf({ issues: [issue] }: z.core.$ZodError): string {
  if (!issue) {
    return 'The scopes file is not accepted.';
  }
  const [list, place, ...member] = issue.path;
  const where =
    list === 'lines' && typeof place === 'number'
      ? [`Line ${place + 1}`, ...(member.length > 0 ? [nameOf(member)] : [])].join(', ')
      : `Scopes file${issue.path.length > 0 ? `, ${nameOf(issue.path)}` : ''}`;
  return `${where}: ${allowedBy(issue, member.length === 0)}.`;
}

/** `cmc.points 2.at`: people count from 1. */
function nameOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (name, part) =>
      typeof part === 'number' ? `${name} ${part + 1}` : `${name}${name === '' ? '' : '.'}${String(part)}`,
    '',
  );
}

const TYPES: Readonly<Record<string, string>> = {
  number: 'a number',
  string: 'a text',
  array: 'a list',
  object: 'an object',
  boolean: 'true or false',
};

/** How the schema library speaks where the schema itself has no words. */
const UNSPOKEN = /^(?:Invalid|Too small|Too big|Unrecognized)/;

function allowedBy(issue: z.core.$ZodIssue, isLine: boolean): string {
  if (!UNSPOKEN.test(issue.message)) {
    return issue.message;
  }
  switch (issue.code) {
    case 'invalid_type':
      return typeText(issue);
    case 'invalid_value':
      return `must be ${issue.values.map(String).join(' or ')}`;
    case 'unrecognized_keys':
      return `there is no member ${issue.keys.join(', ')}${isLine ? `; a line has ${MEMBERS.join(', ')}` : ''}`;
    case 'too_small':
      return `must ${amountText(issue.origin, 'at least', issue.minimum)}`;
    case 'too_big':
      return `must ${amountText(issue.origin, 'at most', issue.maximum)}`;
    default:
      return issue.message;
  }
}

function typeText({ expected, message }: z.core.$ZodIssueInvalidType): string {
  const type = TYPES[expected] ?? expected;
  return message.includes('received undefined') ? `is missing; it is ${type}` : `must be ${type}`;
}

function amountText(origin: string, bound: string, amount: number | bigint): string {
  return origin === 'array' ? `have ${bound} ${amount} entries` : `be ${bound} ${amount}`;
}
