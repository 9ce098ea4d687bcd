import assert from 'node:assert/strict';
import { canonicalJson, parseJson } from '@tracecal/core/model';
import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { property } from '../../support/property.js';

describe('Canonical JSON', () => {
  it('agrees with an independent implementation on random documents', () => {
    property(fc.json({ maxDepth: 6, stringUnit: 'binary' }), (text) => {
      const value = JSON.parse(text) as unknown;
      assert.equal(canonicalJson(value), canonicalize(value));
    });
  });

  it('is read back by the strict parser to the same value, and is its own canonical form', () => {
    property(fc.jsonValue({ stringUnit: 'binary', maxDepth: 6 }), (value) => {
      const text = canonicalJson(value);
      assert.equal(canonicalJson(parseJson(text)), text);
      assert.deepEqual(JSON.parse(text), JSON.parse(JSON.stringify(value)));
    });
  });

  it('refuses what JSON cannot hold', () => {
    for (const value of [Number.NaN, Infinity, undefined, () => 1, 'a\ud800', { 'k\udc00': 1 }, 1n, [undefined]]) {
      assert.throws(() => canonicalJson(value), { name: 'RegistryError', code: 'JSON_INVALID' });
    }
  });
});

describe('Strict JSON', () => {
  const refused = (text: string, code = 'JSON_INVALID') => {
    assert.throws(() => parseJson(text, { maxLength: 200, maxDepth: 8 }), { name: 'RegistryError', code });
  };

  it('refuses a name that stands twice, however it is escaped', () => {
    refused('{"a":1,"a":1}');
    refused('{"a":1,"\\u0061":2}');
  });

  it('refuses lone surrogates, written or escaped', () => {
    refused('"\ud800"');
    refused('"\\ud800"');
    refused('{"\\udfff":1}');
  });

  it('refuses numbers beyond a double, deep nesting and long texts', () => {
    refused('1e400');
    refused('[[[[[[[[[1]]]]]]]]]');
    refused(`"${'a'.repeat(200)}"`, 'JSON_TOO_LARGE');
  });

  it('keeps __proto__ an ordinary name', () => {
    const parsed = parseJson('{"__proto__":{"admin":true}}') as Record<string, unknown>;
    assert.deepEqual(Object.keys(parsed), ['__proto__']);
    assert.equal((parsed as { admin?: unknown }).admin, undefined);
  });
});
