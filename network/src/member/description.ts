import { canonicalJson } from '@tracecal/core/model';
import { sha256 } from '@tracecal/core/platform';
import type { Consortium, MemberOrganisation, OrdererNode } from '../topology/index.js';
import { MemberError } from './errors.js';

/** SHA-256 of a description's canonical form, as it was parsed from its text: comments, order of keys and line breaks do not matter. */
export function descriptionDigest(consortium: Consortium): string {
  return sha256(canonicalJson(consortium));
}

/** A member of a description, and the ordering node that it runs, if any. @throws MemberError `UNKNOWN_MEMBER` */
export function partOf(
  { organisations, orderers }: Consortium,
  id: string,
): { readonly member: MemberOrganisation; readonly orderer: OrdererNode | undefined } {
  const member = organisations.find((each) => each.id === id);
  if (member === undefined) {
    const known = organisations.map((each) => each.id).join(', ');
    throw new MemberError('UNKNOWN_MEMBER', `The description has no member "${id}": name one of ${known}.`);
  }
  return { member, orderer: orderers.find(({ runBy }) => runBy === id) };
}
