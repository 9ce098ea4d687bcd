import assert from 'node:assert/strict';
import { sources, textOf } from '../../support/pages.js';

/** Word and names in the code of each line of the glossary's tables. */
function termsOf(page: string): readonly { readonly word: string; readonly names: readonly string[] }[] {
  return page
    .split('\n')
    .filter((line) => line.startsWith('|') && !/^\| (?:word|-)/.test(line))
    .map((line) => {
      const cells = line.split('|').slice(1, -1);
      assert.equal(cells.length, 4, line);
      const names = [...(cells.at(-1) ?? '').matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
      return { word: (cells[0] ?? '').trim(), names };
    });
}

describe('The glossary', () => {
  const terms = termsOf(textOf('docs/glossary.md'));

  it('names only what the sources have', () => {
    const known = sources();
    const names = terms.flatMap(({ names: each }) => each);
    assert.ok(names.length > 50);
    assert.deepEqual(
      names.filter((name) => !new RegExp(`\\b${name}\\b`).test(known)),
      [],
    );
  });

  it('explains each word once', () => {
    const words = terms.map(({ word }) => word);
    assert.deepEqual(
      words.filter((word, place) => words.indexOf(word) !== place),
      [],
    );
  });
});
