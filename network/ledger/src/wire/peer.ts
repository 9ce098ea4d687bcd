import { SignaturePolicyEnvelope } from './common.js';
import { bool, bytes, inner, int32, mapOf, oneOf, repeated, repeatedInner, string } from './fields.js';
import { message, type Message } from './message.js';

export interface ChaincodeId {
  readonly path: string;
  readonly name: string;
  readonly version: string;
}
export const ChaincodeId: Message<ChaincodeId> = message<ChaincodeId>({
  path: string(1),
  name: string(2),
  version: string(3),
});

export interface ChaincodeHeaderExtension {
  readonly chaincodeId: ChaincodeId | undefined;
}
export const ChaincodeHeaderExtension: Message<ChaincodeHeaderExtension> = message<ChaincodeHeaderExtension>({
  chaincodeId: inner(2, () => ChaincodeId),
});

/** `protos.ChaincodeInput`, without decorations: peers add those, and no proposal holds them. */
export interface ChaincodeInput {
  readonly args: readonly Uint8Array[];
  readonly isInit: boolean;
}
export const ChaincodeInput: Message<ChaincodeInput> = message<ChaincodeInput>({
  args: repeated(bytes(1)),
  isInit: bool(3),
});

export interface ChaincodeSpec {
  readonly type: number;
  readonly chaincodeId: ChaincodeId | undefined;
  readonly input: ChaincodeInput | undefined;
}
export const ChaincodeSpec: Message<ChaincodeSpec> = message<ChaincodeSpec>({
  type: int32(1),
  chaincodeId: inner(2, () => ChaincodeId),
  input: inner(3, () => ChaincodeInput),
});

export interface ChaincodeInvocationSpec {
  readonly chaincodeSpec: ChaincodeSpec | undefined;
}
export const ChaincodeInvocationSpec: Message<ChaincodeInvocationSpec> = message<ChaincodeInvocationSpec>({
  chaincodeSpec: inner(1, () => ChaincodeSpec),
});

/** `protos.ChaincodeProposalPayload`, without the transient data, which no hash covers. */
export interface ChaincodeProposalPayload {
  /** A serialised {@link ChaincodeInvocationSpec}. */
  readonly input: Uint8Array;
}
export const ChaincodeProposalPayload: Message<ChaincodeProposalPayload> = message<ChaincodeProposalPayload>({
  input: bytes(1),
});

export interface ChaincodeEvent {
  readonly chaincodeId: string;
  readonly txId: string;
  readonly eventName: string;
  readonly payload: Uint8Array;
}
export const ChaincodeEvent: Message<ChaincodeEvent> = message<ChaincodeEvent>({
  chaincodeId: string(1),
  txId: string(2),
  eventName: string(3),
  payload: bytes(4),
});

export interface Response {
  readonly status: number;
  readonly message: string;
  readonly payload: Uint8Array;
}
export const Response: Message<Response> = message<Response>({
  status: int32(1),
  message: string(2),
  payload: bytes(3),
});

export interface ChaincodeAction {
  readonly results: Uint8Array;
  readonly events: Uint8Array;
  readonly response: Response | undefined;
  readonly chaincodeId: ChaincodeId | undefined;
}
export const ChaincodeAction: Message<ChaincodeAction> = message<ChaincodeAction>({
  results: bytes(1),
  events: bytes(2),
  response: inner(3, () => Response),
  chaincodeId: inner(4, () => ChaincodeId),
});

export interface ProposalResponsePayload {
  readonly proposalHash: Uint8Array;
  readonly extension: Uint8Array;
}
export const ProposalResponsePayload: Message<ProposalResponsePayload> = message<ProposalResponsePayload>({
  proposalHash: bytes(1),
  extension: bytes(2),
});

export interface Endorsement {
  readonly endorser: Uint8Array;
  readonly signature: Uint8Array;
}
export const Endorsement: Message<Endorsement> = message<Endorsement>({ endorser: bytes(1), signature: bytes(2) });

export interface ChaincodeEndorsedAction {
  readonly proposalResponsePayload: Uint8Array;
  readonly endorsements: readonly Endorsement[];
}
export const ChaincodeEndorsedAction: Message<ChaincodeEndorsedAction> = message<ChaincodeEndorsedAction>({
  proposalResponsePayload: bytes(1),
  endorsements: repeatedInner(2, () => Endorsement),
});

export interface ChaincodeActionPayload {
  readonly chaincodeProposalPayload: Uint8Array;
  readonly action: ChaincodeEndorsedAction | undefined;
}
export const ChaincodeActionPayload: Message<ChaincodeActionPayload> = message<ChaincodeActionPayload>({
  chaincodeProposalPayload: bytes(1),
  action: inner(2, () => ChaincodeEndorsedAction),
});

export interface TransactionAction {
  readonly header: Uint8Array;
  readonly payload: Uint8Array;
}
export const TransactionAction: Message<TransactionAction> = message<TransactionAction>({
  header: bytes(1),
  payload: bytes(2),
});

export interface Transaction {
  readonly actions: readonly TransactionAction[];
}
export const Transaction: Message<Transaction> = message<Transaction>({
  actions: repeatedInner(1, () => TransactionAction),
});

export interface ApplicationPolicy {
  readonly signaturePolicy: SignaturePolicyEnvelope | undefined;
  readonly channelConfigPolicyReference: string | undefined;
}
export const ApplicationPolicy: Message<ApplicationPolicy> = message<ApplicationPolicy>({
  signaturePolicy: oneOf(
    'type',
    inner(1, () => SignaturePolicyEnvelope),
  ),
  channelConfigPolicyReference: oneOf('type', string(2)),
});

export interface ApiResource {
  readonly policyRef: string;
}
export const ApiResource: Message<ApiResource> = message<ApiResource>({ policyRef: string(1) });

export interface Acls {
  readonly acls: ReadonlyMap<string, ApiResource>;
}
export const Acls: Message<Acls> = message<Acls>({ acls: mapOf(1, () => ApiResource) });

/** `protos.TxValidationCode`, limited to the codes that occur in blocks. */
export const TX_CODE = {
  VALID: 0,
  NIL_ENVELOPE: 1,
  BAD_PAYLOAD: 2,
  BAD_COMMON_HEADER: 3,
  BAD_CREATOR_SIGNATURE: 4,
  INVALID_ENDORSER_TRANSACTION: 5,
  INVALID_CONFIG_TRANSACTION: 6,
  UNSUPPORTED_TX_PAYLOAD: 7,
  BAD_PROPOSAL_TXID: 8,
  DUPLICATE_TXID: 9,
  ENDORSEMENT_POLICY_FAILURE: 10,
  MVCC_READ_CONFLICT: 11,
  PHANTOM_READ_CONFLICT: 12,
  UNKNOWN_TX_TYPE: 13,
  TARGET_CHAIN_NOT_FOUND: 14,
  MARSHAL_TX_ERROR: 15,
  NIL_TXACTION: 16,
  EXPIRED_CHAINCODE: 17,
  CHAINCODE_VERSION_CONFLICT: 18,
  BAD_HEADER_EXTENSION: 19,
  BAD_CHANNEL_HEADER: 20,
  BAD_RESPONSE_PAYLOAD: 21,
  BAD_RWSET: 22,
  ILLEGAL_WRITESET: 23,
  INVALID_WRITESET: 24,
  INVALID_CHAINCODE: 25,
  NOT_VALIDATED: 254,
  INVALID_OTHER_REASON: 255,
} as const;
