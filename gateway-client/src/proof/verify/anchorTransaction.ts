import { PROOFS_KEY } from '@tracecal/core/contracts';
import type { Instant } from '@tracecal/core/model';
import { accessFromConfig } from '@tracecal/ledger/policy';
import type { ChannelAccess } from '@tracecal/ledger/policy';
import { decodeReadWriteSet, deletes, examine, writesAnything } from '@tracecal/ledger/validation';
import type { Examined, NamespaceReadWriteSet } from '@tracecal/ledger/validation';
import { ChaincodeAction, TX_CODE } from '@tracecal/ledger/wire';
import { REGISTRY_CHAINCODE } from './answered.js';
import { demandEndorsers, endorsedCall, proposalIn } from './endorsedCall.js';
import { carried, demand } from './shown.js';

export const ANCHOR_PROOFS = 'anchorProofs';

const LIFECYCLE = '_lifecycle';

/** A valid transaction that wrote a root. */
export interface AnchorTransaction {
  /** By its sender's clock; its endorsers accept a quarter of an hour more or less. */
  readonly time: Instant;
  /** MSP ids, sorted. */
  readonly endorsers: readonly string[];
}

type Bound = NonNullable<Examined['bound']>;

/**
 * The transaction in a block that anchored a root, if its validity follows from itself and the configuration. Whether it is valid is
 * never taken from the block: no orderer signs that.
 *
 * @param config A serialised `common.Config`: the one in force.
 * @throws NotShown
 */
export function anchorIn(
  envelopes: readonly Uint8Array[],
  root: string,
  { channelId, config }: { readonly channelId: string; readonly config: Uint8Array },
): AnchorTransaction {
  const access = carried('the configuration cannot be read', () => accessFromConfig(channelId, config));
  demandEndorsers(access);
  const found = envelopes.flatMap((envelope) => {
    const examined = examine(envelope, access);
    return examined.bound && writesRoot(examined.bound, root) ? [{ examined, bound: examined.bound }] : [];
  });
  const [anchor] = found;
  demand(anchor !== undefined, 'no transaction in the block anchors the root that this bundle leads to');
  demand(anchor.examined.code === TX_CODE.VALID, 'the transaction that anchors it is not valid');
  return validAnchor(anchor.bound, root, access);
}

function validAnchor(bound: Bound, root: string, access: ChannelAccess): AnchorTransaction {
  const { chaincode, transaction: called, args } = proposalIn(bound);
  demand(
    chaincode === REGISTRY_CHAINCODE && called === ANCHOR_PROOFS && args.length === 1 && args[0] === root,
    `the transaction that writes the root is not ${ANCHOR_PROOFS} of the chaincode ${REGISTRY_CHAINCODE}`,
  );
  const { sets, endorsers, proposal } = endorsedCall(
    bound,
    access,
    'the transaction that anchors it is not valid: too few of those endorsed it whom the configuration asks for',
  );
  demandOnlyRoot(sets, root);
  return { time: proposal.time, endorsers };
}

/** Without reads it cannot conflict with anything, except that peers read which version of the chaincode is agreed. */
function demandOnlyRoot(sets: readonly NamespaceReadWriteSet[], root: string): void {
  for (const set of sets) {
    const { namespace, state, collections } = set;
    const isLifecycle = namespace === LIFECYCLE && !writesAnything(set);
    const writes = state.writes.map(({ key }) => key);
    const isAnchor =
      namespace === REGISTRY_CHAINCODE &&
      [state.reads, state.rangeQueriesInfo, state.metadataWrites, collections].every(({ length }) => length === 0) &&
      writes.length === 1 &&
      writes[0] === proofsKey(root);
    demand(isLifecycle || isAnchor, 'the transaction that anchors it reads or writes something else');
  }
}

function writesRoot({ action }: Bound, root: string): boolean {
  try {
    return decodedSets(action.response.extension).some(
      ({ namespace, state }) =>
        namespace === REGISTRY_CHAINCODE &&
        state.writes.some((write) => write.key === proofsKey(root) && !deletes(write)),
    );
  } catch {
    return false;
  }
}

function decodedSets(extension: Uint8Array): readonly NamespaceReadWriteSet[] {
  return decodeReadWriteSet(ChaincodeAction.decode(extension).results);
}

/** A composite key as the shim makes it. */
function proofsKey(root: string): string {
  return `\u0000${PROOFS_KEY}\u0000${root}\u0000`;
}
