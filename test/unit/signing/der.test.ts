import assert from 'node:assert/strict';
import { derChildren, integerMagnitude, readDer, TAG, writeDer, writeUnsigned } from '@tracecal/core/signing/der';

describe('A value written in DER', () => {
  for (const length of [0, 1, 127, 128, 255, 256, 65_535, 65_536]) {
    it(`of ${length} bytes is read back`, () => {
      const content = new Uint8Array(length).fill(0xa5);
      assert.deepEqual(readDer(writeDer(TAG.octetString, content), TAG.octetString).content, content);
    });
  }

  it('holds the values it was given, in their order', () => {
    const parts = [writeUnsigned(Buffer.of(1)), writeUnsigned(Buffer.of(2)), writeDer(TAG.sequence)];
    const read = derChildren(readDer(writeDer(TAG.sequence, ...parts), TAG.sequence));
    assert.deepEqual(
      read.map(({ raw }) => raw),
      parts,
    );
  });

  const NUMBERS: readonly (readonly [bytes: readonly number[], written: string])[] = [
    [[], '020100'],
    [[0, 0], '020100'],
    [[0x7f], '02017f'],
    [[0x80], '02020080'],
    [[0, 0, 0x80, 0], '0203008000'],
  ];
  for (const [bytes, written] of NUMBERS) {
    it(`is the one form of the number ${Buffer.from(bytes).toString('hex') || 'zero'}`, () => {
      const der = writeUnsigned(Buffer.from(bytes));
      assert.equal(Buffer.from(der).toString('hex'), written);
      assert.equal(integerMagnitude(readDer(der, TAG.integer))[0], bytes.find((byte) => byte !== 0) ?? 0);
    });
  }
});
