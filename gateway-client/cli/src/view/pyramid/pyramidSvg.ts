import type { Verdict } from '@tracecal/core/trace';
import { printable } from '@tracecal/gateway-client';
import { BOX, layout } from './layout.js';
import type { Box } from './layout.js';

/** Of a monospaced font, in parts of its size; a little more than any has, so that no text leaves its box. */
const CHARACTER = 0.63;
const FONT = 12;
/** Characters of a line in a box. */
const MOST_CHARACTERS = Math.floor((BOX.width - 2 * BOX.padding) / (CHARACTER * FONT));

/** Outcomes differ in colour, border and words, in a light and in a dark surrounding. */
const STYLE = `
svg { color-scheme: light dark; background: #ffffff; }
text { font: ${FONT}px ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace; fill: #1b1f24; white-space: pre; }
.name { font-weight: bold; }
.box { fill: #f6f8fa; stroke-width: 2; }
.link { stroke: #6e7781; stroke-width: 1.5; fill: none; }
.sound { stroke: #1a7f37; } .attested { stroke: #9a6700; stroke-dasharray: 6 3; }
.missing { stroke: #9a6700; stroke-dasharray: 2 3; } .failed { stroke: #cf222e; stroke-width: 4; }
.bar { fill: #0969da; }
@media (prefers-color-scheme: dark) {
  svg { background: #0d1117; }
  text { fill: #e6edf3; }
  .box { fill: #161b22; } .link { stroke: #8b949e; } .bar { fill: #58a6ff; }
  .sound { stroke: #3fb950; } .attested, .missing { stroke: #d29922; } .failed { stroke: #f85149; }
}`;

/**
 * A verdict as one picture that needs nothing else: the national institutes on top, below them level by level what rests on them,
 * with range and uncertainty, and the device at the bottom. The uncertainty grows down the levels.
 */
export function pyramidSvg(verdict: Verdict): string {
  const { width, height, boxes, links } = layout(verdict);
  const legend = 'National institutes on top. Bars: U at 95 % within its kind, logarithmic; it grows downwards.';
  const whole = { width: Math.max(width, 700), height: height + 2 * BOX.line };
  const left = (whole.width - width) / 2;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${whole.width} ${whole.height}" width="${whole.width}" height="${whole.height}" role="img" aria-labelledby="pyramid-title pyramid-desc" xml:lang="en">`,
    `<title id="pyramid-title">${escaped(`Traceability of ${verdict.device}: ${verdict.status}`)}</title>`,
    `<desc id="pyramid-desc">${escaped(`${verdict.reason} As of ${verdict.asOf}. ${described(boxes)}`)}</desc>`,
    `<style>${STYLE}\n</style>`,
    `<g transform="translate(${left} 0)">`,
    ...links.map(([upper, lower]) => linkOf(upper, lower)),
    ...boxes.map(boxOf),
    '</g>',
    `<text x="${BOX.padding}" y="${whole.height - BOX.line}">${legend}</text>`,
    '</svg>',
    '',
  ].join('\n');
}

/** What the picture shows, in words. */
function described(boxes: readonly Box[]): string {
  return boxes.map(({ lines }) => `${lines.join(', ')}.`).join(' ');
}

function linkOf(upper: Box, lower: Box): string {
  const [x1, y1] = [upper.x + upper.width / 2, upper.y + upper.height];
  const [x2, y2] = [lower.x + lower.width / 2, lower.y];
  return `<line class="link" x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}"/>`;
}

function boxOf({ x, y, width, height, outcome, lines, bar }: Box): string {
  const texts = lines.map((line, place) => {
    const className = place === 0 ? ' class="name"' : '';
    const top = y + BOX.padding + FONT + place * BOX.line;
    return `<text${className} x="${x + BOX.padding}" y="${top}">${escaped(clipped(line))}</text>`;
  });
  const bottom = y + height - BOX.padding;
  const most = width - 2 * BOX.padding;
  return [
    `<g><title>${escaped(lines.join('; '))}</title>`,
    `<rect class="box ${outcome}" x="${x}" y="${y}" width="${width}" height="${height}" rx="6"/>`,
    ...texts,
    ...(bar === null
      ? []
      : [`<rect class="bar" x="${x + BOX.padding}" y="${bottom - 5}" width="${(bar * most).toFixed(1)}" height="5"/>`]),
    '</g>',
  ].join('');
}

/** As much as the box has room for; its title has all of it. */
function clipped(line: string): string {
  const characters = Array.from(printable(line));
  let [width, end] = [0, 0];
  for (const character of characters) {
    width += (character.codePointAt(0) ?? 0) < FIRST_WIDE ? 1 : 2;
    end += width < MOST_CHARACTERS ? 1 : 0;
  }
  return width <= MOST_CHARACTERS ? characters.join('') : `${characters.slice(0, end).join('')}…`;
}

/** From here on there are scripts of which a character takes the place of two; a few of them take only one. */
const FIRST_WIDE = 0x1100;

/** What a screen reader gets is all of it, but no book. */
const LONGEST = 20_000;

/** Nothing that anybody registered becomes part of the document's structure, or a character that XML forbids. */
function escaped(text: string): string {
  return printable(text, LONGEST)
    .toWellFormed()
    .replaceAll(/[^\t\n\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '\u{FFFD}')
    .replaceAll(/[&<>"']/g, (character) => `&#${character.codePointAt(0) ?? 0};`);
}
