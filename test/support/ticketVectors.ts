import { createPrivateKey, createPublicKey } from 'node:crypto';
import { p256 } from '@noble/curves/nist.js';
import { pointOfKey } from '@tracecal/gateway-client';
import { checkTicket, shortRegistry, ticketBytes, ticketKeyId, unsignedTicket } from '@tracecal/gateway-client/device';
import type { Ticket, TicketReader, TicketRefusal } from '@tracecal/gateway-client/device';

export interface Vector {
  readonly name: string;
  readonly answer: 'accepted' | TicketRefusal;
  readonly lastCounter: number;
  /** Unix seconds; null: the reader has no clock. */
  readonly now: number | null;
  readonly ticket: string;
}

export interface Vectors {
  readonly type: 'tracecal-ticket-vectors/1';
  /** Of the gate; for tests only. */
  readonly privateKey: string;
  readonly publicKey: string;
  readonly keyId: string;
  readonly device: string;
  readonly registry: string;
  readonly registryBytes: string;
  readonly vectors: readonly Vector[];
}

/** A key for tests only; signatures by it are the same in every run (RFC 6979). */
export class FixedKey {
  readonly secret: Uint8Array;
  readonly publicKey: Uint8Array;

  constructor(fill: number) {
    this.secret = new Uint8Array(32).fill(fill);
    this.publicKey = p256.getPublicKey(this.secret, false);
  }

  sign(bytes: Uint8Array): Uint8Array {
    return p256.sign(bytes, this.secret, { lowS: true, prehash: true }).toBytes();
  }

  /** The same key for libraries that take keys as JWK. */
  jwk() {
    const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url');
    const [x, y] = [text(this.publicKey.subarray(1, 33)), text(this.publicKey.subarray(33))];
    return { kty: 'EC', crv: 'P-256', x, y, d: text(this.secret) };
  }
}

export const GATE_KEY = new FixedKey(0x11);
export const OTHER_KEY = new FixedKey(0x22);
export const DEVICE = 'oem-a/RP4-0815';
export const REGISTRY = `calibration:${'5e'.repeat(32)}`;
const END = 1_900_000_000;
const HIGHEST = Number.MAX_SAFE_INTEGER;

export const READER: TicketReader = {
  publicKey: GATE_KEY.publicKey,
  device: DEVICE,
  registry: REGISTRY,
  lastCounter: 6,
  now: END - 3600,
};

export function contentWith(changes: Partial<Ticket> = {}): Ticket {
  return {
    device: DEVICE,
    registry: shortRegistry(REGISTRY),
    verdict: new Uint8Array(32).fill(0xc4),
    end: END,
    counter: 7,
    keyId: ticketKeyId(GATE_KEY.publicKey),
    ...changes,
  };
}

export async function signedTicket(changes: Partial<Ticket> = {}, key = GATE_KEY): Promise<Uint8Array> {
  const parts = await unsignedTicket(contentWith(changes));
  return ticketBytes(parts, key.sign(parts.toBeSigned));
}

/** A ticket whose parts are not what a gate writes, and which the gate's key has signed all the same. */
export function signedParts(header: Uint8Array, payload: Uint8Array): Uint8Array {
  const toBeSigned = Buffer.concat([
    Buffer.from('846a5369676e617475726531', 'hex'),
    string(header),
    Buffer.of(0x40),
    string(payload),
  ]);
  return Buffer.concat([
    Buffer.of(0xd2, 0x84),
    string(header),
    Buffer.of(0xa0),
    string(payload),
    string(GATE_KEY.sign(toBeSigned)),
  ]);
}

/** A byte string in its shortest form, up to 255 bytes. */
function string(bytes: Uint8Array): Buffer {
  const start = bytes.length < 24 ? [0x40 + bytes.length] : [0x58, bytes.length];
  return Buffer.concat([Buffer.from(start), bytes]);
}

export async function vectors(): Promise<Vectors> {
  const made = await Promise.all((await cases()).map(([name, ticket, changes]) => vectorOf(name, ticket, changes)));
  return {
    type: 'tracecal-ticket-vectors/1',
    privateKey: hex(GATE_KEY.secret),
    publicKey: hex(GATE_KEY.publicKey),
    keyId: hex(ticketKeyId(GATE_KEY.publicKey)),
    device: DEVICE,
    registry: REGISTRY,
    registryBytes: hex(shortRegistry(REGISTRY)),
    vectors: made,
  };
}

