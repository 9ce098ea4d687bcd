/**
 * Orders of the groups of the NIST curves on which certificates may be, by the name that OpenSSL gives the curve. With s, n - s gives a
 * second valid signature, which anybody can make: only the lower of the two is accepted.
 */
export const CURVE_ORDERS = {
  prime256v1: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
  secp384r1: 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
} as const;

/** Whether s is in the lower half of the group's order. */
export function isLowOn(curve: keyof typeof CURVE_ORDERS, s: bigint): boolean {
  return s <= CURVE_ORDERS[curve] >> 1n;
}
