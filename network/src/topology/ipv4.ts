/** An IPv4 address. */
export const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/;

/** The addresses of a network, as numbers: both ends belong to it. */
export interface AddressRange {
  readonly first: number;
  readonly last: number;
}

const WIDEST_PREFIX = 8;

/** The addresses of `10.0.0.5` or `10.0.0.0/24`, or undefined if the text is neither, or too wide to be one network. */
export function rangeOf(text: string): AddressRange | undefined {
  const [address = '', prefix = '32', ...rest] = text.split('/');
  if (rest.length > 0 || !IPV4.test(address) || !/^\d{1,2}$/.test(prefix)) return undefined;
  const length = Number(prefix);
  if (length < WIDEST_PREFIX || length > 32) return undefined;
  const first = address.split('.').reduce((value, part) => value * 256 + Number(part), 0);
  const size = 2 ** (32 - length);
  // A host address with a prefix is usually a mistake: one machine was meant, or another network.
  return first % size === 0 ? { first, last: first + size - 1 } : undefined;
}

/** Whether the text is the address of one machine. */
export function isOneAddress(text: string): boolean {
  return IPV4.test(text);
}

/** Whether a text that was checked is an address or a network, and no name. */
export function isNumeric(text: string): boolean {
  return /^[\d./]+$/.test(text);
}

/** Whether all addresses of one network belong to the other. */
export function isWithin(inner: string, outer: string): boolean {
  const [one, other] = [rangeOf(inner), rangeOf(outer)];
  return one !== undefined && other !== undefined && one.first >= other.first && one.last <= other.last;
}

/** Whether two networks have an address in common. */
export function overlaps(a: string, b: string): boolean {
  const [one, other] = [rangeOf(a), rangeOf(b)];
  return one !== undefined && other !== undefined && one.first <= other.last && other.first <= one.last;
}

/** The same addresses in order, without networks that lie within another of the list. */
export function withoutNested(networks: readonly string[]): readonly string[] {
  const unique = [...new Set(networks)];
  return unique
    .filter((network) => !unique.some((other) => other !== network && isWithin(network, other)))
    .sort((a, b) => (rangeOf(a)?.first ?? 0) - (rangeOf(b)?.first ?? 0));
}
