import { MAX_NONCE } from '@tracecal/core/contracts';
import type { ProvedTrace } from '@tracecal/core/contracts';
import { canonicalJson } from '@tracecal/core/model';
import type { Epoch, Json } from '@tracecal/core/model';
import { sha256 } from '@tracecal/core/platform';
import { EvidenceMissing, recordDigests, sourceOf, traceCal, traceOptions, withoutTrust } from '@tracecal/core/trace';
import type { Evidence, Verdict } from '@tracecal/core/trace';
import type { TrustedChannel } from '../../client/trust/channel.js';
import type { Endorsers } from '../../client/trust/endorsers.js';
import { answeredIn, counted, quoted, REGISTRY_CHAINCODE } from './answered.js';
import type { Answered, EndorsedAnswer } from './answered.js';
import type { Proposal } from './proposal.js';
import { demand, NotShown, shown } from './shown.js';
import type { Tier } from './tiers.js';

/** The function that peers endorse for a bundle. */
export const PROVE_TRACE = 'proveTrace';

/** The part of a bundle that peers answer for. */
interface Proved {
  readonly device: string;
  readonly question: object;
  readonly epoch: Epoch;
  readonly evidence: Evidence;
  readonly endorsed?: EndorsedAnswer;
}

export interface EndorsedAsked {
  /** The channel that the verifier means, with the configuration to start from: a rehearsal in another one has the same members. */
  readonly channel?: TrustedChannel | undefined;
  readonly endorsers?: Endorsers | undefined;
  /** The word with which the question must have been asked. */
  readonly nonce?: string | undefined;
}

/** What peers of several organisations answer for: that they asked the ledger exactly this, and found exactly these records. */
export async function endorsedIn(
  bundle: Proved,
  { endorsers, channel, nonce }: EndorsedAsked,
): Promise<Tier | undefined> {
  const { endorsed } = bundle;
  if (!endorsed) return undefined;
  return shown(async () => {
    demand(endorsers !== undefined, 'your trust file does not say whose peers you believe (`endorsers`)');
    const answered = answeredIn(endorsed, endorsers, (proposal) => {
      requireQuestion(proposal, bundle, nonce);
      demand(
        channel === undefined || channel.name === proposal.channel,
        `it was asked in the channel ${quoted(proposal.channel)}, and you trust ${quoted(channel?.name ?? '')}`,
      );
    });
    await requireAnswer(answered.answer, bundle);
    return countedTier(endorsers, answered);
  });
}

function requireQuestion(proposal: Proposal, { device, question, evidence }: Proved, nonce: string | undefined): void {
  const { channel, chaincode, transaction, args } = proposal;
  const [asked, options, word = '', ...more] = args;
  demand(
    chaincode === REGISTRY_CHAINCODE && transaction === PROVE_TRACE && more.length === 0,
    `what was endorsed is no answer of ${PROVE_TRACE} of the chaincode ${REGISTRY_CHAINCODE}`,
  );
  demand(channel === evidence.channel, `what was endorsed was asked in the channel ${quoted(channel)}`);
  demand(asked === device, `what was endorsed is about ${quoted(asked ?? '')}`);
  demand(options === canonicalJson(question), 'what was endorsed answers another question about this device');
  demand(nonce === undefined || nonce === word, 'it was not asked with your nonce');
  demand(word.length <= MAX_NONCE, 'it was asked with a nonce that is too long');
}

async function requireAnswer(found: Json, { device, question, epoch, evidence }: Proved): Promise<void> {
  const answer = found as unknown as ProvedTrace;
  demand(
    canonicalJson(answer.records) === canonicalJson(recordDigests(evidence)),
    'its records are not those that the peers found: one was changed, added or left out',
  );
  const verdict = await again(() => traceCal(sourceOf(evidence), device, withoutTrust(traceOptions(question))));
  const expected = {
    type: 'tracecal-answer/1',
    epoch,
    status: verdict.status,
    verdict: sha256(canonicalJson(verdict)),
    records: answer.records,
  };
  demand(
    canonicalJson(answer) === canonicalJson(expected),
    'the peers came to another verdict over these records, or in another epoch',
  );
}

/** Whoever signs records that answer nothing has not asked the ledger. */
async function again(trace: () => Promise<Verdict>): Promise<Verdict> {
  try {
    return await trace();
  } catch (error) {
    throw error instanceof EvidenceMissing ? new NotShown('the records that the peers name answer nothing') : error;
  }
}

function countedTier(endorsers: Endorsers, answered: Answered): Tier {
  const { suffices, words } = counted(endorsers, answered);
  if (!suffices) return { holds: false, shows: words };
  const { time, channel, args } = answered.proposal;
  const [, , word = ''] = args;
  const nonce = word === '' ? ' without a nonce' : ` with the nonce ${quoted(word)}`;
  return {
    holds: true,
    shows: `${words} found exactly these records in ${channel}, asked at ${time}${nonce}; an honest peer answers only within 15 minutes of that`,
    by: answered.organisations,
    asOf: time,
  };
}
