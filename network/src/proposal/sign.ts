import type { Config } from '@tracecal/ledger/wire';
import type { ConfigSigner } from '../channel/index.js';
import { ProposalError } from './errors.js';
import { needsOf } from './needs.js';
import { withSignatures, type Proposal } from './proposal.js';
import { signedBy } from './signatures.js';
import { requireCurrent } from './state.js';
import { changeWords } from './words.js';

/** An administrator's identity with its MSP. */
export type ProposalSigner = ConfigSigner & { readonly mspId: string };

/**
 * Adds the signatures of a member's administrators, as far as the policies ask for them.
 *
 * @param current - The channel's configuration, as one of the member's own nodes has it: without it, nobody knows what the update removes.
 * @throws ProposalError `NOT_SHOWN`, `STALE`, `NOT_NEEDED`, `NOT_ADMINISTRATOR`
 */
export async function signProposal(
  proposal: Proposal,
  current: Config,
  signers: readonly ProposalSigner[],
): Promise<Proposal> {
  requireCurrent(proposal, current);
  const hidden = changeWords(proposal.effect.changes).find(({ isFull }) => !isFull);
  if (hidden !== undefined) {
    throw new ProposalError(
      'NOT_SHOWN',
      `The proposal changes ${hidden.where}, which this release cannot show in full: it is not signed; ask its author for a proposal without that.`,
    );
  }
  const asked = new Set(needsOf(proposal).flatMap(({ signed, open }) => [...signed, ...open]));
  const able = signers.filter(({ mspId }) => asked.has(mspId));
  if (able.length === 0) {
    const [first] = signers;
    throw new ProposalError(
      'NOT_NEEDED',
      `No policy asks for a signature of ${first?.mspId ?? 'this member'}: those of ${[...asked].sort().join(', ')} count.`,
    );
  }
  const made = await Promise.all(able.map((signer) => signedBy(proposal, signer, `The identity of ${signer.mspId}`)));
  return withSignatures(proposal, made);
}
