import type { Asked, UsedSource } from './asked.js';
import type { Role, Source, SupportedResult } from './input.js';
import { isBelow, isPositive } from './numbers.js';
import { reason } from './reasons.js';
import type { Reason } from './reasons.js';

/**
 * The declared role; else a source of the result's kind is a reference, and any other an influence. A source of unknown kind may be
 * the reference, so it must not pass as an influence on paper.
 */
export function roleOf({ kind, use }: Source, result: Pick<SupportedResult, 'kind'>): Role {
  return use.role ?? (kind === null || kind === result.kind ? 'reference' : 'influence');
}

/** The findings about the sources, each by its role. */
export function roleReasons(asked: Asked): readonly Reason[] {
  return asked.sources.flatMap((source) => byRole[source.role](source, asked));
}

const byRole: Readonly<Record<Role, (source: UsedSource, asked: Asked) => readonly Reason[]>> = {
  reference: (source, asked) => [...supporting(source, asked), ...kindOf(source, asked)],
  input: supporting,
  ratio: supporting,
  influence,
  check: ({ index }) => [reason('check', { source: index })],
  after,
};

/** All standards that a result is made with must hold. */
function supporting(source: UsedSource, { result: { accredited } }: Asked): readonly Reason[] {
  const { index, outcome, resolved, onPaper, kind } = source;
  const reasons: Reason[] = [];
  if (outcome === 'failed' || (outcome === 'missing' && resolved)) {
    reasons.push(reason(`source-${outcome}`, { source: index }));
  } else if (outcome === 'attested') {
    reasons.push(reason('source-attested', { source: index }));
  }
  if (!resolved) {
    reasons.push(reason(accredited ? 'unresolved-accredited' : 'unresolved', { source: index }));
  } else if (kind === null || !statesUncertainty(source)) {
    reasons.push(onPaper ? undescribed(index, accredited) : reason('source-without-uncertainty', { source: index }));
  }
  return reasons;
}

function undescribed(source: number, accredited: boolean): Reason {
  return reason(accredited ? 'paper-undescribed-accredited' : 'paper-undescribed', { source });
}

function statesUncertainty({ rows }: Source): boolean {
  return rows.some(({ u }) => u !== null && isPositive(u));
}

/** A declared reference of another kind supports nothing, except through a model. */
function kindOf({ index, kind, resolved }: UsedSource, { result }: Asked): readonly Reason[] {
  const isCompared = ['undeclared', 'direct', 'group', 'interpolated', 'scaled'].includes(result.method);
  return isCompared && resolved && kind !== null && kind !== result.kind
    ? [reason('reference-kind', { source: index })]
    : [];
}

/** An influence that does not hold matters only if it may be more than a small part of the variance. */
function influence(source: UsedSource, asked: Asked): readonly Reason[] {
  const { index, outcome, resolved, onPaper, use } = source;
  if (isOpen(source, asked)) {
    const open = resolved && holds(source) ? 'influence-after' : 'influence-open';
    return [reason(isSmall(source, asked) ? 'influence-small' : open, { source: index, share: use.share })];
  }
  return outcome === 'attested' || onPaper || !resolved ? [reason('influence-paper', { source: index })] : [];
}

function isOpen(source: UsedSource, asked: Asked): boolean {
  return source.resolved ? !holds(source) || isFromAfterAlone(source, asked) : !asked.result.accredited;
}

function holds({ outcome }: UsedSource): boolean {
  return outcome !== 'failed' && outcome !== 'missing';
}

/**
 * A source that was calibrated only after the work does not support the result, unless an earlier sound calibration of the device is
 * used for the same.
 */
function isFromAfterAlone({ device, report, kind, role, isLater }: UsedSource, { sources }: Asked): boolean {
  return (
    isLater === true &&
    !sources.some(
      (other) =>
        other.device === device &&
        other.report !== report &&
        other.isLater !== true &&
        other.kind === kind &&
        other.role === role &&
        other.resolved &&
        holds(other),
    )
  );
}

function isSmall({ use: { share } }: UsedSource, { policy }: Asked): boolean {
  return share !== null && share >= 0 && !isBelow(policy.negligibleShare, share);
}

/**
 * Influences that do not hold, each with a small share: their sum has to be small as well. A share belongs to a use, however many
 * results of that kind the certificate gives.
 */
export function openInfluences(asked: Asked): readonly UsedSource[] {
  const uses = new Map<string, UsedSource>();
  for (const source of asked.sources) {
    if (source.role === 'influence' && isOpen(source, asked) && isSmall(source, asked)) {
      uses.set(JSON.stringify([source.report, source.kind, source.use.at, source.use.share]), source);
    }
  }
  return [...uses.values()];
}

/** A later report of a device whose earlier report supports the result: the laboratory's drift check, shown in addition. */
function after({ index, device, report, isLater }: UsedSource, { sources }: Asked): readonly Reason[] {
  const isBeside = sources.some(
    (other) =>
      other.device === device && other.report !== report && ['reference', 'input', 'ratio'].includes(other.role),
  );
  return [reason(!isBeside ? 'after-alone' : isLater === false ? 'after-not-later' : 'after', { source: index })];
}
