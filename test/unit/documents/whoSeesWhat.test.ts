import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, textOf } from '../../support/pages.js';
import { MATRICES, tableOf } from '../../support/secrecy/matrix.js';

/** From its first line to the line after its last one. */
const TABLE = /^\| what .*member, observer[^]*?\n(?!\|)/m;

describe('The tables who sees what', () => {
  for (const matrix of MATRICES) {
    it(`of ${matrix.page} says what test/scenarios/whoSeesWhat.test.ts tests (TRACECAL_WRITE_DOCS=1 writes it)`, () => {
      const text = textOf(matrix.page);
      const table = `${tableOf(matrix)}\n`;
      if (process.env['TRACECAL_WRITE_DOCS'] === '1') {
        writeFileSync(
          join(ROOT, matrix.page),
          text.replace(TABLE, () => table),
        );
      }
      assert.equal(TABLE.exec(textOf(matrix.page))?.[0], table);
    });
  }
});
