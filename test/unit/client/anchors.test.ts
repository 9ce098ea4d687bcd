import assert from 'node:assert/strict';
import type { Jws } from '@tracecal/core/model';
import { isIncluded, signedDigest } from '@tracecal/core/open';
import { leafHash, merklePath, merkleRoot } from '@tracecal/core/signing';
import { anchorOf } from '@tracecal/gateway-client';

const signed = (count: number): readonly Jws[] =>
  Array.from({ length: count }, (_, place) => ({
    payload: String(place),
    signatures: [{ protected: 'header', signature: 'valid' }],
  }));

describe('an anchor', () => {
  it('proves the place of every signed report under its root, however many there are', () => {
    for (const count of [1, 2, 3, 4, 5, 7, 8, 9, 100]) {
      const all = signed(count);
      const { root, proofs } = anchorOf(all);
      const leaves = all.map((jws) => leafHash(signedDigest(jws)));
      assert.equal(root, merkleRoot(leaves));
      assert.equal(proofs.length, count);
      proofs.forEach((proof, place) => {
        assert.ok(isIncluded(signedDigest(all[place]!), proof), `${place} of ${count}`);
        assert.deepEqual(proof, { root, index: place, size: count, path: merklePath(leaves, place) });
      });
    }
  });

  it('proves nothing about another report, nor about the same one with other signatures', () => {
    const [first, second] = signed(2);
    const { proofs } = anchorOf([first!, second!]);
    assert.ok(!isIncluded(signedDigest(second!), proofs[0]!));
    const resigned = { ...first!, signatures: [{ protected: 'header', signature: 'of another key' }] };
    assert.ok(!isIncluded(signedDigest(resigned), proofs[0]!));
  });

  it("holds a day's production", () => {
    const { proofs } = anchorOf(signed(20_000));
    assert.ok(proofs.every(({ path }) => path.length <= 15));
  });
});
