import { oneLine } from '../oneLine.js';
import type { Statement } from '../data.js';

/** What a certificate claims and denies about the traceability of a result. */
export interface Claims {
  /** Whether it was made under an accreditation: claimed, excluded, or not said (null). */
  readonly accredited: boolean | null;
  /** Whether it claims the CIPM arrangement, as institutes do. */
  readonly cipmMra: boolean;
  /** The statement that the claim comes from. */
  readonly because: readonly string[];
  /** The issuer's own words that this is not traceable; null if there is no such statement. */
  readonly denied: string | null;
}

const IN_CMC = /isInCMC/i;
const TRACEABLE = /metrologicallyTraceable/i;
const ACCREDITED = /accredit|akkredit|DAkkS|ISO\/IEC 17025/i;

/**
 * Reads the claims that apply to a result.
 *
 * @param code - The laboratory's code of accreditation.
 * @param statements - Statements about the whole certificate and about this result.
 */
export function claimsOf(code: string | null, statements: readonly Statement[]): Claims {
  const inCmc = statements.filter(({ refType }) => IN_CMC.test(refType ?? ''));
  const byStatement = statements.filter(isClaim);
  const excluded = inCmc.filter(saysNo);
  const denial = statements.find(({ traceable }) => traceable === false);
  const claimed = [
    ...(code === null ? [] : [`laboratory code ${code}`]),
    ...inCmc.filter((statement) => !saysNo(statement)).map(label),
    ...byStatement.map(label),
  ];
  return {
    accredited: excluded.length > 0 ? false : claimed.length > 0 ? true : null,
    cipmMra: statements.some(({ convention, valid }) => /CIPM.?MRA/i.test(convention ?? '') && !valid.includes(false)),
    because: excluded.length > 0 ? excluded.map(label) : claimed,
    denied: denial ? label(denial) : null,
  };
}

/** A statement of traceability counts as a claim if it names the authority, or a norm of accreditation. */
function isClaim({ refType, traceable, authority, norms, valid }: Statement): boolean {
  const named = authority !== null || norms.some((norm) => ACCREDITED.test(norm));
  return TRACEABLE.test(refType ?? '') && named && traceable !== false && !valid.includes(false);
}

function saysNo({ valid, traceable, conformity, declaration }: Statement): boolean {
  const no = conformity.some((each) => each === 'fail' || each === 'noPass');
  return (
    valid.includes(false) || traceable === false || no || /^(?:false|no|nein)$/i.test(declaration?.text.trim() ?? '')
  );
}

function label({ refType, name, declaration, authority, norms }: Statement): string {
  const parts = [name?.text, declaration?.text, authority?.name?.text, ...norms];
  return oneLine(parts.filter(Boolean).join(', ')) || (refType ?? 'a statement');
}
