import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { codeOf, PAGES, ROOT, sources, textBelow, textOf } from '../../support/pages.js';

/** As GitHub names the headings of a page. */
function anchorsOf(page: string): readonly string[] {
  return [...textOf(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** Relative links that lead nowhere. */
function brokenLinks(page: string): readonly string[] {
  const links = [...textOf(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
  return links
    .filter((link) => !/^[a-z]+:/.test(link))
    .filter((link) => {
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? page : normalize(join(dirname(page), path));
      return !existsSync(join(ROOT, target)) || (anchor !== undefined && !anchorsOf(target).includes(anchor));
    });
}

const TOP = readdirSync(ROOT, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'node_modules')
  .map(({ name }) => name);

/** Paths of this repository that stand between backticks and do not exist. */
function missingPaths(page: string): readonly string[] {
  return codeOf(page)
    .filter((code) => TOP.some((folder) => code.startsWith(`${folder}/`)) && !/[\s<*,{]/.test(code))
    .filter((path) => !existsSync(join(ROOT, path)) && !existsSync(join(ROOT, `${path}.ts`)));
}

describe('Pages', () => {
  for (const page of PAGES) {
    it(`lead only to what exists: ${page}`, () => {
      assert.deepEqual([...brokenLinks(page), ...missingPaths(page)], []);
    });
  }

  it('name only codes of errors, settings and statuses that the sources know', () => {
    const known = [
      sources(),
      ...['support', 'golden', 'scenarios', 'faults'].map((each) => textBelow(`test/${each}`)),
      readFileSync(join(ROOT, 'docs', 'gate', 'entrypoint.sh'), 'utf8'),
    ].join('\n');
    const codes = PAGES.flatMap((page) => codeOf(page)).filter((code) => /^[A-Z]+(_[A-Z0-9]+)+$/.test(code));
    assert.ok(codes.length > 5);
    assert.deepEqual(
      [...new Set(codes)].filter((code) => !known.includes(code)),
      [],
    );
  });
});
