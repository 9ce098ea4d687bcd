import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { READER_KEY_TYPE } from '@tracecal/core/model';
import { sealResults } from '@tracecal/core/signing';
import { disclosuresOf, newReaderKey, publicReaderKey } from '@tracecal/gateway-client';
import { temperatureResult } from '../../support/hierarchy.js';

const REGISTRY = `calibration:${'0'.repeat(64)}`;

describe('The schemas of what readers of confidential results get and give', () => {
  const schemaOf = (name: string) => {
    const file = createRequire(__filename).resolve(`@tracecal/gateway-client/schemas/${name}.json`);
    const ajv = new Ajv2020({ strict: true, strictRequired: false });
    return ajv.compile(JSON.parse(readFileSync(file, 'utf8')) as object);
  };

  it('take disclosures as they are written, whole and in part, and nothing else', () => {
    const isValid = schemaOf('disclosure');
    const results = ['air', 'bath'].map((name) => ({ ...temperatureResult(0.02), name }));
    const sealed = [sealResults(results, () => randomBytes(32).toString('base64url'))];
    const about = { registry: REGISTRY, report: 'lab-alpha/r-1', digest: '0'.repeat(64), sealed };
    for (const disclosure of [...disclosuresOf(about), ...disclosuresOf(about, ({ name }) => name === 'air')]) {
      assert.ok(isValid(JSON.parse(JSON.stringify(disclosure))), JSON.stringify(isValid.errors));
      assert.ok(!isValid({ ...disclosure, more: 1 }) && !isValid({ ...disclosure, leaves: [] }));
    }
  });

  it("take what is signed about a reader's key, and nothing else", () => {
    const isValid = schemaOf('reader-key');
    const key = publicReaderKey(newReaderKey());
    const content = { type: READER_KEY_TYPE, registry: REGISTRY, organisation: 'lab-beta', key };
    const whole = { ...content, date: '2026-03-01T00:00:00Z', until: '2027-03-01' };
    assert.ok(isValid(whole), JSON.stringify(isValid.errors));
    const secret = { ...whole, key: { ...key, d: key.x } };
    assert.ok(!isValid(content) && !isValid(secret), 'a private half is never in it');
  });
});
