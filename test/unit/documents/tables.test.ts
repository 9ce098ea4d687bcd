import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PAGES, ROOT, textOf } from '../../support/pages.js';

/** The lines of a page's tables of findings, without their padding. */
function rowsOf(page: string): readonly string[] {
  const [findings = ''] = textOf(page).split('\n## The rounds, in short\n');
  return findings
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => line.replaceAll(/\s+/g, ' '));
}

describe('The table of trials', () => {
  it('is among the pages', () => {
    assert.ok(PAGES.includes('docs/trials.md'));
  });

  it('tells each finding once: two merges may both keep a row', () => {
    const findings = rowsOf('docs/trials.md')
      .filter((row) => !/^\| (?:finding \||-)/.test(row))
      .map((row) => row.split(' | ')[0] ?? '');
    assert.ok(findings.length > 50);
    assert.deepEqual(
      findings.filter((finding, place) => findings.indexOf(finding) < place),
      [],
    );
  });

  it('names a test that exists for each finding, or says what is missing', () => {
    const wrong = rowsOf('docs/trials.md')
      .filter((row) => !/^\| (?:finding \||-|open: )/.test(row))
      .filter((row) => {
        const named = [...row.matchAll(TEST)].map(([file]) => file);
        return named.some((file) => !isThere(file)) || (named.length === 0 && !row.includes('(open)'));
      });
    assert.deepEqual(wrong, []);
  });
});

const TEST = /\b(?:unit|scenarios|embedded|faults|gate|fabric|docker|conformance|golden|bench|peers)\/\w[\w/.-]*/g;

/** With or without the end of its name; a folder as well. */
function isThere(name: string): boolean {
  const place = join(ROOT, 'test', name.replace(/\.+$/, ''));
  return [place, `${place}.test.ts`, `${place}.ts`].some((each) => existsSync(each));
}
