import type { KindEvidence, KindProposal } from '@tracecal/core/model';
import type { Origin } from './shapes.js';

interface NamedKind {
  readonly name: string;
}

/** Which kind of quantity it is, as far as the certificate tells. */
export type ProposedKind = KindProposal<NamedKind>;

/** Tells kinds of quantities by what columns are called, and by their units. */
export type KindProposer = (clues: KindEvidence, unit: string) => ProposedKind;

/** A kind as a draft takes it. */
export interface DraftKind {
  readonly quantity: string;
  readonly from: Origin;
  readonly because: string;
  /** What else it may be; empty where the certificate tells. */
  readonly candidates: readonly string[];
}

/** A kind of which the certificate tells nothing at all must not be the same as that of another certificate. */
function unnamedIn(certificate: string): string {
  return `unnamed-${kindWord(certificate)}`;
}

/**
 * Takes a proposal as far as it is certain. What is ambiguous, or not known, stays under the certificate's own name and is a
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
 * What is left of a proposal for values that have an error of their own beside them: these are points of a scale, for the
 * difference is the error.
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
