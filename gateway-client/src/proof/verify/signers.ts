import { checkSignature, Members } from '@tracecal/ledger/identity';
import type { Member } from '@tracecal/ledger/identity';
import { concatenate, SerializedIdentity } from '@tracecal/ledger/wire';
import type { Endorsement } from '@tracecal/ledger/wire';
import { mspOf } from '../../client/trust/endorsers.js';
import type { Endorsers } from '../../client/trust/endorsers.js';
import { carried } from './shown.js';

/** The organisations whose peers signed an answer, and why other signatures do not count. */
export interface EndorsedBy {
  /** MSP ids, sorted, each once. */
  readonly organisations: readonly string[];
  readonly refusals: readonly string[];
}

/**
 * Who endorsed a payload. Only peers speak for an organisation: any client of it has a certificate, too. Several peers of one
 * organisation are one word.
 */
export function endorsedBy(
  payload: Uint8Array,
  endorsements: readonly Endorsement[],
  { organisations }: Endorsers,
): EndorsedBy {
  const members = new Members(organisations.map(mspOf));
  const outcomes = endorsements.map(({ endorser, signature }) => {
    try {
      // The signed bytes do not mark where the payload ends: see `readProposal`.
      const { mspId } = carried('an endorser cannot be read', () => SerializedIdentity.decodeExact(endorser));
      const member = members.member(endorser);
      return refusalOf(member, concatenate(payload, endorser), signature) ?? { mspId };
    } catch (error) {
      return error instanceof Error ? sentenceOf(error) : String(error);
    }
  });
  const counted = outcomes.flatMap((each) => (typeof each === 'string' ? [] : [each.mspId]));
  return {
    organisations: [...new Set(counted)].sort(),
    refusals: [...new Set(outcomes.filter((each) => typeof each === 'string'))],
  };
}

function refusalOf({ mspId, nodeRole, certificate }: Member, signed: Uint8Array, signature: Uint8Array) {
  if (nodeRole !== 'peer') {
    return `a signature of ${mspId} is by a ${nodeRole ?? 'member'}, not by a peer`;
  }
  switch (checkSignature(certificate, signed, signature)) {
    case 'valid':
      return undefined;
    case 'HIGH_S':
      return `a signature of ${mspId} has the larger of its two s values`;
    case 'BAD_SIGNATURE':
      return `a signature of ${mspId} does not belong to this answer`;
  }
}

function sentenceOf({ message }: Error): string {
  return message.replace(/\.$/, '').replace(/ is not defined on the channel$/, ' is none that you trust');
}
