import { isKind, kindOf, registrantOf } from '../model/index.js';
import type { Jws, ReportBody, Statement, StatementKind, StatementOf } from '../model/index.js';
import { claimedSigners, signerName } from '../signing/index.js';

/** The only table of required signatures: the contract and every trace use it. */
export interface Signatories {
  /** The keys of exactly these. */
  readonly names: readonly string[];
  /** Organisations that must sign, each with its own key or one of its officers. */
  readonly voices: readonly string[];
  /** Institutes, a majority of which must sign. */
  readonly majority: 'none' | 'institutes' | 'other-institutes';
}

const nobody: Signatories = { names: [], voices: [], majority: 'none' };

type IsInstitute = (id: string) => boolean;
type Rule<Kind extends StatementKind> = (statement: StatementOf<Kind>, isInstitute: IsInstitute) => Signatories;

const byAuthor = ({ author }: Statement): Signatories => ({ ...nobody, voices: [author] });
const byInstitutes = (): Signatories => ({ ...nobody, majority: 'institutes' });

/** An institute is removed by itself, or by the others: no institute is above another. */
const againstSubject = ({ author, subject }: Statement, isInstitute: IsInstitute): Signatories =>
  isInstitute(subject.id) && author !== subject.id
    ? { ...nobody, majority: 'other-institutes' }
    : { ...nobody, voices: [author] };

const aboutAccreditation = ({ author, subject }: Statement, isInstitute: IsInstitute): Signatories =>
  isInstitute(subject.id) ? byInstitutes() : { ...nobody, voices: [author] };

const rules: { readonly [Kind in StatementKind]: Rule<Kind> } = {
  founding: ({ body }) => ({ ...nobody, names: body.institutes.map(({ id }) => signerName('organisation', id)) }),
  admission: ({ subject }) => ({ ...byInstitutes(), names: [signerName('organisation', subject.id)] }),
  policy: byInstitutes,
  organisation: ({ author, subject, number, body }) => {
    // An officer of the organisation signs for a further key, so that no certifier can take over the organisation.
    const carriers = [...(body.certifier === null ? [] : [body.certifier]), ...(number > 0 ? [author] : [])];
    return { ...nobody, names: [signerName('organisation', subject.id)], voices: carriers };
  },
  accreditation: aboutAccreditation,
  reduction: aboutAccreditation,
  authorisation: ({ author, subject, body }) => ({
    ...nobody,
    names: [signerName(body.role, subject.id)],
    voices: [author],
  }),
  device: ({ subject, body }) => ({
    ...nobody,
    names: [signerName('technician', body.technician), signerName('device', subject.id)],
    voices: [body.owner],
  }),
  transfer: ({ author, body }) => ({ ...nobody, voices: [...new Set([author, body.to])] }),
  interval: byAuthor,
  requirements: byAuthor,
  report: ({ body }) => ({ ...nobody, names: reportSigners(body) }),
  acceptance: byAuthor,
  rejection: byAuthor,
  consent: byAuthor,
  review: byAuthor,
  confirmation: byAuthor,
  vouching: byAuthor,
  revocation: againstSubject,
  suspension: againstSubject,
  reinstatement: againstSubject,
  seal: byAuthor,
  heartbeat: byAuthor,
};

/** @param isInstitute Whether an organisation is one of the registry's institutes. */
export function signatoriesOf(statement: Statement, isInstitute: IsInstitute): Signatories {
  const rule = rules[kindOf(statement)] as Rule<StatementKind>;
  return rule(statement, isInstitute);
}

/**
 * Whether the author must sign with the organisation's own key: only the key that certifies people, not another officer, may lift an
 * impediment of a person.
 */
export function needsOwnKey(statement: Statement): boolean {
  return isKind(statement, 'reinstatement') && statement.subject.kind === 'person';
}

/** Whether a signer is an organisation's own key, and not one of its officers. */
export function isOwnKey(signer: string): boolean {
  return signer.startsWith('organisation:');
}

/** The technician and every parent device. */
export function reportSigners({ technician, parents }: ReportBody): readonly string[] {
  const devices = parents.flatMap((parent) => (parent.kind === 'report' ? [signerName('device', parent.device)] : []));
  return [...new Set([signerName('technician', technician), ...devices])];
}

/** The organisation that a signer signs for, if the signer is an organisation's own key or an officer. */
export function voiceOf(signer: string): string | undefined {
  const [, kind, id = ''] = /^(organisation|officer):(.+)$/.exec(signer) ?? [];
  return kind === undefined ? undefined : registrantOf(id);
}

/** The claimed signers who speak for an organisation, besides those who are named exactly. */
export function speakersFor(jws: Jws, organisation: string, names: readonly string[] = []): readonly string[] {
  return claimedSigners(jws).flatMap((signer) =>
    signer !== null && !names.includes(signer) && voiceOf(signer) === organisation ? [signer] : [],
  );
}
