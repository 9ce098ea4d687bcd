import type { Edge, VerdictStatus } from '@tracecal/core/trace';
import type { TierName } from '@tracecal/gateway-client/proof/verify';

/** What the outcomes mean, in a sentence each. */
export const MEANINGS: Readonly<Record<VerdictStatus, string>> = {
  TRACEABLE: 'Every link up to an institute that you trust is signed and sound.',
  ATTESTED: "The chain is sound, but a link rests on somebody's word.",
  INCOMPLETE: 'Nothing is wrong with what is there, but something is missing.',
  FAILED: 'A link of the chain does not hold.',
};

export const TONES: Readonly<Record<VerdictStatus, string>> = {
  TRACEABLE: 'good',
  ATTESTED: 'doubt',
  INCOMPLETE: 'doubt',
  FAILED: 'bad',
};

/** The questions that the tiers answer. */
export const QUESTIONS: Readonly<Record<TierName, string>> = {
  chain: 'Is there a chain of signed, sound calibrations?',
  fresh: 'Has anything changed since the bundle was made?',
  endorsed: "Do the organisations' peers confirm that nothing was left out?",
  recorded: 'When did this bundle exist already?',
};

export const OUTCOMES: Readonly<Record<Edge['outcome'], { readonly mark: string; readonly tone: string }>> = {
  sound: { mark: '✓', tone: 'good' },
  attested: { mark: '~', tone: 'doubt' },
  missing: { mark: '?', tone: 'doubt' },
  failed: { mark: '✗', tone: 'bad' },
};
