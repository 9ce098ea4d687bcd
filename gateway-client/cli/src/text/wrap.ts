import { widthOf } from './width.js';

/**
 * Text in lines of at most so many columns, parted at blanks. A word that is wider stays whole: an id or a number that is cut is
 * worth nothing. Colours end with a line and begin again with the next, so that they don't reach what stands before it.
 */
export function wrap(text: string, columns: number): readonly string[] {
  return text.split('\n').flatMap((paragraph) => continueColours(wrapParagraph(paragraph, columns)));
}

function wrapParagraph(text: string, columns: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.replaceAll(INSIDE_VALUE, KEPT_BLANK).split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && widthOf(last) + 1 + widthOf(word) <= columns) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else if (word !== '' || last === undefined) {
      lines.push(word);
    }
  }
  return lines.map((line) => line.replaceAll(KEPT_BLANK, ' ').trimEnd());
}

const KEPT_BLANK = '\u00a0';

/** Blanks at which no line ends: around ±, and between a number and what looks like its unit. */
const INSIDE_VALUE =
  /(?<=\d\)?) (?=[±°%]|(?!(?:and|are|as|at|by|for|in|is|of|on|or|the|to)\b)[a-zµΩ]{1,3}(?:[\s),.;/]|$))|(?<=±) /gi;

const SGR = /\u001b\[(\d+)m/g; // eslint-disable-line no-control-regex

/** What ends each of the colours of a Style. */
const ENDS: Readonly<Record<string, string>> = { 1: '22', 2: '22', 31: '39', 32: '39', 33: '39', 36: '39' };

function continueColours(lines: readonly string[]): readonly string[] {
  let open: readonly string[] = [];
  return lines.map((line) => {
    const before = open;
    for (const [, code = ''] of line.matchAll(SGR)) {
      open = ENDS[code] === undefined ? open.filter((each) => ENDS[each] !== code) : [...open, code];
    }
    return `${before.map(sgr).join('')}${line}${open.map((code) => sgr(ENDS[code] ?? '0')).join('')}`;
  });
}

function sgr(code: string): string {
  return `\u001b[${code}m`;
}

/** Text behind a head, its further lines below where it began. */
export function hanging(
  head: string,
  text: string,
  columns: number,
  rest = ' '.repeat(widthOf(head)),
): readonly string[] {
  return wrap(text, columns - widthOf(head)).map((line, index) => `${index === 0 ? head : rest}${line}`.trimEnd());
}
