import assert from 'node:assert/strict';
import { cmc } from '@tracecal/core/trace';
import { expanded, lineOf, rowOf, workOn } from './accreditationLines.js';

const { judge } = cmc;

export const inside = judge(rowOf(), [lineOf()], workOn());
export const rounded = judge(rowOf({ uncertainty: expanded(0.0099) }), [lineOf()], workOn());
export const below = judge(rowOf({ uncertainty: expanded(0.005) }), [lineOf()], workOn());
export const outside = judge(rowOf({ value: 500 }), [lineOf()], workOn());
export const unstated = judge(rowOf({ uncertainty: null }), [lineOf()], workOn());
export const byMethod = judge(
  rowOf(),
  [lineOf({ method: 'Circle closure' })],
  workOn(undefined, { methods: ['Circle closure'] }),
);

export const CLAIMED = { stated: true, excluded: false };
export const UNCLAIMED = { stated: false, excluded: false };
export const EXCLUDED = { stated: true, excluded: true };

export function parent(more: Partial<cmc.NamedParent> = {}): cmc.NamedParent {
  return {
    standing: 'ledger',
    supports: true,
    outcome: 'sound',
    contradictsKind: false,
    digestMismatch: false,
    ...more,
  };
}

export const paper = parent({ standing: 'paper', outcome: 'attested' });
export const undescribed = parent({ standing: 'paper', outcome: 'missing' });
export const unresolved = parent({ standing: 'unresolved', outcome: 'missing' });
export const fallen = parent({ outcome: 'failed' });
export const mismatch = parent({ standing: 'unresolved', outcome: 'missing', digestMismatch: true });
export const otherKind = parent({ contradictsKind: true });
export const roomThermometer = parent({ supports: false });

/** A native report of an institute within its CMC, without parents. */
export const INSTITUTE: cmc.Grounds = {
  organisationKind: 'NMI',
  isOwnDevice: false,
  isImported: false,
  isTranscription: false,
  sealed: false,
  confirmations: 0,
  claim: UNCLAIMED,
  isRealisation: false,
  judgements: [inside],
  parents: [],
  accreditation: 'attested',
};

/** An imported certificate of a laboratory that claims its accreditation and shows none of its standards. */
export const LABORATORY: cmc.Grounds = { ...INSTITUTE, organisationKind: 'LAB', isImported: true, claim: CLAIMED };
export const REALISATION: cmc.Grounds = {
  ...LABORATORY,
  isImported: false,
  claim: UNCLAIMED,
  isRealisation: true,
  judgements: [byMethod],
};
export const MAKER: cmc.Grounds = {
  ...INSTITUTE,
  organisationKind: 'OEM',
  isOwnDevice: true,
  judgements: [outside],
  parents: [parent()],
};

/** What is judged, its outcome and basis, and the conditions that it lacks. */
export type BasisCase = readonly [string, cmc.Grounds, cmc.BasisOutcome, cmc.Basis, ...(readonly cmc.BasisCondition[])];

export function describeBases(cases: readonly BasisCase[]): void {
  for (const [what, grounds, outcome, basis, ...missingConditions] of cases) {
    it(`${what}: ${outcome}${basis === null ? '' : ` by ${basis}`}`, () => {
      const found = cmc.basisOf(grounds);
      assert.deepEqual([found.outcome, found.basis], [outcome, basis]);
      assert.deepEqual(found.missingConditions, missingConditions);
    });
  }
}
