import assert from 'node:assert/strict';
import { cmc } from '@tracecal/core/trace';
import {
  INSTITUTE,
  below,
  describeBases,
  fallen,
  inside,
  mismatch,
  outside,
  paper,
  parent,
  roomThermometer,
  rounded,
  undescribed,
  unresolved,
  unstated,
} from '../../../support/basisGrounds.js';

const { basisOf } = cmc;

describe("An institute's result", () => {
  describeBases([
    ['within its CMC, without parents', INSTITUTE, 'sound', 'cmc'],
    ['below its CMC by rounding', { ...INSTITUTE, judgements: [inside, rounded] }, 'note', 'cmc'],
    [
      'on undescribed paper is not worse than without parents',
      { ...INSTITUTE, parents: [undescribed] },
      'sound',
      'cmc',
    ],
    ['on described paper is not worse than without parents', { ...INSTITUTE, parents: [paper] }, 'sound', 'cmc'],
    [
      'on an undisclosed standard is not worse than without parents',
      { ...INSTITUTE, parents: [unresolved] },
      'sound',
      'cmc',
    ],
    ['on a parent on the ledger that holds', { ...INSTITUTE, parents: [parent()] }, 'sound', 'cmc'],
    [
      'on a parent on the ledger that is incomplete',
      { ...INSTITUTE, parents: [parent({ outcome: 'missing' })] },
      'missing',
      'cmc',
      'parents',
    ],
    ['on a parent on the ledger that failed', { ...INSTITUTE, parents: [fallen] }, 'failed', 'cmc', 'parent-failed'],
    [
      'on a parent whose digest does not match',
      { ...INSTITUTE, parents: [mismatch] },
      'missing',
      'cmc',
      'parent-digest',
      'parents',
    ],
    [
      'with a room thermometer that failed',
      { ...INSTITUTE, parents: [{ ...roomThermometer, outcome: 'failed' }] },
      'sound',
      'cmc',
    ],
    ['as a transcription', { ...INSTITUTE, isTranscription: true }, 'attested', 'cmc', 'confirmations'],
    [
      'as a transcription confirmed by one organisation',
      { ...INSTITUTE, isTranscription: true, confirmations: 1 },
      'attested',
      'cmc',
      'confirmations',
    ],
    [
      'as a transcription confirmed by two organisations',
      { ...INSTITUTE, isTranscription: true, confirmations: 2 },
      'sound',
      'cmc',
    ],
    [
      'as a sealed transcription',
      { ...INSTITUTE, isTranscription: true, sealed: true },
      'attested',
      'cmc',
      'confirmations',
    ],
    ['outside its CMC', { ...INSTITUTE, judgements: [inside, outside] }, 'attested', 'nmi-word', 'line'],
    [
      'outside its CMC on a parent that failed',
      { ...INSTITUTE, judgements: [outside], parents: [fallen] },
      'failed',
      'nmi-word',
      'line',
      'parent-failed',
    ],
    ['below the CMC that covers it', { ...INSTITUTE, judgements: [inside, below] }, 'failed', null, 'below-cmc'],
    [
      'outside one CMC and below another',
      { ...INSTITUTE, judgements: [outside, below] },
      'failed',
      null,
      'line',
      'below-cmc',
    ],
    ['without an uncertainty', { ...INSTITUTE, judgements: [unstated] }, 'missing', null, 'uncertainty'],
    ['without a counted row', { ...INSTITUTE, judgements: [] }, 'missing', null, 'uncertainty'],
  ]);

  it('shows "sealed" only for a transcription whose seal is verified', () => {
    assert.equal(basisOf({ ...INSTITUTE, isTranscription: true, sealed: true }).sealed, true);
    assert.equal(basisOf({ ...INSTITUTE, isTranscription: true }).sealed, false);
    assert.equal(basisOf({ ...INSTITUTE, sealed: true }).sealed, false);
  });
});
