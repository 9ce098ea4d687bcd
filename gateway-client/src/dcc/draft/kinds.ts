import type { KindEvidence, KindProposal } from '@tracecal/core/model';
import type { Origin } from './shapes.js';

interface NamedKind {
  readonly name: string;
}

/** The kind of quantity, as far as the certificate determines it. */
export type ProposedKind = KindProposal<NamedKind>;

/** Determines kinds of quantities from the names and units of columns. */
export type KindProposer = (clues: KindEvidence, unit: string) => ProposedKind;

/** The kind chosen for a draft. */
export interface DraftKind {
  readonly quantity: string;
  readonly from: Origin;
  readonly because: string;
  /** Other possible kinds; empty if the certificate determines one. */
  readonly candidates: readonly string[];
}

/** An unknown kind must not be equal to the unknown kind of another certificate. */
function unnamedIn(certificate: string): string {
  return `unnamed-${kindWord(certificate)}`;
}

/**
 * Uses a proposal as far as it is certain. An ambiguous or unknown kind keeps the certificate's own name and becomes a
 * question.
 *
 * @param certificate - Its unique identifier.
 */
export function takeKind(proposed: ProposedKind, certificate: string): DraftKind {
  const { because } = proposed;
  const unnamed = unnamedIn(certificate);
  switch (proposed.certainty) {
    case 'certain':
      return { quantity: proposed.kind.name, from: originOf(because), because, candidates: [] };
    case 'ambiguous': {
      const candidates = proposed.candidates.map(({ name }) => name);
      return { quantity: proposed.name ?? unnamed, from: 'name', because, candidates };
    }
    case 'unknown':
      return { quantity: proposed.name ?? unnamed, from: 'name', because, candidates: [] };
  }
}

/**
 * Restricts a proposal for values that come with separate errors: these are points on a scale, and the error is the
 * difference.
 */
export function ofPoints(proposed: ProposedKind): ProposedKind {
  if (proposed.certainty !== 'ambiguous') {
    return proposed;
  }
  const candidates = proposed.candidates.filter(({ name }) => !name.endsWith('-difference'));
  const [only, ...others] = candidates;
  return only && others.length === 0
    ? { certainty: 'certain', kind: only, because: `${proposed.because}, and errors beside the values` }
    : { ...proposed, candidates: candidates.length > 0 ? candidates : proposed.candidates };
}

function originOf(because: string): Origin {
  return /refType/i.test(because) ? 'refType' : /\bname/i.test(because) ? 'name' : 'unit';
}

/** A name as kinds are written: lower case, words joined by hyphens. */
function kindWord(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .replaceAll(/^-|-$/g, '')
    .slice(0, 60);
}
