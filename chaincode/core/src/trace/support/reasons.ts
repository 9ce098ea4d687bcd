import type { Outcome } from './outcome.js';
import type { Range } from './policy.js';

/** Every finding about a result or a row, with its outcome and its rule. */
const REASONS = {
  // Rows
  'uncertainty-missing': ['missing', '2.1'],
  'uncertainty-zero': ['failed', '2.9'],
  'coverage-factor-unusable': ['missing', '2.1'],
  'probability-unusable': ['missing', '2.10'],
  'coverage-contradicts': ['note', '2.10'],
  'coverage-contradicts-open': ['missing', '2.10'],
  'value-missing': ['missing', '4'],
  zero: ['note', '2.4'],
  edge: ['note', '2.4'],
  outside: ['missing', '2.4'],
  'input-edge': ['note', '2.4'],
  'input-outside': ['missing', '2.4'],
  'ratio-outside': ['missing', '2.4'],
  'ratio-contradicts': ['missing', '3'],
  'extrapolated-in-scope': ['note', '2.4'],
  'group-not-covering': ['missing', '2.5'],
  'below-floor': ['failed', '2.5'],
  'within-rounding': ['note', '2.5'],
  'undeclared-below-single': ['missing', '2.5'],
  'between-nodes': ['note', '1.1'],
  bracketed: ['note', '2.5'],
  combined: ['note', '4'],
  'shared-errors': ['sound', '4'],
  'no-uncertainty-there': ['missing', '4'],
  'not-computable': ['missing', '4'],
  'natural-zero': ['note', '4'],
  'natural-in-scope': ['attested', '4'],
  'natural-out-of-scope': ['missing', '4'],
  // Sources
  'no-reference': ['missing', '2.3'],
  'no-reference-accredited': ['attested', '2'],
  unresolved: ['missing', '2.6'],
  'unresolved-accredited': ['attested', '2'],
  'paper-undescribed': ['missing', '2.7'],
  'paper-undescribed-accredited': ['attested', '2'],
  'source-failed': ['failed', '2.6'],
  'source-missing': ['missing', '2.6'],
  'source-attested': ['attested', '2.6'],
  'source-without-uncertainty': ['missing', '2.6'],
  'reference-kind': ['missing', '2.3'],
  'first-argument': ['missing', '1.1'],
  'further-argument': ['note', '1.1'],
  'ambiguous-argument': ['missing', '1.1'],
  'influence-open': ['missing', '2.6'],
  'influence-after': ['missing', '2.18'],
  'influence-small': ['note', '2.6'],
  'influence-paper': ['note', '2.7'],
  'paper-unused': ['note', '2.7'],
  check: ['note', '2.6'],
  after: ['note', '2.6'],
  'after-alone': ['missing', '2.18'],
  'after-not-later': ['missing', '2.18'],
  'best-of-range': ['note', '4'],
  'at-unusable': ['missing', '3'],
  'at-missing': ['missing', '3'],
  'used-elsewhere': ['missing', '2.4'],
  'used-at-multiple': ['note', '2.4'],
  'model-contradicts': ['missing', '3'],
  // The declaration
  'own-share': ['missing', '4'],
  'constant-measured': ['missing', '4'],
  'shares-together': ['missing', '4'],
  'share-unusable': ['missing', '3'],
  'group-too-few': ['missing', '3'],
  'exponent-missing': ['missing', '4'],
  'exponent-implausible': ['missing', '4'],
  'sensitivity-missing': ['missing', '4'],
  'units-open': ['missing', '3'],
  'sensitivity-unit': ['missing', '3'],
  'scaled-not-ratio': ['missing', '3'],
  'ratio-not-named': ['note', '4'],
  'nothing-contributes': ['missing', '4'],
  'axes-differ': ['missing', '4'],
  'too-many-arguments': ['missing', '1.1'],
} as const satisfies Record<string, readonly [Outcome, string]>;

export type ReasonCode = keyof typeof REASONS;

/** The contents of the sentence; numbers in SI. */
export interface ReasonParts {
  /** Place among the sources. */
  readonly source?: number;
  readonly u?: number;
  readonly floor?: number;
  readonly share?: number | null;
  readonly exponent?: number;
  /** Of the result. */
  readonly value?: number;
  /** The range that its references cover, in values of the result. */
  readonly range?: Range;
  /** Plain numbers: a ratio that was used, and those that its source covers. */
  readonly ratio?: number;
  readonly ratios?: Range;
  readonly k?: number;
  /** An argument, an own input. */
  readonly name?: string;
}

export interface Reason extends ReasonParts {
  readonly code: ReasonCode;
  readonly outcome: Outcome;
  /** Section or rule of the procedure, as `support 2.5`. */
  readonly rule: string;
}

export function reason(code: ReasonCode, parts: ReasonParts = {}): Reason {
  const [outcome, rule] = REASONS[code];
  return { code, outcome, rule: `support ${rule}`, ...parts };
}

const TRACEABILITY = 'ISO/IEC 17025, metrological traceability';
const PROPAGATION = 'JCGM 100 (GUM), law of propagation of uncertainty';
const STATEMENT = 'JCGM 100 (GUM), reporting uncertainty';
const ACCREDITATION = 'ILAC-P10, metrological traceability of measurement results';

/** Titles, not clauses: only a few of them were checked. */
const TITLES: ReadonlyMap<string, string> = new Map([
  ['support 2', ACCREDITATION],
  ['support 2.1', STATEMENT],
  ['support 2.9', STATEMENT],
  ['support 2.10', STATEMENT],
  ['support 2.5', PROPAGATION],
  ['support 3', PROPAGATION],
  ['support 4', PROPAGATION],
]);

/** The title of the standard on which a rule rests. */
export function standardOfRule(rule: string): string {
  return TITLES.get(rule) ?? TRACEABILITY;
}

/** The rule by which an uncertainty is compared with its floor, also if it holds. */
export const FLOOR_RULE = 'support 2.5';
