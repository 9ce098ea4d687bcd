/** A small writer of DER: what tests sign is written by other code than what reads it. */
export function tlv(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents);
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

export const sequence = (...items: readonly Uint8Array[]) => tlv(0x30, ...items);
export const setOf = (...items: readonly Uint8Array[]) => tlv(0x31, ...items);
export const octets = (bytes: Uint8Array) => tlv(0x04, bytes);
export const bits = (bytes: Uint8Array, unused = 0) => tlv(0x03, Buffer.from([unused]), bytes);
export const utf8 = (text: string) => tlv(0x0c, Buffer.from(text));
export const boolean = (value: boolean) => tlv(0x01, Buffer.from([value ? 0xff : 0]));
export const enumerated = (value: number) => tlv(0x0a, Buffer.from([value]));
export const explicit = (tag: number, ...items: readonly Uint8Array[]) => tlv(0xa0 | tag, ...items);
export const nothing = () => tlv(0x05);

export function integer(value: number): Buffer {
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  return tlv(0x02, (bytes[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes);
}

export function oid(text: string): Buffer {
  const [first = 0, second = 0, ...rest] = text.split('.').map(Number);
  return tlv(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

/** GeneralizedTime, to the second. */
export function time(date: Date): Buffer {
  return tlv(0x18, Buffer.from(date.toISOString().replaceAll(/[-:T]|\.\d+/g, '')));
}

function base128(value: number): number[] {
  const digits = [value & 0x7f];
  for (let rest = value >>> 7; rest > 0; rest >>>= 7) {
    digits.unshift((rest & 0x7f) | 0x80);
  }
  return digits;
}
