import { printable } from '@tracecal/gateway-client';
import type { Field, Section, Sheet, SheetTable } from './sheet.js';

/** A paragraph of a certificate, not a book. */
const MOST_TEXT = 4000;

/**
 * A sheet as one page of HTML that needs nothing else: it loads nothing, runs nothing, prints on A4 and follows the reader's
 * light or dark. Every text is escaped.
 *
 * @param footer - Where the page comes from.
 */
export function sheetPage({ title, subtitle, warnings, sections }: Sheet, footer: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<meta name="color-scheme" content="light dark" />
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
<title>${escaped(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1>${escaped(title)}</h1>
<p>${escaped(subtitle)}</p>
${warnings.map((warning) => `<p class="warning" role="note">${escaped(warning)}</p>\n`).join('')}</header>
<main>
${sections.map(sectionHtml).join('\n')}
</main>
<footer><p>${escaped(footer)}</p></footer>
</body>
</html>
`;
}

function sectionHtml({ title, fields, tables }: Section): string {
  const list = fields.length === 0 ? '' : `<dl>\n${fields.map(fieldHtml).join('\n')}\n</dl>\n`;
  return `<section>\n<h2>${escaped(title)}</h2>\n${list}${tables.map(tableHtml).join('')}</section>`;
}

function fieldHtml({ label, text }: Field): string {
  return `<div><dt>${escaped(label)}</dt><dd>${escaped(text)}</dd></div>`;
}

function tableHtml({ caption, columns, rows, notes }: SheetTable): string {
  const kinds = columns.map(({ isNumber }) => (isNumber ? ' class="number"' : ''));
  const head = columns.map(({ title }, i) => `<th scope="col"${kinds[i] ?? ''}>${escaped(title)}</th>`).join('');
  const body = rows
    .map((row) => `<tr>${row.map((cell, i) => `<td${kinds[i] ?? ''}>${escaped(cell ?? '–')}</td>`).join('')}</tr>`)
    .join('\n');
  const below = notes.map((note) => `<p class="note">${escaped(note)}</p>\n`).join('');
  return `<div class="wide">
<table>
<caption>${escaped(caption)}</caption>
<thead><tr>${head}</tr></thead>
<tbody>
${body}
</tbody>
</table>
</div>
${below}`;
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&#39;'],
]);

/** Texts come from certificates and other members: none of them may be markup, or turn the text around it. */
function escaped(text: string): string {
  return printable(text, MOST_TEXT).replaceAll(/[&<>"']/g, (character) => ESCAPES.get(character) ?? character);
}

const STYLE = `
:root { --text: #1a1a1a; --back: #fff; --soft: #595959; --line: #c8c8c8; --alarm: #a40000; }
@media (prefers-color-scheme: dark) {
  :root { --text: #e8e8e8; --back: #161616; --soft: #a8a8a8; --line: #4a4a4a; --alarm: #ff8a80; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2rem 1.25rem; max-width: 62rem; color: var(--text); background: var(--back);
  font: 1rem/1.5 system-ui, sans-serif; }
h1 { margin: 0; font-size: 1.6rem; line-height: 1.25; overflow-wrap: anywhere; }
h2 { margin: 2rem 0 .5rem; padding-bottom: .25rem; border-bottom: 1px solid var(--line); font-size: 1.1rem; }
header p { margin: .25rem 0; }
.warning { margin-top: .75rem; padding: .5rem .75rem; border: 2px solid var(--alarm); color: var(--alarm); font-weight: 600; }
dl { margin: 0; }
dl div { display: grid; grid-template-columns: 10rem 1fr; gap: 0 1rem; padding: .15rem 0; }
dt, .note, footer { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
.wide { overflow-x: auto; }
table { width: 100%; margin: .75rem 0 .25rem; border-collapse: collapse; font-variant-numeric: tabular-nums; }
caption { padding: .25rem 0; text-align: left; font-weight: 600; }
th, td { padding: .25rem .6rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
thead th { border-bottom-width: 2px; white-space: nowrap; }
.number { text-align: right; white-space: nowrap; }
.note, footer { margin: .15rem 0; font-size: .875rem; }
footer { margin-top: 2.5rem; border-top: 1px solid var(--line); }
@media (max-width: 36rem) { dl div { grid-template-columns: 1fr; } }
@page { size: A4; margin: 18mm 15mm; }
@media print {
  :root { --text: #000; --back: #fff; --soft: #333; --line: #999; --alarm: #000; }
  body { max-width: none; padding: 0; font-size: 10pt; }
  .wide { overflow: visible; }
  thead { display: table-header-group; }
  tr, dl div { break-inside: avoid; }
  h2, caption { break-after: avoid; }
}
`;
