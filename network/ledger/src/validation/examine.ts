import type { SignedData } from '../identity/index.js';
import type { ChannelAccess } from '../policy/index.js';
import {
  ChaincodeEvent,
  ChaincodeHeaderExtension,
  concatenate,
  TX_CODE,
  type ChaincodeAction,
  type ChaincodeEndorsedAction,
} from '../wire/index.js';
import type { DefinedChaincode } from './definition.js';
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
import type { CommittedState } from './state.js';

/** A transaction after the checks that need no state. A code other than VALID is final. */
export interface Examined {
  readonly code: number;
  readonly txId: string;
  readonly kind: 'endorser' | 'config' | 'other';
  readonly bound?: { readonly transaction: EndorserTransaction; readonly action: BoundAction };
}

/** Checks form, channel, creator and proposal binding of an envelope, which may be any bytes. Never throws. */
export function examine(envelope: Uint8Array, access: ChannelAccess): Examined {
  const parsed = parseEnvelope(envelope);
  const { txId } = parsed;
  const refused = (code: number): Examined => ({ code, txId, kind: 'other' });
  if (parsed.kind === 'malformed') {
    return refused(parsed.code);
  }
  if (parsed.channelId !== access.channelId) {
    return refused(TX_CODE.TARGET_CHAIN_NOT_FOUND);
  }
  // Certificate expiry is checked when the envelope is submitted. Here, every replay must give the same result.
  const signed = { data: parsed.payload, identity: parsed.creator, signature: parsed.signature };
  if (attempt(() => access.authenticate(signed, { timeless: true })) === undefined) {
    return refused(TX_CODE.BAD_CREATOR_SIGNATURE);
  }
  if (parsed.kind !== 'endorser') {
    return parsed.kind === 'config'
      ? { code: TX_CODE.VALID, txId, kind: 'config' }
      : refused(TX_CODE.UNSUPPORTED_TX_PAYLOAD);
  }
  // Unlike the id under which the ledger finds the transaction, the header's own id must be there.
  if (parsed.channelHeader.txId !== transactionIdOf(parsed.nonce, parsed.creator)) {
    return refused(TX_CODE.BAD_PROPOSAL_TXID);
  }
  const action = parseAction(parsed);
  return action === undefined
    ? refused(TX_CODE.INVALID_ENDORSER_TRANSACTION)
    : { code: TX_CODE.VALID, txId, kind: 'endorser', bound: { transaction: parsed, action } };
}

/** What a block is checked against. */
export interface ValidationContext {
  readonly access: ChannelAccess;
  readonly definition: (chaincode: string) => DefinedChaincode | undefined;
  readonly committed: CommittedState;
  readonly changed: ChangedPolicies;
  /**
   * Whether a chaincode has got another definition since a version of it executed a transaction. Only where definitions are kept outside
   * the channel: elsewhere a peer reads the sequence of the definition when it endorses, and the reads tell.
   */
  readonly isOutdated?: (chaincode: string, version: string) => boolean;
}

export type Dispatched = { readonly sets: readonly NamespaceReadWriteSet[] } | { readonly code: number };

/** Checks an endorser transaction against the chaincode definitions and policies as committed before its block. */
export function checkEndorsement(
  { transaction, action: bound }: NonNullable<Examined['bound']>,
  context: ValidationContext,
): Dispatched {
  const extension = attempt(() => ChaincodeHeaderExtension.decode(transaction.channelHeader.extension));
  if (extension === undefined) {
    return { code: TX_CODE.BAD_HEADER_EXTENSION };
  }
  const action = chaincodeAction(bound);
  if (action === undefined) {
    return { code: TX_CODE.BAD_RESPONSE_PAYLOAD };
  }
  const sets = attempt(() => decodeReadWriteSet(action.results));
  if (sets === undefined) {
    return { code: TX_CODE.BAD_RWSET };
  }
  const code = checkChaincode(extension, action, context) || checkNamespaces(action, sets, bound.endorsed, context);
  return code === TX_CODE.VALID ? { sets } : { code };
}

function checkChaincode(
  extension: ChaincodeHeaderExtension,
  action: ChaincodeAction,
  context: ValidationContext,
): number {
  const invoked = extension.chaincodeId;
  const executed = action.chaincodeId;
  if (invoked === undefined || executed === undefined) {
    return TX_CODE.INVALID_OTHER_REASON;
  }
  const name = invoked.name;
  if (name === '' || name !== executed.name || executed.version === '') {
    return TX_CODE.INVALID_CHAINCODE;
  }
  if (!eventIsOf(name, action.events)) {
    return TX_CODE.INVALID_OTHER_REASON;
  }
  if (context.definition(name) === undefined) {
    return TX_CODE.INVALID_CHAINCODE;
  }
  // Fabric asks for some version, and compares it with nothing.
  return context.isOutdated?.(name, executed.version) === true ? TX_CODE.MVCC_READ_CONFLICT : TX_CODE.VALID;
}

function eventIsOf(chaincode: string, event: Uint8Array): boolean {
  return event.length === 0 || attempt(() => ChaincodeEvent.decode(event).chaincodeId) === chaincode;
}

function checkNamespaces(
  action: ChaincodeAction,
  sets: readonly NamespaceReadWriteSet[],
  endorsed: ChaincodeEndorsedAction,
  context: ValidationContext,
): number {
  const byNamespace = new Map(sets.map((set) => [set.namespace, set]));
  if (byNamespace.size < sets.length) {
    return TX_CODE.ILLEGAL_WRITESET;
  }
  const endorsements = signedEndorsements(endorsed);
  const invoked = action.chaincodeId?.name ?? '';
  const written = sets.filter(writesAnything).map(({ namespace }) => namespace);
  for (const namespace of new Set([invoked, ...written])) {
    const definition = context.definition(namespace);
    if (definition === undefined) {
      return TX_CODE.INVALID_CHAINCODE;
    }
    if (!endorsementsSuffice(definition, byNamespace.get(namespace), { ...context, endorsements })) {
      return TX_CODE.ENDORSEMENT_POLICY_FAILURE;
    }
  }
  return TX_CODE.VALID;
}

function signedEndorsements(endorsed: ChaincodeEndorsedAction): SignedData[] {
  return endorsed.endorsements.map(({ endorser: identity, signature }) => {
    return { data: concatenate(endorsed.proposalResponsePayload, identity), identity, signature };
  });
}
