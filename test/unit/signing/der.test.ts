import assert from 'node:assert/strict';
import {
  derChildren,
  integerMagnitude,
  oidText,
  readDer,
  TAG,
  writeDer,
  writeOid,
  writeUnsigned,
} from '@tracecal/core/signing/der';

describe('A value written in DER', () => {
  for (const length of [0, 1, 127, 128, 255, 256, 65_535, 65_536]) {
    it(`of ${length} bytes is read back`, () => {
      const content = new Uint8Array(length).fill(0xa5);
      assert.deepEqual(readDer(writeDer(TAG.octetString, content), TAG.octetString).content, content);
    });
  }

  it('holds the values it was given, in their order', () => {
    const parts = [writeUnsigned(Buffer.of(1)), writeOid('2.5.4.3'), writeDer(TAG.sequence)];
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

  // The second example is that of X.690, 8.19.5.
  const IDENTIFIERS = [
    ['1.2.840.10045.4.3.2', '06082a8648ce3d040302'],
    ['2.999.3', '0603883703'],
    ['2.5.29.14', '0603551d0e'],
  ] as const;
  for (const [dotted, written] of IDENTIFIERS) {
    it(`is the object identifier ${dotted}`, () => {
      const der = writeOid(dotted);
      assert.equal(Buffer.from(der).toString('hex'), written);
      assert.equal(oidText(readDer(der, TAG.oid)), dotted);
    });
  }
});
