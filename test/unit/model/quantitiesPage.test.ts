import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { quantitiesPage } from '../../support/quantitiesPage.js';

const page = resolve(__dirname, '..', '..', '..', '..', 'docs', 'quantities.md');

describe('docs/quantities.md', () => {
  it('says what the vocabulary says (TRACECAL_WRITE_DOCS=1 writes it)', () => {
    if (process.env['TRACECAL_WRITE_DOCS'] === '1') {
      writeFileSync(page, quantitiesPage());
    }
    assert.equal(readFileSync(page, 'utf8'), quantitiesPage());
  });
});
