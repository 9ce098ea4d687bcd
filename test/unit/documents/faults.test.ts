import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { MEMBER_FAULTS } from '../../support/memberFaults.js';
import { ROOT, textOf } from '../../support/pages.js';

const PAGE = 'docs/faults.md';
const NOT_TESTED = 'not tested';

/** The cells of each row below a heading. */
function rows(): readonly (readonly string[])[] {
  return textOf(PAGE)
    .split('\n')
    .filter((line) => line.startsWith('|') && !/^\| (?:fault |-)/.test(line))
    .map((line) =>
      line
        .split('|')
        .map((cell) => cell.trim())
        .slice(1, -1),
    );
}

describe('The table of faults', () => {
  it('names tests that exist for each fault, or says that there is none', () => {
    const all = rows();
    assert.ok(all.length > 30);
    const wrong = all.filter(([, , tests = '']) => {
      const named = [...tests.matchAll(/`([^`]+)`/g)].map(([, name = '']) => join(ROOT, 'test', `${name}.test.ts`));
      return named.length === 0 ? tests !== NOT_TESTED : !named.every((file) => existsSync(file));
    });
    assert.deepEqual(wrong, []);
  });

  it('says what is promised for each fault, once', () => {
    const faults = rows().map(([fault]) => fault);
    assert.equal(new Set(faults).size, faults.length);
    assert.deepEqual(
      rows().filter(([, promise = '']) => promise === ''),
      [],
    );
  });

  it('lists the faults that befall members at random, all of them and no others', () => {
    const listed = [...textOf(PAGE).matchAll(/^- (.+)$/gm)].map(([, fault]) => fault);
    assert.deepEqual(listed, MEMBER_FAULTS);
  });
});
