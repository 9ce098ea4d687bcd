import type * as z from 'zod/mini';

const TYPES: Readonly<Record<string, string>> = {
  number: 'a number',
  int: 'a whole number',
  string: 'a text',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  boolean: 'true or false',
};

/** Sentences in place of the schema library's messages, if the schema has none of its own. */
const UNSPOKEN = /^(?:Invalid|Too small|Too big|Unrecognized)/;

/** The fault of a value and the allowed values, in words that follow the name of the value. */
export function issueText(issue: z.core.$ZodIssue): string {
  if (!UNSPOKEN.test(issue.message)) {
    return issue.message;
  }
  switch (issue.code) {
    case 'invalid_type':
      return typeText(issue);
    case 'invalid_value':
      return `must be ${issue.values.map(String).join(' or ')}`;
    case 'unrecognized_keys':
      return `there is no member ${issue.keys.join(', ')}`;
    case 'too_small':
      return `must ${amountText(issue.origin, 'at least', issue.minimum)}`;
    case 'too_big':
      return `must ${amountText(issue.origin, 'at most', issue.maximum)}`;
    default:
      return 'has the wrong shape';
  }
}

function typeText({ expected, message }: z.core.$ZodIssueInvalidType): string {
  const type = TYPES[expected] ?? expected;
  return message.includes('received undefined') ? `is missing; it is ${type}` : `must be ${type}`;
}

function amountText(origin: string, bound: string, amount: number | bigint): string {
  const number = Number(amount);
  switch (origin) {
    case 'array':
      return `have ${bound} ${number} ${number === 1 ? 'entry' : 'entries'}`;
    case 'string':
      return `have ${bound} ${number} ${number === 1 ? 'character' : 'characters'}`;
    default:
      return `be ${bound} ${amount}`;
  }
}
