import { stripVTControlCharacters } from 'node:util';

const GRAPHEMES = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** What terminals draw two columns wide: East Asian scripts, full-width forms, pictures. */
const WIDE =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303e\uff01-\uff60\uffe0-\uffe6]/u;

/** How many columns a text takes on a terminal, colours aside. */
export function widthOf(text: string): number {
  const plain = stripVTControlCharacters(text);
  if (/^[\x20-\x7e]*$/.test(plain)) {
    return plain.length;
  }
  let width = 0;
  for (const { segment } of GRAPHEMES.segment(plain)) {
    width += WIDE.test(segment) ? 2 : 1;
  }
  return width;
}

/** Text without its end where it is too wide: for what is gone a moment later. */
export function shortened(text: string, columns: number, end: string): string {
  if (widthOf(text) <= columns) {
    return text;
  }
  const room = columns - widthOf(end);
  let kept = '';
  for (const { segment } of GRAPHEMES.segment(text)) {
    if (widthOf(kept + segment) > room) {
      break;
    }
    kept += segment;
  }
  return `${kept}${end}`;
}

/** Text filled up with blanks. */
export function padded(text: string, width: number): string {
  return `${text}${' '.repeat(Math.max(0, width - widthOf(text)))}`;
}

/** Where nothing says how wide a line may be. */
export const DEFAULT_COLUMNS = 80;
const LEAST_COLUMNS = 20;

/** How wide a line may be: by COLUMNS, as other programs take it, or by the terminal. */
export function columnsOf(
  stream: { readonly isTTY?: boolean; readonly columns?: number },
  environment: NodeJS.ProcessEnv,
): number {
  const told = /^\d{1,5}$/.test(environment['COLUMNS'] ?? '') ? Number(environment['COLUMNS']) : 0;
  const own = stream.isTTY === true ? (stream.columns ?? 0) : 0;
  const columns = [told, own].find((count) => count > 0) ?? DEFAULT_COLUMNS;
  return Math.max(LEAST_COLUMNS, columns);
}
