import { common, gateway, msp, peer } from '@hyperledger/fabric-protos';
import '@tracecal/network/embedded';
import fc from 'fast-check';
import assert from 'node:assert/strict';
import { property } from '../../support/property.js';

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
