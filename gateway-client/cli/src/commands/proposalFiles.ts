import { readExactText, writeExchangedFile } from '@tracecal/gateway-client/application';
import { MAX_PROPOSAL_CHARACTERS, proposalText, readProposal } from '@tracecal/network/proposal';
import type { Proposal, ProposalText } from '@tracecal/network/proposal';

/** A proposal's file as somebody sent it. @throws ApplicationError */
export async function proposalFile(name: string): Promise<ProposalText> {
  return { name, text: await readExactText(name, MAX_PROPOSAL_CHARACTERS) };
}

/** @throws ApplicationError; ProposalError */
export async function proposalIn(name: string): Promise<Proposal> {
  return readProposal(await proposalFile(name));
}

export function writeProposal(file: string, proposal: Proposal): Promise<void> {
  return writeExchangedFile(file, proposalText(proposal));
}
