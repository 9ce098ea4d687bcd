import type { Json, Subject } from '@tracecal/core/model';
import type { Concern } from './audit.js';
import { isObject, textIn } from './content.js';
import type { ReadStatement } from './readStatements.js';

/** Members of a statement's body that name somebody or something of the registry. */
const NAMES: readonly string[] = [
  'certifier',
  'device',
  'devices',
  'grantor',
  'id',
  'issuer',
  'lifts',
  'owner',
  'report',
  'supersedes',
  'technician',
  'to',
];

/** Under which names a subject signs. */
const SIGNER_KINDS: Readonly<Record<string, readonly string[]>> = {
  organisation: ['organisation'],
  person: ['technician', 'officer'],
  device: ['device'],
};

/**
 * How a statement concerns a subject; empty: not at all.
 *
 * @param reports The reports about the device that is audited, as far as they have come.
 */
export function concernsOf(
  statement: ReadStatement,
  { kind, id }: Subject,
  reports: ReadonlySet<string>,
): readonly Concern[] {
  const { subject, author, signers, body } = statement;
  const isSigner = (SIGNER_KINDS[kind] ?? []).some((role) => signers.includes(`${role}:${id}`));
  const found: readonly (readonly [Concern, boolean])[] = [
    ['subject', subject.kind === kind && subject.id === id],
    ['its-report', subject.kind === 'report' && (reports.has(subject.id) || isReportOn(statement, kind, id))],
    ['author', kind === 'organisation' && author === id],
    ['signer', isSigner],
    ['named', names(body, id)],
  ];
  return found.flatMap(([concern, holds]) => (holds ? [concern] : []));
}

/** Whether a statement is a calibration report about this device. */
export function isReportOn({ what, body }: ReadStatement, kind: string, id: string): boolean {
  return kind === 'device' && what === 'report' && textIn(body, 'device') === id;
}

function names(value: Json, id: string): boolean {
  if (Array.isArray(value)) return (value as readonly Json[]).some((each) => names(each, id));
  if (!isObject(value)) return false;
  return Object.entries(value).some(
    ([name, part]) =>
      (NAMES.includes(name) && (part === id || (Array.isArray(part) && (part as readonly Json[]).includes(id)))) ||
      names(part, id),
  );
}
