import { peer } from '@hyperledger/fabric-protos';
import type { ChannelAccess, SignedData } from '../../access/types.js';
import { type ChangedPolicies, endorsementsSuffice } from './endorsementPolicy.js';
import {
  attempt,
  type BoundAction,
  chaincodeAction,
  type EndorserTransaction,
  parseAction,
  parseEnvelope,
  transactionIdOf,
} from './envelope.js';
import { decodeReadWriteSet, type NamespaceReadWriteSet, writesAnything } from './rwset.js';
import type { Reads } from './store.js';
import type { ChaincodeDefinition } from './types.js';

const Code = peer.TxValidationCode;

/** A transaction after the checks that need no state. A code other than VALID is final. */
export interface Examined {
  readonly code: number;
  readonly txId: string;
  readonly kind: 'endorser' | 'config' | 'other';
  readonly bound?: { readonly transaction: EndorserTransaction; readonly action: BoundAction };
}

/** Form, channel, creator and proposal binding of whatever bytes came as an envelope. Never throws. */
export function examine(envelope: Uint8Array, access: ChannelAccess): Examined {
  const parsed = parseEnvelope(envelope);
  const { txId } = parsed;
  const refused = (code: number): Examined => ({ code, txId, kind: 'other' });
  if (parsed.kind === 'malformed') {
    return refused(parsed.code);
  }
  if (parsed.channelId !== access.channelId) {
    return refused(Code.TARGET_CHAIN_NOT_FOUND);
  }
  // Whether a certificate has expired is asked at the door: here, every replay must find the same answer.
  const signed = { data: parsed.payload, identity: parsed.creator, signature: parsed.signature };
  if (attempt(() => access.authenticate(signed, { timeless: true })) === undefined) {
    return refused(Code.BAD_CREATOR_SIGNATURE);
  }
  if (parsed.kind !== 'endorser') {
    return parsed.kind === 'config' ? { code: Code.VALID, txId, kind: 'config' } : refused(Code.UNSUPPORTED_TX_PAYLOAD);
  }
  if (txId !== transactionIdOf(parsed.nonce, parsed.creator)) {
    return refused(Code.BAD_PROPOSAL_TXID);
  }
  const action = parseAction(parsed);
  return action === undefined
    ? refused(Code.INVALID_ENDORSER_TRANSACTION)
    : { code: Code.VALID, txId, kind: 'endorser', bound: { transaction: parsed, action } };
}

/** What a block is checked against. */
export interface ValidationContext {
  readonly access: ChannelAccess;
  readonly definition: (chaincode: string) => ChaincodeDefinition | undefined;
  readonly committed: Reads;
  readonly changed: ChangedPolicies;
}

export type Dispatched = { readonly sets: readonly NamespaceReadWriteSet[] } | { readonly code: number };

/** Checks an endorser transaction against the chaincode definitions and policies as committed before its block. */
export function checkEndorsement(
  { transaction, action: bound }: NonNullable<Examined['bound']>,
  context: ValidationContext,
): Dispatched {
  const extension = attempt(() =>
    peer.ChaincodeHeaderExtension.deserializeBinary(transaction.channelHeader.getExtension_asU8()),
  );
  if (extension === undefined) {
    return { code: Code.BAD_HEADER_EXTENSION };
  }
  const action = chaincodeAction(bound);
  if (action === undefined) {
    return { code: Code.BAD_RESPONSE_PAYLOAD };
  }
  const sets = attempt(() => decodeReadWriteSet(action.getResults_asU8()));
  if (sets === undefined) {
    return { code: Code.BAD_RWSET };
  }
  const code = checkChaincode(extension, action, context) || checkNamespaces(action, sets, bound.endorsed, context);
  return code === Code.VALID ? { sets } : { code };
}

function checkChaincode(
  extension: peer.ChaincodeHeaderExtension,
  action: peer.ChaincodeAction,
  context: ValidationContext,
): number {
  const invoked = extension.getChaincodeId();
  const executed = action.getChaincodeId();
  if (invoked === undefined || executed === undefined) {
    return Code.INVALID_OTHER_REASON;
  }
  const name = invoked.getName();
  if (name === '' || name !== executed.getName() || executed.getVersion() === '') {
    return Code.INVALID_CHAINCODE;
  }
  if (!eventIsOf(name, action.getEvents_asU8())) {
    return Code.INVALID_OTHER_REASON;
  }
  const definition = context.definition(name);
  if (definition === undefined) {
    return Code.INVALID_CHAINCODE;
  }
  // As a real peer says it, which finds it out through a read of the definition's sequence.
  return definition.version === executed.getVersion() ? Code.VALID : Code.MVCC_READ_CONFLICT;
}

function eventIsOf(chaincode: string, event: Uint8Array): boolean {
  return (
    event.length === 0 || attempt(() => peer.ChaincodeEvent.deserializeBinary(event).getChaincodeId()) === chaincode
  );
}

function checkNamespaces(
  action: peer.ChaincodeAction,
  sets: readonly NamespaceReadWriteSet[],
  endorsed: peer.ChaincodeEndorsedAction,
  context: ValidationContext,
): number {
  const byNamespace = new Map(sets.map((set) => [set.namespace, set]));
  if (byNamespace.size < sets.length) {
    return Code.ILLEGAL_WRITESET;
  }
  const endorsements = signedEndorsements(endorsed);
  const invoked = action.getChaincodeId()?.getName() ?? '';
  const written = sets.filter(writesAnything).map(({ namespace }) => namespace);
  for (const namespace of new Set([invoked, ...written])) {
    const definition = context.definition(namespace);
    if (definition === undefined) {
      return Code.INVALID_CHAINCODE;
    }
    if (!endorsementsSuffice(definition, byNamespace.get(namespace), { ...context, endorsements })) {
      return Code.ENDORSEMENT_POLICY_FAILURE;
    }
  }
  return Code.VALID;
}

function signedEndorsements(endorsed: peer.ChaincodeEndorsedAction): SignedData[] {
  const response = endorsed.getProposalResponsePayload_asU8();
  return endorsed.getEndorsementsList().map((endorsement) => {
    const identity = endorsement.getEndorser_asU8();
    return { data: Buffer.concat([response, identity]), identity, signature: endorsement.getSignature_asU8() };
  });
}
