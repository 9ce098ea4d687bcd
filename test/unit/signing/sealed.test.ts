import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { canonicalJson, disclosureSchema, shapeOf } from '@tracecal/core/model';
import type { Disclosure, Result } from '@tracecal/core/model';
import { sha256 } from '@tracecal/core/platform';
import { disclose, leafHash, openDisclosure, rootOf, sealedDigest, sealResults } from '@tracecal/core/signing';
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

  it('are not found by a rival who tries 100,000 plausible values against root, path and length', () => {
    const value = 1234;
    const secret = sealResults([at(value)], salt);
    const leaf = disclose(secret, REPORT).leaves.find(({ result }) => result);
    assert.ok(leaf);
    // The rival knows everything but the salt: the form of the result, its place, the path and the root.
    const guesses = Array.from({ length: 100_000 }, (_, guess) => ({ salt: '', result: at(guess) }));
    const found = guesses.filter(
      (guess) => rootOf(leafHash(sha256(canonicalJson(guess))), leaf.index, 8, leaf.path) === secret.root,
    );
    assert.deepEqual(found, []);
    const right = { salt: leaf.salt, result: at(value) };
    assert.equal(rootOf(leafHash(sha256(canonicalJson(right))), leaf.index, 8, leaf.path), secret.root);
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
