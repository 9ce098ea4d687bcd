/**
 * Orders of the groups of the NIST curves on which certificates may be, by the name that OpenSSL gives the curve. With s, n - s gives a
 * second valid signature, which anybody can make: only the lower of the two is accepted.
 */
export const CURVE_ORDERS = {
  secp224r1: 0xffffffffffffffffffffffffffff16a2e0b8f03e13dd29455c5c2a3dn,
  prime256v1: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
  secp384r1: 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
  secp521r1:
    0x1fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409n,
} as const;

/** Whether s is in the lower half of the group's order. */
export function isLowOn(curve: keyof typeof CURVE_ORDERS, s: bigint): boolean {
  return s <= CURVE_ORDERS[curve] >> 1n;
}
