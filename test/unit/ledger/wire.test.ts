import { common, ledger, msp, peer } from '@hyperledger/fabric-protos';
import * as wire from '@tracecal/ledger/wire';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { property } from '../../support/property.js';

const { Envelope, IdentifierHeader, KvRwSet, SignaturePolicyEnvelope, TX_CODE, WireError } = wire;

interface Library {
  deserializeBinary(bytes: Uint8Array): { serializeBinary(): Uint8Array };
}

const { rwset } = ledger;
/** Messages of which every byte must be written as Fabric's own library writes it. */
const SAME: readonly (readonly [string, wire.Message<never>, Library])[] = (
  [
    ['Block', wire.Block, common.Block],
    ['Envelope', wire.Envelope, common.Envelope],
    ['Payload', wire.Payload, common.Payload],
    ['ChannelHeader', wire.ChannelHeader, common.ChannelHeader],
    ['SignatureHeader', wire.SignatureHeader, common.SignatureHeader],
    ['Metadata', wire.Metadata, common.Metadata],
    ['OrdererBlockMetadata', wire.OrdererBlockMetadata, common.OrdererBlockMetadata],
    ['IdentifierHeader', wire.IdentifierHeader, common.IdentifierHeader],
    ['SignaturePolicyEnvelope', wire.SignaturePolicyEnvelope, common.SignaturePolicyEnvelope],
    ['Orderers', wire.Orderers, common.Orderers],
    ['SerializedIdentity', wire.SerializedIdentity, msp.SerializedIdentity],
    ['MspPrincipal', wire.MspPrincipal, msp.MSPPrincipal],
    ['Transaction', wire.Transaction, peer.Transaction],
    ['ChaincodeActionPayload', wire.ChaincodeActionPayload, peer.ChaincodeActionPayload],
    ['ProposalResponsePayload', wire.ProposalResponsePayload, peer.ProposalResponsePayload],
    ['ChaincodeAction', wire.ChaincodeAction, peer.ChaincodeAction],
    ['ApplicationPolicy', wire.ApplicationPolicy, peer.ApplicationPolicy],
    ['TxReadWriteSet', wire.TxReadWriteSet, rwset.TxReadWriteSet],
    ['KvRwSet', wire.KvRwSet, rwset.kvrwset.KVRWSet],
    ['HashedRwSet', wire.HashedRwSet, rwset.kvrwset.HashedRWSet],
  ] as const
).map(([name, own, theirs]) => [name, own as unknown as wire.Message<never>, theirs]);

/** Bytes that look like messages: small field numbers, every wire type, strings and messages within. */
const messageBytes = fc.letrec<{ message: Uint8Array; field: Uint8Array }>((tie) => ({
  message: fc.array(tie('field'), { maxLength: 5 }).map((fields) => Buffer.concat(fields)),
  field: fc
    .tuple(
      fc.integer({ min: 1, max: 8 }),
      fc.oneof(
        { depthSize: 'small' },
        fc.nat({ max: 300 }).map((value) => [0, varint(value)] as const),
        fc.string({ maxLength: 4 }).map((text) => [2, delimited(Buffer.from(text))] as const),
        tie('message').map((inner) => [2, delimited(inner)] as const),
      ),
    )
    .map(([number, [type, content]]) => Buffer.concat([varint(number * 8 + type), content])),
})).message;

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  return Buffer.from([...bytes, rest]);
}

function delimited(bytes: Uint8Array): Buffer {
  return Buffer.concat([varint(bytes.length), bytes]);
}

