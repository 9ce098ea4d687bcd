import { common, gateway, msp, peer } from '@hyperledger/fabric-protos';
import '@tracecal/network/embedded';
import { fromStranger } from '@tracecal/network/embedded/rpc';
import fc from 'fast-check';
import assert from 'node:assert/strict';
import { property } from '../../../support/property.js';

/** Field 1, length-delimited, claiming 34 billion bytes. */
const LIE = Buffer.from([0x0a, 0xff, 0xff, 0xff, 0xff, 0x7f]);

describe('Protobuf messages from strangers', () => {
  it('cannot claim strings or inner messages beyond their end', () => {
    assert.throws(() => gateway.EvaluateRequest.deserializeBinary(LIE), /beyond the end/);
    assert.throws(() => msp.SerializedIdentity.deserializeBinary(LIE), /beyond the end/);
    assert.throws(() => common.Block.deserializeBinary(LIE), /beyond the end/);
    assert.throws(() => common.Block.deserializeBinary(Buffer.concat([Buffer.from([0x0a, 6]), LIE])));
    assert.throws(() => peer.ChaincodeSpec.deserializeBinary(Buffer.concat([Buffer.from([0x12, 6]), LIE])));
  });

  describe('cannot keep the process busy with more fields than any message has:', () => {
    const MANY = 1_000_000;
    const TOO_MANY = /too many fields/;
    /** A field with a number of its own that nobody knows, over and over: two bytes each. */
    const tiny = (count: number) => Buffer.alloc(2 * count, Buffer.from([0x78, 0x01]));
    /** A field that holds bytes, like an inner message. */
    const around = (field: number, inner: Uint8Array) => {
      const holder = new common.Block();
      const data = new common.BlockData();
      data.addData(inner);
      holder.setData(data);
      const bytes = Buffer.from(data.serializeBinary());
      bytes[0] = (field << 3) | 2;
      return bytes;
    };

    it('a message of a million tiny ones', () => {
      const parse = () => gateway.EvaluateRequest.deserializeBinary(tiny(MANY));
      assert.doesNotThrow(parse, 'what was checked may be as large as it likes');
      assert.throws(() => fromStranger(parse), TOO_MANY);
    });

    it('inner messages, entries of maps and groups count as well', () => {
      const inner = () => gateway.EvaluateRequest.deserializeBinary(around(3, tiny(MANY)));
      assert.doesNotThrow(inner);
      assert.throws(() => fromStranger(inner), TOO_MANY);
      const map = () => peer.ChaincodeProposalPayload.deserializeBinary(around(2, tiny(MANY)));
      assert.doesNotThrow(map);
      assert.throws(() => fromStranger(map), TOO_MANY);
      const groups = Buffer.alloc(MANY, 0x7b);
      assert.throws(() => fromStranger(() => gateway.EvaluateRequest.deserializeBinary(groups)));
    });

    it('but the next message is counted anew, and what is read between is not', () => {
      const parse = () => gateway.EvaluateRequest.deserializeBinary(tiny(9_000));
      fromStranger(parse);
      fromStranger(parse);
      assert.throws(() => fromStranger(() => [parse(), parse()]), TOO_MANY);
      assert.doesNotThrow(() => gateway.EvaluateRequest.deserializeBinary(tiny(MANY)));
    });

    it('a large message of few fields is read', () => {
      const large = around(1, Buffer.alloc(1_000_000));
      assert.doesNotThrow(() => fromStranger(() => common.Envelope.deserializeBinary(large)));
    });
  });

  it('cannot hide bytes that are no text in a string', () => {
    assert.throws(() => msp.SerializedIdentity.deserializeBinary(Buffer.from([0x0a, 2, 0xc3, 0x28])), /not UTF-8/);
  });

  it('say what they said before, for every text', () => {
    property(fc.tuple(fc.string({ unit: 'grapheme' }), fc.uint8Array()), ([text, bytes]) => {
      const identity = new msp.SerializedIdentity();
      identity.setMspid(text);
      identity.setIdBytes(bytes);
      const copy = msp.SerializedIdentity.deserializeBinary(identity.serializeBinary());
      assert.equal(copy.getMspid(), text);
      assert.deepEqual(Buffer.from(copy.getIdBytes_asU8()), Buffer.from(bytes));
    });
  });

  it('end in an error or a message, whatever the bytes', () => {
    property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      for (const type of [gateway.EvaluateRequest, gateway.SubmitRequest, common.Block, peer.ChaincodeSpec]) {
        try {
          type.deserializeBinary(bytes);
        } catch (error) {
          assert.ok(error instanceof Error);
        }
      }
    });
  });
});
