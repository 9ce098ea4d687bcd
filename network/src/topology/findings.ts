import type { z } from 'zod';
import type { Finding, Path } from './document.js';

type Issue = z.core.$ZodIssue;

const KINDS: Readonly<Record<string, string>> = {
  string: 'text (quoted where it looks like a number)',
  array: 'a list',
  object: 'a map of keys and values',
  boolean: 'true or false',
};

/** Turns the errors of the schema into sentences. */
export function findingsOf(error: z.ZodError): Finding[] {
  return error.issues.flatMap(findings);
}

function findings(issue: Issue): Finding[] {
  const path = issue.path.map((step) => (typeof step === 'number' ? step : String(step)));
  const subject = nameOf(path);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: [...path, key], reason: `${subject} has an unknown key "${key}".` }));
  }
  if (issue.input === undefined) {
    const expected = issue.message.startsWith('must') ? `: it ${issue.message}` : '';
    return [{ path, reason: `${subject} is missing${expected}.` }];
  }
  if (issue.code === 'invalid_type' && !issue.message.startsWith('must')) {
    return [{ path, reason: `${subject} must be ${KINDS[issue.expected] ?? issue.expected}.` }];
  }
  return [{ path, reason: `${subject} ${issue.message}.` }];
}

function nameOf(path: Path): string {
  if (path.length === 0) return 'the description';
  return path.map((step, index) => (typeof step === 'number' ? `[${step}]` : index === 0 ? step : `.${step}`)).join('');
}
