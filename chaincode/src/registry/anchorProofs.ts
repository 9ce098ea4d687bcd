import type { ProofsAnchored } from '@tracecal/core/contracts';
import { RegistryError, SHA256_HEX } from '@tracecal/core/model';
import { keys } from '@tracecal/core/registry';
import type { Context } from 'fabric-contract-api';
import { LedgerWriter } from '../contract/index.js';

/**
 * Writes the Merkle root of proofs, and nothing else. It is the one write that reads no state, not even the open epoch or who calls:
 * so nothing that happens meanwhile can make it invalid, and an outsider can tell from its block alone that it is valid. The channel
 * decides who may write. What it writes stands under a key of its own kind, which no verdict reads; writing a root again changes
 * nothing.
 *
 * @throws RegistryError `INPUT_INVALID`
 */
export async function anchorProofs({ stub }: Context, root: string): Promise<ProofsAnchored> {
  if (!SHA256_HEX.test(root)) {
    throw new RegistryError('INPUT_INVALID', 'proofs are anchored by a Merkle root: 64 lower-case hexadecimal digits.');
  }
  const state = new LedgerWriter(stub);
  state.write(keys.proofs(root), {});
  await state.concludeUnannounced();
  return { root };
}
