import assert from 'node:assert/strict';
import { cmc } from '@tracecal/core/trace';
import fc from 'fast-check';
import {
  CLAIMED,
  EXCLUDED,
  UNCLAIMED,
  below,
  byMethod,
  fallen,
  inside,
  outside,
  paper,
  rounded,
  undescribed,
  unresolved,
  unstated,
} from '../../../support/basisGrounds.js';
import { property } from '../../../support/property.js';

const { basisOf } = cmc;

describe('The basis of a result', () => {
  const ORDER: readonly cmc.BasisOutcome[] = ['sound', 'note', 'attested', 'missing', 'failed'];
  const rank = (grounds: cmc.Grounds) => ORDER.indexOf(basisOf(grounds).outcome);
  const parents = fc.array(
    fc.record({
      standing: fc.constantFrom('ledger', 'paper', 'unresolved'),
      supports: fc.boolean(),
      outcome: fc.constantFrom('sound', 'note', 'attested', 'missing', 'failed'),
      contradictsKind: fc.boolean(),
      digestMismatch: fc.boolean(),
    } satisfies { [Key in keyof cmc.NamedParent]: fc.Arbitrary<cmc.NamedParent[Key]> }),
    { maxLength: 3 },
  );
  const anything: fc.Arbitrary<cmc.Grounds> = fc.record({
    organisationKind: fc.constantFrom('NMI', 'LAB', 'OEM', 'OPERATOR'),
    isOwnDevice: fc.boolean(),
    isImported: fc.boolean(),
    isTranscription: fc.boolean(),
    sealed: fc.boolean(),
    confirmations: fc.integer({ min: 0, max: 3 }),
    claim: fc.constantFrom(CLAIMED, UNCLAIMED, EXCLUDED),
    isRealisation: fc.boolean(),
    judgements: fc.array(fc.constantFrom(inside, rounded, below, outside, unstated, byMethod), { maxLength: 3 }),
    parents,
    accreditation: fc.constantFrom('accept', 'attested', 'refuse'),
  });

  it('is sound only where an institute or a whole chain stands behind it', () => {
    property(anything, (grounds) => {
      const { outcome, basis } = basisOf(grounds);
      const isChain = basis === null && grounds.parents.some(({ supports }) => supports);
      const isAccepted = basis !== null && grounds.accreditation === 'accept';
      assert.ok(ORDER.indexOf(outcome) >= 2 || basis === 'cmc' || isChain || isAccepted);
    });
  });

  it('fails with every parent on the ledger that failed', () => {
    property(anything, (grounds) => {
      const failed = [...grounds.parents, fallen];
      assert.equal(basisOf({ ...grounds, parents: failed }).outcome, 'failed');
    });
  });

  it('of an institute is the same whether it names parents that are not on the ledger or none', () => {
    property(fc.tuple(anything, fc.constantFrom(paper, undescribed, unresolved)), ([grounds, hidden]) => {
      const institute: cmc.Grounds = { ...grounds, organisationKind: 'NMI' };
      assert.deepEqual(basisOf({ ...institute, parents: [...institute.parents, hidden] }), basisOf(institute));
    });
  });

  it('of a laboratory is never worse for naming a standard that cannot be found', () => {
    property(anything, (grounds) => {
      const laboratory: cmc.Grounds = { ...grounds, organisationKind: 'LAB', parents: [] };
      assert.equal(rank({ ...laboratory, parents: [unresolved] }), rank(laboratory));
    });
  });

  it('gives every condition its words', () => {
    for (const condition of cmc.BASIS_CONDITIONS) {
      assert.match(cmc.CONDITION_TEXTS[condition], /^[a-z].*[a-z]$/);
    }
  });

  it('is not lifted by a seal', () => {
    property(anything, (grounds) => {
      assert.equal(rank({ ...grounds, sealed: true }), rank({ ...grounds, sealed: false }));
    });
  });

  it('names what is missing wherever it is not sound', () => {
    property(anything, (grounds) => {
      const { outcome, missingConditions } = basisOf(grounds);
      assert.ok(outcome === 'sound' || outcome === 'note' || outcome === 'attested' || missingConditions.length > 0);
    });
  });
});
