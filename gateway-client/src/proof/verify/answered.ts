import { base64Text, utf8Text } from '@tracecal/core/platform';
import { parseJson } from '@tracecal/core/model';
import type { Json } from '@tracecal/core/model';
import { decodeReadWriteSet, writesAnything } from '@tracecal/ledger/validation';
import { ChaincodeAction, ProposalResponsePayload, sameBytes } from '@tracecal/ledger/wire';
import * as z from '@tracecal/core/shape';
import type { Endorsers } from '../../client/trust/endorsers.js';
import { bytesIn, bytesShape } from './bytes.js';
import { readProposal } from './proposal.js';
import type { Proposal } from './proposal.js';
import { carried, demand } from './shown.js';
import { endorsedBy } from './signers.js';
import type { EndorsedBy } from './signers.js';

/** The chaincode whose answers peers endorse. */
export const REGISTRY_CHAINCODE = 'registry';

/** Most endorsements: a peer or two of every institute. */
const MOST_ENDORSEMENTS = 256;
const OK = 200;

/** The question as it was asked, the one answer, and who endorsed it. All of it bytes, in base64. */
export interface EndorsedAnswer {
  readonly channelHeader: string;
  readonly signatureHeader: string;
  /** The `ChaincodeProposalPayload`, without transient data. */
  readonly proposal: string;
  /** The `ProposalResponsePayload`. */
  readonly response: string;
  readonly endorsements: readonly { readonly endorser: string; readonly signature: string }[];
}

export const endorsedShape = z.strictObject({
  channelHeader: bytesShape,
  signatureHeader: bytesShape,
  proposal: bytesShape,
  response: bytesShape,
  endorsements: z
    .array(z.strictObject({ endorser: bytesShape, signature: bytesShape }))
    .check(z.minLength(1), z.maxLength(MOST_ENDORSEMENTS)),
});

/** What peers answered, and the question as they were asked. */
export interface Answered extends EndorsedBy {
  readonly proposal: Proposal;
  readonly answer: Json;
}

/**
 * Reads an endorsed answer.
 *
 * @param requireQuestion - Throws unless it is the one that was asked.
 * @throws NotShown unless it answers that question, and wrote nothing
 */
export function answeredIn(
  endorsed: EndorsedAnswer,
  endorsers: Endorsers,
  requireQuestion: (proposal: Proposal) => void,
): Answered {
  const proposal = readProposal({
    channelHeader: bytesIn(endorsed.channelHeader),
    signatureHeader: bytesIn(endorsed.signatureHeader),
    payload: bytesIn(endorsed.proposal),
  });
  requireQuestion(proposal);
  const payload = bytesIn(endorsed.response);
  const answer = answerIn(payload, proposal);
  const endorsements = endorsed.endorsements.map(({ endorser, signature }) => ({
    endorser: bytesIn(endorser),
    signature: bytesIn(signature),
  }));
  return { proposal, answer, ...endorsedBy(payload, endorsements, endorsers) };
}

/** The answer inside a payload. @throws NotShown */
function answerIn(payload: Uint8Array, { hash }: Proposal): Json {
  return carried('the answer that was endorsed cannot be read', () => {
    const { proposalHash, extension } = ProposalResponsePayload.decodeExact(payload);
    demand(sameBytes(proposalHash, hash), 'the answer that was endorsed belongs to another question');
    const { results, response, chaincodeId, events } = ChaincodeAction.decode(extension);
    demand(chaincodeId?.name === REGISTRY_CHAINCODE, 'the answer that was endorsed is of another chaincode');
    demand(response?.status === OK, 'what was endorsed is not an answer but an error');
    const writes = decodeReadWriteSet(results).some(writesAnything);
    demand(!writes && events.length === 0, 'what was endorsed is not a question: it writes');
    return parseJson(utf8Text(response.payload) ?? '', { maxLength: 8_388_608, maxDepth: 6 });
  });
}

/** Who spoke for the answer, and whether they are enough. */
export interface Counted {
  readonly suffices: boolean;
  /** Either who they are, or what is missing. */
  readonly words: string;
}

/** How many organisations count: all peers of an embedded network are one. */
export function counted({ k, engine }: Endorsers, { organisations, refusals }: EndorsedBy): Counted {
  const isOneMachine = engine === 'embedded';
  const count = isOneMachine ? Math.min(organisations.length, 1) : organisations.length;
  const named = organisations.join(', ');
  if (count < k) {
    const machine =
      isOneMachine && organisations.length > 0 ? `: they run on an embedded network, which is one machine` : '';
    const why = refusals.length > 0 ? ` (${refusals.join('; ')})` : '';
    const counts = count === 1 ? '1 counts' : `${count} count`;
    return {
      suffices: false,
      words: `you ask for peers of ${k}, and ${counts}${named === '' ? '' : ` of ${named}`}${machine}${why}`,
    };
  }
  return {
    suffices: true,
    words: isOneMachine ? `one machine, an embedded network that signs as ${named},` : `peers of ${named}`,
  };
}

/** What of a prepared transaction a file carries. */
export function endorsedAnswer({
  endorsements,
  ...parts
}: {
  readonly channelHeader: Uint8Array;
  readonly signatureHeader: Uint8Array;
  readonly proposal: Uint8Array;
  readonly response: Uint8Array;
  readonly endorsements: readonly { readonly endorser: Uint8Array; readonly signature: Uint8Array }[];
}): EndorsedAnswer {
  return {
    channelHeader: base64Text(parts.channelHeader),
    signatureHeader: base64Text(parts.signatureHeader),
    proposal: base64Text(parts.proposal),
    response: base64Text(parts.response),
    endorsements: endorsements.map(({ endorser, signature }) => ({
      endorser: base64Text(endorser),
      signature: base64Text(signature),
    })),
  };
}

/** A text of somebody else, for a sentence. */
export function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 128));
}
