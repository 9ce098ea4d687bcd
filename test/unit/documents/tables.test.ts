import assert from 'node:assert/strict';
import { PAGES, textOf } from '../../support/pages.js';

/** The lines of a page's tables, without their padding. */
function rowsOf(page: string): readonly string[] {
  return textOf(page)
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
});
