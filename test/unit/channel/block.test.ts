import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { common } from '@hyperledger/fabric-protos';
import { blockDataHash, blockHeaderHash, newBlock, readConfigBlock } from '@tracecal/network/channel';

const sha256 = (hex: string): string => createHash('sha256').update(Buffer.from(hex, 'hex')).digest('hex');

describe('A block', () => {
  it('is named by the hash over the DER form of its header', () => {
    const header = new common.BlockHeader();
    header.setNumber(200);
    header.setPreviousHash(Buffer.alloc(32, 1));
    header.setDataHash(Buffer.alloc(32, 2));
    // 200 takes a leading zero byte, or it would read as a negative number.
    const der = `3048020200c80420${'01'.repeat(32)}0420${'02'.repeat(32)}`;
    assert.equal(blockHeaderHash(header).toString('hex'), sha256(der));
  });

  it('has a data hash over all its envelopes in a row', () => {
    const block = newBlock(0, new Uint8Array(), [Buffer.from('one'), Buffer.from('two')]);
    assert.equal(
      Buffer.from(block.getHeader()!.getDataHash_asU8()).toString('hex'),
      createHash('sha256').update('onetwo').digest('hex'),
    );
    assert.deepEqual(blockDataHash([]), createHash('sha256').digest());
    assert.equal(block.getMetadata()!.getMetadataList().length, 5);
  });

  it('that is no config block is refused with a code', () => {
    for (const bytes of [
      Buffer.alloc(0),
      Buffer.from('garbage'),
      newBlock(1, new Uint8Array(), []).serializeBinary(),
    ]) {
      assert.throws(() => readConfigBlock(bytes), { code: 'MALFORMED_BLOCK' });
    }
  });
});
