// Makes the page that checks bundles, gateway-client/dist/page/index.html, from what the compiler has written: one file that needs nothing
// else. Its policy allows exactly its own script and style, by their digests. Does nothing while the page is newer than all that it is made of.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, URL } from 'node:url';
import { filesBelow, licenceTexts, makeOf, root } from './bundled.mjs';

const source = join(root, 'gateway-client', 'page');
const page = join(root, 'gateway-client', 'dist', 'page', 'index.html');
/** How `tracecal proof publish` knows a page of its own. */
const GENERATOR = 'tracecal-proof-page/1';

const inputs = [
  join(root, 'package-lock.json'),
  ...['page.mjs', 'bundled.mjs'].map((name) => fileURLToPath(new URL(name, import.meta.url))),
  join(source, 'page.html'),
  join(source, 'page.css'),
  ...filesBelow(
    [
      'gateway-client/page/dist',
      'gateway-client/dist/browser',
      'chaincode/core/dist/browser',
      'network/ledger/dist/browser',
    ],
    '.js',
  ),
];

await makeOf(page, inputs, made);

async function made() {
  const { build, transform } = await import('esbuild');
  const { outputFiles, metafile } = await build({
    entryPoints: [join(source, 'dist', 'main.js')],
    absWorkingDir: root,
    bundle: true,
    minify: true,
    platform: 'browser',
    format: 'iife',
    charset: 'utf8',
    legalComments: 'none',
    metafile: true,
    write: false,
  });
  const script = outputFiles[0].text.trim();
  const { code: style } = await transform(readFileSync(join(source, 'page.css'), 'utf8'), {
    loader: 'css',
    minify: true,
  });
  const parts = {
    '{{policy}}': policy(script, style.trim()),
    '{{generator}}': GENERATOR,
    '<!-- style -->': `<style>${style.trim()}</style>`,
    '<!-- script -->': `<script>${script}</script>`,
  };
  const template = readFileSync(join(source, 'page.html'), 'utf8');
  const html = template.replaceAll(/\{\{\w+\}\}|<!-- \w+ -->/g, (place) => parts[place]);
  return `${html}${licences(Object.keys(metafile.inputs))}`;
}

/** A site's page may read files of that site, and nothing may turn text into code. */
function policy(script, style) {
  return [
    "default-src 'none'",
    `script-src '${digest(script)}'`,
    `style-src '${digest(style)}'`,
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
}

function digest(text) {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

/** As the packages of others that are in it ask for. */
function licences(paths) {
  return `<!--\nThis page contains code of:\n\n${licenceTexts(paths).join('\n\n').replaceAll('--', '- -')}\n-->\n`;
}