type Case = readonly [name: string, ticket: Uint8Array, reader?: Partial<TicketReader>];

async function vectorOf(name: string, ticket: Uint8Array, changes: Partial<TicketReader> = {}): Promise<Vector> {
  const reader = { ...READER, ...changes };
  const answer = await checkTicket(ticket, reader);
  const { lastCounter, now } = reader;
  return { name, answer: answer.accepted ? 'accepted' : answer.refusal, lastCounter, now, ticket: hex(ticket) };
}

async function cases(): Promise<readonly Case[]> {
  const good = Buffer.from(await signedTicket());
  const parts = await unsignedTicket(contentWith());
  const header = Buffer.from(parts.protectedHeader);
  const payload = Buffer.from(parts.payload);
  const signature = good.subarray(-64);
  const mutated = (from: string, to: string) => replaced(good, from, to);
  const paid = (from: string, to: string) => signedParts(header, replaced(payload, from, to));
  const headed = (from: string, to: string) => signedParts(replaced(header, from, to), payload);
  const end = '051a713fb300';
  return [
    ['a good ticket', good],
    ['a good ticket, without a clock', good, { now: null }],
    ['a good ticket in its last second', good, { now: END - 1 }],
    ['the highest end and counter', await signedTicket({ end: HIGHEST, counter: HIGHEST })],
    ['the counter at every length: 23', await signedTicket({ counter: 23 })],
    ['the counter at every length: 24', await signedTicket({ counter: 24 })],
    ['the counter at every length: 256', await signedTicket({ counter: 256 })],
    ['the counter at every length: 65536', await signedTicket({ counter: 65_536 })],
    ['the counter at every length: 4294967296', await signedTicket({ counter: 4_294_967_296 })],
    ['ended in this second', good, { now: END }],
    ['ended, and the reader has no clock', await signedTicket({ end: 1 }), { now: null }],
    ['a counter that was seen', good, { lastCounter: 7 }],
    ['a counter below the last', good, { lastCounter: 8, now: null }],
    ['another device', await signedTicket({ device: 'oem-a/RP4-0816' })],
    ['a device whose id begins with the id of this one', await signedTicket({ device: `${DEVICE}0` })],
    ['another registry', await signedTicket({ registry: shortRegistry('calibration') })],
    ['another key, which says who it is', await signedTicket({ keyId: ticketKeyId(OTHER_KEY.publicKey) }, OTHER_KEY)],
    ['another key, which claims to be this one', await signedTicket({}, OTHER_KEY)],
    ['a high s', Buffer.concat([good.subarray(0, -64), highS(signature)])],
    ['a signature of zeros', Buffer.concat([good.subarray(0, -64), Buffer.alloc(64)])],
    ['another bit in the signature', flipped(good, good.length - 40)],
    ['another bit in the key id', flipped(good, 4 + 45)],
    ['another bit in the content type', flipped(good, 4 + 10)],
    ['another bit in the device', flipped(good, 4 + 52 + 3 + 7)],
    ['another bit in the registry', flipped(good, good.indexOf(Buffer.from('0350', 'hex')) + 4)],
    ['another bit in the digest of the verdict', flipped(good, good.indexOf(Buffer.from('045820', 'hex')) + 9)],
    ['another bit in the end', flipped(good, good.indexOf(Buffer.from(end, 'hex')) + 5)],
    ['another counter', mutated(`${end}0607`, `${end}0608`)],
    ['no tag', good.subarray(1)],
    ['the tag of COSE_Mac0', mutated('d284', 'd184')],
    ['the tag in a longer form', mutated('d284', 'd81284')],
    ['an array of unstated length', Buffer.concat([mutated('d284', 'd29f'), Buffer.of(0xff)])],
    ['an array of five', Buffer.concat([mutated('d284', 'd285'), Buffer.of(0)])],
    ['trailing bytes', Buffer.concat([good, Buffer.of(0)])],
    ['twice the same ticket', Buffer.concat([good, good])],
    ['one byte too few', good.subarray(0, -1)],
    ['nothing', Buffer.alloc(0)],
    ['only zeros, 513 of them', Buffer.alloc(513)],
    ['a length that is longer than needed', mutated('5834', '590034')],
    ['an unprotected header', mutated('a058', 'a1044158')],
    ['a signature in DER', Buffer.concat([good.subarray(0, -66), string(Buffer.alloc(70, 0x30))])],
    ['signed: algorithm ES384', headed('0126', '013822')],
    ['signed: no algorithm', headed('a30126', 'a2')],
    ['signed: algorithm after the content type', signedParts(swappedHeader(header), payload)],
    ['signed: another content type', headed('7469636b6574', '7469636b6575')],
    ['signed: a critical header', headed('a30126', 'a4012602811863')],
    ['signed: a longer key id', headed('0448', '044900')],
    ['signed: a counter that is longer than needed', paid(`${end}0607`, `${end}061807`)],
    ['signed: an end that is longer than needed', paid(end, '051b00000000713fb300')],
    ['signed: a counter of 0', paid(`${end}0607`, `${end}0600`)],
    ['signed: a negative counter', paid(`${end}0607`, `${end}0620`)],
    ['signed: a counter as a decimal fraction', paid(`${end}0607`, `${end}06f94700`)],
    ['signed: a counter above 2^53 - 1', paid(`${end}0607`, `${end}061b0020000000000000`)],
    ['signed: a counter as a big number', paid(`${end}0607`, `${end}06c24107`)],
    ['signed: the same label twice', paid(`${end}0607`, `${end}0507`)],
    ['signed: labels in another order', paid(`${end}0607`, `0607${end}`)],
    ['signed: one more label', paid('a60101', 'a701010607')],
    ['signed: a label too few', signedParts(header, replaced(payload.subarray(0, -2), 'a60101', 'a50101'))],
    [
      'signed: a map of unstated length',
      signedParts(header, Buffer.concat([replaced(payload, 'a60101', 'bf0101'), Buffer.of(0xff)])),
    ],
    ['signed: a device in pieces', paid('026e', '027f6e')],
    ['signed: a device as bytes', paid('026e', '024e')],
    ['signed: a device that is not UTF-8', paid('026e6f', '026eff')],
    ['signed: a device of two characters', paid(`026e${hex(Buffer.from(DEVICE))}`, '02626f61')],
    ['signed: another version', paid('a60101', 'a60102')],
    ['signed: a version that is true', paid('a60101', 'a601f5')],
    ['signed: trailing bytes in the payload', signedParts(header, Buffer.concat([payload, Buffer.of(0)]))],
    ['signed: trailing bytes in the header', signedParts(Buffer.concat([header, Buffer.of(0)]), payload)],
    ['signed: an empty payload', signedParts(header, Buffer.alloc(0))],
  ];
}

/** Once. @throws Error if it does not stand there: a vector would not be what it says. */
function replaced(bytes: Buffer, from: string, to: string): Buffer {
  const at = bytes.indexOf(Buffer.from(from, 'hex'));
  if (at < 0) {
    throw new Error(`no ${from} in ${bytes.toString('hex')}`);
  }
  return Buffer.concat([bytes.subarray(0, at), Buffer.from(to, 'hex'), bytes.subarray(at + from.length / 2)]);
}

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}

function swappedHeader(header: Buffer): Buffer {
  return Buffer.concat([header.subarray(0, 1), header.subarray(3, 42), header.subarray(1, 3), header.subarray(42)]);
}

const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

function highS(signature: Uint8Array): Buffer {
  const s = ORDER - BigInt(`0x${hex(signature.subarray(32))}`);
  return Buffer.concat([signature.subarray(0, 32), Buffer.from(s.toString(16).padStart(64, '0'), 'hex')]);
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

/** The point of a JWK, to compare with what the project makes of a key. */
export function pointOfJwk(key: FixedKey): Uint8Array {
  return pointOfKey(createPublicKey(createPrivateKey({ key: key.jwk(), format: 'jwk' })));
}