describe('The reader of protobuf', () => {
  for (const [name, own, theirs] of SAME) {
    it(`writes what it read of a ${name} as Fabric's library does`, () => {
      let compared = 0;
      property(messageBytes, (bytes) => {
        const [ours, others] = [
          attempt(() => own.encode(own.decode(bytes))),
          attempt(() => theirs.deserializeBinary(bytes).serializeBinary()),
        ];
        // The library throws where a field has another type, which Fabric passes over; and takes the last of two inner messages.
        if (ours === undefined || others === undefined || own.encode(own.decode(others)).length !== ours.length) return;
        compared++;
        assert.deepEqual(Buffer.from(own.encode(own.decode(others))), Buffer.from(others));
        own.decodeExact(others);
      });
      assert.ok(compared > 0);
    });
  }

  it('knows the validation codes of Fabric', () => {
    const known = peer.TxValidationCode as unknown as Record<string, number>;
    for (const [name, code] of Object.entries(TX_CODE)) assert.equal(known[name], code, name);
  });

  describe('insists on the canonical form where it matters:', () => {
    const good = IdentifierHeader.encode({ identifier: 3, nonce: Buffer.from('nonce') });
    const nonce = Buffer.concat([Buffer.from([0x12, 5]), Buffer.from('nonce')]);

    for (const [how, bytes] of [
      ['an unknown field', Buffer.concat([good, Buffer.from([0x18, 0])])],
      ['an unknown group', Buffer.concat([good, Buffer.from([0x23, 0x24])])],
      ['another order', Buffer.concat([nonce, Buffer.from([0x08, 3])])],
      ['a field twice', Buffer.concat([Buffer.from([0x08, 3]), good])],
      ['a default value that is written', Buffer.concat([Buffer.from([0x08, 0]), nonce])],
      ['a number that is written long', Buffer.concat([Buffer.from([0x08, 0x83, 0]), nonce])],
      ['a number beyond its type', Buffer.concat([Buffer.from([0x08, 0x83, 0x80, 0x80, 0x80, 0x10]), nonce])],
      ['a length that is written long', Buffer.concat([Buffer.from([0x08, 3, 0x12, 0x85, 0]), Buffer.from('nonce')])],
      ['a field of another wire type', Buffer.concat([good, Buffer.from([0x0a, 0])])],
    ] as const) {
      it(`refuses ${how}, which protobuf can read`, () => {
        assert.deepEqual(Buffer.from(IdentifierHeader.decodeExact(good).nonce), Buffer.from('nonce'));
        IdentifierHeader.decode(bytes);
        assert.throws(() => IdentifierHeader.decodeExact(bytes), WireError);
      });
    }
  });

  describe('takes an envelope that Fabric stores', () => {
    const good = Envelope.encode({ payload: Buffer.from('payload'), signature: Buffer.from('signature') });
    const groups = (count: number) =>
      Buffer.concat([Buffer.alloc(count, 0x1b), Buffer.alloc(count, 0x1c)] satisfies Buffer[]);
    const numbered = (tag: number) => Buffer.concat([Buffer.from([0x1b]), varint(tag), Buffer.from([1, 0x1c])]);

    // Each was compared with the library of Fabric 3.1.5 (google.golang.org/protobuf 1.36.11): whether it writes the same bytes again.
    for (const [how, taken, ...tail] of [
      ['without an unknown field', true],
      ['with an unknown field', true, 0xf8, 0x01, 0x07],
      ['with an unknown number that is written long', true, 0xf8, 0x01, 0x87, 0x00],
      ['with an unknown field twice', true, 0xf8, 0x01, 0x07, 0xf8, 0x01, 0x07],
      ['with an unknown group', true, 0x1b, 0x0a, 0x00, 0x1c],
      ['with as many groups within one another as Go reads', true, ...groups(10_001)],
      ['with one group more', false, ...groups(10_002)],
      ['with a large field number in a group', true, ...numbered((2 ** 31 - 1) * 8)],
      ['with a larger field number in a group', false, ...numbered(2 ** 31 * 8)],
      ['with a known field of another wire type', true, 0x08, 0x07],
      ['with an unknown field whose tag is written long', false, 0xf8, 0x81, 0x00, 0x07],
      ['with an unknown field that is cut short', false, 0xf8, 0x01],
      ['with a known field again', false, 0x12, 0x01, 0x07],
      ['with a known field behind an unknown one', false, 0xf8, 0x01, 0x07, 0x0a, 0x01, 0x07],
      ['with the empty payload behind it', false, 0x0a, 0x00],
    ] as const) {
      it(`${taken ? 'takes one' : 'refuses one'} ${how}`, () => {
        const bytes = Buffer.concat([good, Buffer.from(tail)]);
        if (taken) assert.deepEqual(Buffer.from(Envelope.decodeWellFormed(bytes).payload), Buffer.from('payload'));
        else assert.throws(() => Envelope.decodeWellFormed(bytes), WireError);
      });
    }

    it('refuses one whose unknown field comes first', () => {
      assert.throws(() => Envelope.decodeWellFormed(Buffer.concat([Buffer.from([0xf8, 0x01, 0x07]), good])), WireError);
    });

    it('divides the bytes of several envelopes in one way only', () => {
      const envelope = fc
        .tuple(
          fc.uint8Array({ minLength: 1, maxLength: 3 }),
          fc.uint8Array({ minLength: 1, maxLength: 3 }),
          messageBytes,
        )
        .map(([payload, signature, tail]) => Buffer.concat([Envelope.encode({ payload, signature }), tail]))
        .filter((bytes) => attempt(() => Envelope.decodeWellFormed(bytes)) !== undefined);
      property(fc.array(envelope, { minLength: 1, maxLength: 3 }), (envelopes) => {
        const whole = Buffer.concat(envelopes);
        const ends = (from: number): number[] =>
          Array.from({ length: whole.length - from }, (_, index) => from + index + 1).filter((end) => {
            const read = attempt(() => Envelope.decodeWellFormed(whole.subarray(from, end)));
            return read !== undefined && read.payload.length > 0 && read.signature.length > 0;
          });
        const divisions = (from: number): number =>
          from === whole.length ? 1 : ends(from).reduce((sum, end) => sum + divisions(end), 0);
        assert.equal(divisions(0), 1);
      });
    });
  });

  it('reads numbers beyond the exact ones as the largest, and times before 1970', () => {
    const timestamp = Buffer.from([0x1a, 11, 0x08, 0xfb, ...Array<number>(8).fill(0xff), 0x01]);
    assert.equal(wire.ChannelHeader.decode(timestamp).timestamp?.seconds, -5);
    const epoch = (bytes: readonly number[]) => wire.ChannelHeader.decode(Buffer.from([0x30, ...bytes])).epoch;
    assert.equal(epoch([...Array<number>(8).fill(0x80), 0x10]), Number.MAX_SAFE_INTEGER);
    assert.equal(epoch([...Array<number>(9).fill(0xff), 0x01]), Number.MAX_SAFE_INTEGER);
  });

  for (const [how, bytes] of [
    ['a field that goes beyond the end', [0x0a, 5, 1]],
    ['a length of gigabytes', [0x0a, 0xff, 0xff, 0xff, 0xff, 0x7f]],
    ['a number that does not end', [0x08, 0xff]],
    ['a number of more than 64 bits', [0x08, ...Array<number>(9).fill(0xff), 0x7f]],
    ['field number 0', [0x00, 1]],
    ['a wire type that does not exist', [0x0f, 1]],
    ['a group that does not end', [0x1b, 0x08, 1]],
    ['a group that ends as another one', [0x1b, 0x24]],
    ['the end of a group that did not begin', [0x1c]],
  ] as const) {
    it(`refuses ${how}`, () => {
      assert.throws(() => Envelope.decode(Buffer.from(bytes)), WireError);
    });
  }

  it('refuses strings that are not UTF-8, and keeps a byte order mark', () => {
    assert.throws(() => KvRwSet.decode(Buffer.from([0x0a, 3, 0x0a, 1, 0xff])), WireError);
    const key = '\ufeffkey';
    const bytes = KvRwSet.encode({ writes: [{ key, isDelete: false, value: Buffer.from('1') }] });
    assert.equal(KvRwSet.decode(bytes).writes[0]!.key, key);
  });

  it('reads policies nested as deep as Fabric reads them, and no deeper', () => {
    const nested = (times: number): Uint8Array => {
      const parts = [Buffer.from([0x08, 0])];
      let length = 2;
      for (let depth = 0; depth < 2 * times; depth++) {
        const head = Buffer.concat([Buffer.from([0x12]), varint(length)]);
        parts.push(head);
        length += head.length;
      }
      return Buffer.concat([Buffer.from([0x12]), varint(length), ...parts.reverse()]);
    };
    let depth = 0;
    for (let { rule } = SignaturePolicyEnvelope.decode(nested(4999)); rule?.nOutOf; rule = rule.nOutOf.rules[0]) {
      depth++;
    }
    assert.equal(depth, 4999);
    assert.throws(() => SignaturePolicyEnvelope.decode(nested(5000)), WireError);
  });

  it('adds the parts of an inner message, and keeps the last of alternatives, as Fabric does', () => {
    const parts = Buffer.from([0x1a, 2, 0x08, 1, 0x1a, 2, 0x10, 2]);
    assert.deepEqual(wire.ChannelHeader.decode(parts).timestamp, { seconds: 1, nanos: 2 });
    const alternatives = Buffer.from([0x0a, 0, 0x12, 1, 0x78]);
    const { signaturePolicy, channelConfigPolicyReference } = wire.ApplicationPolicy.decode(alternatives);
    assert.deepEqual([signaturePolicy, channelConfigPolicyReference], [undefined, 'x']);
  });
});

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
