import type { ChannelAccess } from '@tracecal/ledger/policy';
import { ChangedPolicies, checkEndorsement } from '@tracecal/ledger/validation';
import type { CommittedState, DefinedChaincode, Examined, NamespaceReadWriteSet } from '@tracecal/ledger/validation';
import { ApplicationPolicy, ChaincodeActionPayload, SerializedIdentity, Transaction } from '@tracecal/ledger/wire';
import { REGISTRY_CHAINCODE } from './answered.js';
import { readProposal } from './proposal.js';
import type { Proposal } from './proposal.js';
import { demand, NotShown } from './shown.js';

/** Who must endorse what the registry writes: its definition refers to this policy, wherever the configuration takes it. */
const POLICY = '/Channel/Application/Endorsement';

/** Nothing that was committed before matters: the registry gives no key a policy of its own. */
const NO_STATE: CommittedState = {
  record: () => undefined,
  // eslint-disable-next-line @typescript-eslint/require-await
  records: async function* () {
    yield* [];
  },
};

/** A transaction of the registry, as its endorsers executed it. */
export interface EndorsedCall {
  readonly proposal: Proposal;
  readonly sets: readonly NamespaceReadWriteSet[];
  /** MSP ids, sorted. */
  readonly endorsers: readonly string[];
}

/** @throws NotShown if the configuration lets anything pass */
export function demandEndorsers(access: ChannelAccess): void {
  demand(!access.satisfies(POLICY, []).satisfied, 'the configuration asks for nobody to endorse');
}

/** What the proposal in a transaction called. @throws NotShown */
export function proposalIn({ transaction }: NonNullable<Examined['bound']>): Proposal {
  const [{ header, payload } = { header: new Uint8Array(), payload: new Uint8Array() }] = Transaction.decode(
    transaction.data,
  ).actions;
  return readProposal({
    channelHeader: transaction.channelHeaderBytes,
    signatureHeader: header,
    payload: ChaincodeActionPayload.decode(payload).chaincodeProposalPayload,
  });
}

/** A transaction that those endorsed whom the configuration asks for. @throws NotShown with this sentence if too few did */
export function endorsedCall(
  bound: NonNullable<Examined['bound']>,
  access: ChannelAccess,
  tooFew: string,
): EndorsedCall {
  const { action } = bound;
  const checked = checkEndorsement(bound, {
    access,
    definition: (name) => (name === REGISTRY_CHAINCODE ? DEFINITION : undefined),
    committed: NO_STATE,
    changed: new ChangedPolicies(),
  });
  if ('code' in checked) throw new NotShown(tooFew);
  const ids = action.endorsed.endorsements.map(({ endorser }) => SerializedIdentity.decode(endorser).mspId);
  return { proposal: proposalIn(bound), sets: checked.sets, endorsers: [...new Set(ids)].sort() };
}

const DEFINITION: DefinedChaincode = {
  name: REGISTRY_CHAINCODE,
  endorsementPolicy: ApplicationPolicy.encode({ channelConfigPolicyReference: POLICY }),
  collections: [],
};
