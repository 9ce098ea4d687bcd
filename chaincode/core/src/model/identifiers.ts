/** Ids: readable, and safe in composite keys, file names and shells. */
export const IDENTIFIER = /^[A-Za-z0-9](?:[A-Za-z0-9._:+-]|\/(?=[A-Za-z0-9])){0,127}$/;

/** Ids of organisations: no slash, because it ends the prefix of everything that they register. */
export const ORGANISATION_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** Ids of people, devices and reports: `lab-alpha/ALPHA-T-2025-0412`. */
export const OWNED_ID =
  /^(?=.{3,128}$)[A-Za-z0-9][A-Za-z0-9._-]{0,63}\/[A-Za-z0-9](?:[A-Za-z0-9._:+-]|\/(?=[A-Za-z0-9]))*$/;

/** Kinds of quantity: `temperature`, `relative-humidity`. */
export const QUANTITY = /^[a-z](?:[a-z0-9]|-(?=[a-z0-9])){0,63}$/;

/**
 * The registry that a statement is signed for: the channel and the digest of the founding statement; in the founding itself, only the
 * channel.
 */
export const REGISTRY = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}(?::[0-9a-f]{64})?$/;

export const SHA256_HEX = /^[0-9a-f]{64}$/;

export const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

export const BASE64URL = /^[A-Za-z0-9_-]+$/;

/** The organisation that registered something, from its id: the prefix, or an organisation itself. */
export function registrantOf(id: string): string {
  const end = id.indexOf('/');
  return end < 0 ? id : id.slice(0, end);
}
