import type { Answers } from './answers.js';
import { clientError } from './errors.js';

const FORMS = {
  document: (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value),
  list: (value: unknown) => Array.isArray(value),
  'document or null': (value: unknown) => typeof value === 'object' && !Array.isArray(value),
} as const;

/** The form of each answer. The contract guarantees what is in it; a gateway could put anything in its place. */
const FORM_OF: Readonly<Record<keyof Answers, keyof typeof FORMS>> = {
  traceCal: 'document',
  traceMany: 'document',
  getEvidence: 'document',
  getHead: 'document',
  getRegistry: 'document',
  getOrganisation: 'document',
  getOrganisationsOfMsp: 'list',
  getTechnician: 'document',
  getDevice: 'document',
  getReport: 'document',
  getDoubts: 'list',
  getParentReport: 'list',
  getConsents: 'list',
  getReviews: 'list',
  getConfirmations: 'list',
  getVouchings: 'list',
  getHeartbeat: 'document or null',
  getEpoch: 'document',
  getEpochDigest: 'document',
};

/** An answer in the form that its question has. @throws TraceCalError `ANSWER_INVALID` */
export function inItsForm<Name extends keyof Answers>(name: Name, answer: Answers[Name]): Answers[Name] {
  const form = FORM_OF[name];
  if (!FORMS[form](answer)) {
    throw clientError('ANSWER_INVALID', `The answer to ${name} is not a ${form}.`);
  }
  return answer;
}
