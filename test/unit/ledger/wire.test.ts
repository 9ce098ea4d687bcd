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
  for (; rest >= 0x80; rest >>= 7) bytes.push((rest & 0x7f) | 0x80);
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

  it('refuses messages that are nested without end', () => {
    let rule: Uint8Array = Buffer.from([0x08, 0]);
    for (let depth = 0; depth < 200; depth++) {
      rule = Buffer.concat([Buffer.from([0x12]), delimited(Buffer.concat([Buffer.from([0x12]), delimited(rule)]))]);
    }
    const envelope = Buffer.concat([Buffer.from([0x12]), delimited(rule)]);
    assert.throws(() => SignaturePolicyEnvelope.decode(envelope), WireError);
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
