import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { canonicalJson, disclosureSchema, shapeOf } from '@tracecal/core/model';
import type { Disclosure, Result } from '@tracecal/core/model';
import { sha256 } from '@tracecal/core/platform';
import {
  disclose,
  leafHash,
  merkleRoot,
  openDisclosure,
  rootOf,
  sealedDigest,
  sealResults,
} from '@tracecal/core/signing';
import { temperatureResult } from '../../support/hierarchy.js';

const REPORT = { registry: `calibration:${'0'.repeat(64)}`, report: 'lab-alpha/r-1', digest: '1'.repeat(64) };
const salt = () => randomBytes(32).toString('base64url');
const named = (name: string, expanded = 0.01): Result => ({ ...temperatureResult(expanded), name });
const RESULTS = ['air', 'bath', 'cell'].map((name) => named(name));

describe('Sealed results', () => {
  const sealed = sealResults(RESULTS, salt);
  const signed = sealedDigest(sealed);
  const all = disclose(sealed, REPORT);

  it('open to the results that were sealed, in the order of their names', () => {
    assert.deepEqual(shapeOf(disclosureSchema, 'disclosure', all), all);
    assert.deepEqual(openDisclosure(all, signed), { results: RESULTS, isComplete: true, shown: 3, size: 8 });
  });

  it('open in part, and a part says that it is one and shows no salt of the others', () => {
    const part = disclose(sealed, REPORT, ({ name }) => name === 'bath');
    assert.deepEqual(openDisclosure(part, signed), {
      results: [RESULTS[1]],
      isComplete: false,
      shown: 1,
      size: 8,
    });
    const others = sealed.leaves.filter(({ result }) => result?.name !== 'bath');
    assert.ok(others.every((leaf) => !canonicalJson(part).includes(leaf.salt)));
  });

  it('tell neither the number of results nor of rows, up to a bound', () => {
    const digests = [1, 2, 5, 8].map((count) =>
      sealedDigest(sealResults(RESULTS.slice(0, 1).concat(Array.from({ length: count - 1 }, () => named('x'))), salt)),
    );
    assert.ok(digests.every(({ rows }) => Number.isInteger(Math.log2(rows)) && rows >= 8));
    assert.equal(canonicalJson(sealedDigest(sealResults([named('x')], salt))).includes('extents'), false);
    const sizes = [1, 5, 8].map((count) =>
      sealResults(
        Array.from({ length: count }, () => named('x')),
        salt,
      ),
    );
    assert.deepEqual(
      sizes.map(({ leaves }) => leaves.length),
      [8, 8, 8],
    );
  });

  it('stand in another order each time', () => {
    const orders = Array.from({ length: 20 }, () =>
      sealResults(RESULTS, salt)
        .leaves.map(({ result }) => result?.name ?? '-')
        .join(),
    );
    assert.ok(new Set(orders).size > 1);
  });

  const forged: readonly (readonly [string, (of: Disclosure) => Disclosure])[] = [
    ['another value', (of) => changed(of, (leaf) => ({ ...leaf, result: leaf.result && named('air', 0.02) }))],
    ['another salt', (of) => changed(of, (leaf) => ({ ...leaf, salt: salt() }))],
    ['another place', (of) => changed(of, (leaf) => ({ ...leaf, index: (leaf.index + 1) % 8 }))],
    ['a shorter path', (of) => changed(of, (leaf) => ({ ...leaf, path: leaf.path.slice(1) }))],
    ['another size', (of) => ({ ...of, size: 4 })],
    ['another kind', (of) => ({ ...of, quantity: 'mass' })],
    ['another root', (of) => ({ ...of, root: '2'.repeat(64) })],
    ['a leaf given twice', (of) => ({ ...of, leaves: [...of.leaves, ...of.leaves] })],
  ];
  for (const [what, forge] of forged) {
    it(`do not open with ${what}`, () => {
      assert.equal(openDisclosure(forge(all), signed), undefined);
    });
  }

  it('do not open an inner node of the tree as if it were a leaf', () => {
    const [leaf] = all.leaves;
    assert.ok(leaf);
    const [sibling = ''] = leaf.path;
    const inner = { ...leaf, result: null, salt: sibling, index: leaf.index >> 1, path: leaf.path.slice(1) };
    assert.equal(openDisclosure({ ...all, size: 4, leaves: [inner] }, signed), undefined);
  });

  it('are of the size that was signed: a subtree is no leaf of a smaller tree', () => {
    const many = Array.from({ length: 16 }, (_, place) => at(place));
    const sealed = sealResults(many, salt);
    const all = disclose(sealed, REPORT);
    const [first] = all.leaves;
    assert.ok(first);
    const hashes = sealed.leaves.map((leaf) => leafHash(sha256(canonicalJson(leaf))));
    for (const size of [8, 32]) {
      const smaller: Disclosure = { ...all, size, leaves: [{ ...first, path: first.path.slice(0, Math.log2(size)) }] };
      assert.equal(openDisclosure(smaller, sealedDigest(sealed)), undefined);
    }
    assert.equal(sealed.root, sha256(canonicalJson({ size: 16, root: merkleRoot(hashes) })));
  });

  it('do not open in a tree that is smaller than any issuer makes, or larger than the rows that its report signs', () => {
    const leaf = (name: string) => ({ salt: salt(), result: named(name, 0.01) });
    for (const size of [2, 4, 16]) {
      const leaves = Array.from({ length: size }, (_, place) => leaf(String(place)));
      const tree = disclose({ ...sealResults([named('air', 0.01)], salt), leaves }, REPORT);
      const hashes = leaves.map((each) => leafHash(sha256(canonicalJson(each))));
      const root = sha256(canonicalJson({ size, root: merkleRoot(hashes) }));
      const [first] = tree.leaves;
      const disclosure = { ...tree, root, leaves: first ? [first] : [] };
      assert.equal(openDisclosure(disclosure, { ...signed, sha256: root, rows: 8 }), undefined, String(size));
      if (size === 16) assert.ok(openDisclosure(disclosure, { ...signed, sha256: root, rows: 16 }));
    }
  });

  it('are not found by a rival who tries 100,000 plausible values against root, path and length', () => {
    const value = 1234;
    const secret = sealResults([at(value)], salt);
    const leaf = disclose(secret, REPORT).leaves.find(({ result }) => result);
    assert.ok(leaf);
    // The rival knows everything but the salt: the form of the result, its place, the path, the size and the root.
    const signedRoot = (guess: object) => {
      const root = rootOf(leafHash(sha256(canonicalJson(guess))), leaf.index, 8, leaf.path);
      return sha256(canonicalJson({ size: 8, root: root ?? '' }));
    };
    const guesses = Array.from({ length: 100_000 }, (_, guess) => ({ salt: '', result: at(guess) }));
    const found = guesses.filter((guess) => signedRoot(guess) === secret.root);
    assert.deepEqual(found, []);
    const right = { salt: leaf.salt, result: at(value) };
    assert.equal(signedRoot(right), secret.root);
    assert.equal(Buffer.from(leaf.salt, 'base64url').length, 32);
    const again = sealResults([at(value)], salt);
    assert.notEqual(again.root, secret.root, 'equal results have equal roots');
    assert.equal(canonicalJson(sealedDigest(again)).length, canonicalJson(sealedDigest(secret)).length);
  });
});

function at(value: number): Result {
  const result = named('air');
  return { ...result, rows: result.rows.slice(0, 1).map((row) => ({ ...row, value: 20 + value / 1000 })) };
}

function changed(of: Disclosure, change: (leaf: Disclosure['leaves'][number]) => Disclosure['leaves'][number]) {
  const first = of.leaves.find(({ result }) => result);
  return { ...of, leaves: of.leaves.map((leaf) => (leaf === first ? change(leaf) : leaf)) };
}
