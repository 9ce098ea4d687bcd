import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { resultSchema } from '@tracecal/core/model';

const page = resolve(__dirname, '..', '..', '..', '..', 'docs', 'results.md');

describe('The examples of docs/results.md', () => {
  it('are results that a report may hold', () => {
    const text = readFileSync(page, 'utf8');
    const examples = [...text.matchAll(/```json\n([^]*?)```/g)].map(([, json = '']) => JSON.parse(json) as unknown[]);
    assert.ok(examples.length > 0);
    for (const example of examples) {
      assert.ok(example.length > 0);
      for (const result of example) {
        assert.deepEqual(resultSchema.safeParse(result).error?.issues ?? [], []);
      }
    }
  });
});
