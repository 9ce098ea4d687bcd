import type { Random } from './random.js';

/** A way to damage bytes. Each gets bytes that it may change, and others of the same kind. */
export type Mutation = (bytes: Uint8Array, random: Random, other: Uint8Array) => Uint8Array;

const placeIn = (bytes: Uint8Array, random: Random): number => random.between(0, Math.max(0, bytes.length - 1));
const changedAt = (bytes: Uint8Array, place: number, value: number): Uint8Array =>
  bytes.map((byte, index) => (index === place ? value : byte));
const joined = (...parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(parts.flatMap((part) => [...part]));

/** By what a person would call them. */
export const MUTATIONS: Readonly<Record<string, Mutation>> = {
  'a bit flipped': (bytes, random) => {
    const place = placeIn(bytes, random);
    return changedAt(bytes, place, (bytes[place] ?? 0) ^ (1 << random.between(0, 7)));
  },
  'a byte changed': (bytes, random) => changedAt(bytes, placeIn(bytes, random), random.between(0, 255)),
  'a byte left out': (bytes, random) => {
    const place = placeIn(bytes, random);
    return joined(bytes.subarray(0, place), bytes.subarray(place + 1));
  },
  'a byte put in': (bytes, random) => {
    const place = placeIn(bytes, random);
    return joined(bytes.subarray(0, place), Uint8Array.of(random.between(0, 255)), bytes.subarray(place));
  },
  'cut short': (bytes, random) => bytes.subarray(0, placeIn(bytes, random)),
  'its beginning cut off': (bytes, random) => bytes.subarray(placeIn(bytes, random) + 1),
  'a part twice': (bytes, random) => {
    const [from, to] = [placeIn(bytes, random), placeIn(bytes, random)].sort((a, b) => a - b) as [number, number];
    return joined(bytes.subarray(0, to), bytes.subarray(from, to), bytes.subarray(to));
  },
  'two bytes exchanged': (bytes, random) => {
    const [one, other] = [placeIn(bytes, random), placeIn(bytes, random)];
    return changedAt(changedAt(bytes, one, bytes[other] ?? 0), other, bytes[one] ?? 0);
  },
  'a part of zeros': (bytes, random) => {
    const from = placeIn(bytes, random);
    return bytes.map((byte, index) => (index >= from && index < from + 8 ? 0 : byte));
  },
  'an unknown field after it': (bytes, random) => joined(bytes, Uint8Array.of(0xf8, 0x01, random.between(0, 127))),
  'a known field once more': (bytes, random) => joined(bytes, Uint8Array.of(0x0a, 1, random.between(0, 127))),
  'the one of another bundle': (_bytes, _random, other) => other,
};
