import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalJson, parseJson, RegistryError } from '@tracecal/core/model';
import { requireSharedData, sharedFiles } from '../../support/sharedData.js';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

describe('Canonical JSON on the vectors of RFC 8785', () => {
  it('writes every input as the published output, byte for byte', function () {
    const root = requireSharedData(this, 'vectors', 'jcs', 'testdata');
    const inputs = sharedFiles(join(root, 'input'));
    assert.ok(inputs.size >= 6);
    for (const [name, input] of inputs) {
      const expected = readFileSync(join(root, 'output', name), 'utf8');
      assert.equal(canonicalJson(parseJson(utf8.decode(input))), expected, name);
    }
  });
});

describe('Strict JSON on JSONTestSuite', () => {
  /** What JSON allows, but two readers understand differently: refused here on purpose. */
  const refusedOnPurpose = new Set(['y_object_duplicated_key.json', 'y_object_duplicated_key_and_value.json']);

  const accepts = (bytes: Buffer): boolean => {
    try {
      parseJson(utf8.decode(bytes), { maxLength: 1_000_000, maxDepth: 500 });
      return true;
    } catch (error) {
      if (error instanceof RegistryError) {
        assert.match(error.message, /^JSON_(INVALID|TOO_LARGE): .+\.$/);
        return false;
      }
      assert.ok(error instanceof TypeError, 'only undecodable UTF-8 fails otherwise');
      return false;
    }
  };

  it('accepts every y_ file, except those with a name twice', function () {
    const files = sharedFiles(requireSharedData(this, 'vectors', 'jsontestsuite', 'test_parsing'));
    const wrong = [...files].filter(
      ([name, bytes]) => name.startsWith('y_') && accepts(bytes) === refusedOnPurpose.has(name),
    );
    assert.deepEqual(
      wrong.map(([name]) => name),
      [],
    );
  });

  it('refuses every n_ file', function () {
    const files = sharedFiles(requireSharedData(this, 'vectors', 'jsontestsuite', 'test_parsing'));
    const wrong = [...files].filter(([name, bytes]) => name.startsWith('n_') && accepts(bytes));
    assert.deepEqual(
      wrong.map(([name]) => name),
      [],
    );
  });

  it('reads what implementations are free to accept as JSON.parse does, or refuses it', function () {
    const files = sharedFiles(requireSharedData(this, 'vectors', 'jsontestsuite', 'test_parsing'));
    for (const [name, bytes] of files) {
      if (name.startsWith('i_') && accepts(bytes)) {
        const text = utf8.decode(bytes);
        assert.equal(
          JSON.stringify(parseJson(text, { maxLength: 1e6, maxDepth: 500 })),
          JSON.stringify(JSON.parse(text)),
          name,
        );
      }
    }
  });
});
