import { hostOf } from '../pki/index.js';
import type { Consortium, MemberOrganisation, OrdererNode } from '../topology/index.js';

/** A rotation names something that is not in the network; nothing was changed. */
export class RotationError extends Error {
  override readonly name = 'RotationError';
  readonly code = 'ROTATION_REFUSED';
}

/**
 * The member whose CA is to be replaced.
 * @throws RotationError
 */
export function organisationOf({ organisations }: Consortium, id: string): MemberOrganisation {
  const found = organisations.find((organisation) => organisation.id === id);
  if (found !== undefined) return found;
  throw new RotationError(
    `The network has no organisation ${id}: it has ${organisations.map((one) => one.id).join(', ')}.`,
  );
}

/** The users whose keys a new CA does not certify again: many have the key of a shared identity, and some are to have it no longer. */
export function sharedUsers({ shared = false, users }: MemberOrganisation): readonly string[] {
  return shared ? users.map(({ name }) => name) : [];
}

/**
 * The orderer, by its full name, whose certificates are to be replaced.
 * @throws RotationError
 */
export function ordererOf({ orderers }: Consortium, name: string): OrdererNode {
  const found = orderers.find((orderer) => hostOf(orderer, orderer) === name);
  if (found !== undefined) return found;
  const names = orderers.map((orderer) => hostOf(orderer, orderer)).join(', ');
  throw new RotationError(`The network has no orderer ${name}: it has ${names}.`);
}
