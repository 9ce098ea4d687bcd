import { isKind, kindOf } from '@tracecal/core/model';
import type { Statement, StatementKind } from '@tracecal/core/model';

/** By type of statement. */
export const TRANSACTIONS = {
  founding: 'found',
  admission: 'admitInstitute',
  policy: 'setPolicy',
  organisation: 'createOrganisation',
  accreditation: 'accredit',
  reduction: 'reduceAccreditation',
  authorisation: 'createTechnician',
  device: 'registerDevice',
  transfer: 'transferDevice',
  interval: 'setInterval',
  requirements: 'setRequirements',
  report: 'createReport',
  acceptance: 'acceptReport',
  rejection: 'rejectReport',
  consent: 'consent',
  review: 'review',
  confirmation: 'confirm',
  vouching: 'vouch',
  revocation: 'revoke',
  suspension: 'suspend',
  reinstatement: 'reinstate',
  seal: 'seal',
  heartbeat: 'heartbeat',
} as const satisfies Readonly<Record<StatementKind, string>>;

/** The transaction of the registry that takes a statement. */
export function transactionOf(statement: Statement): string {
  const amends = isKind(statement, 'report') && statement.body.supersedes !== null;
  return amends ? 'amendReport' : TRANSACTIONS[kindOf(statement)];
}
