/**
 * Control, format (bidirectional, zero-width), private-use and unassigned characters, line separators, and other characters that are
 * not displayed. Which characters are assigned depends on the release of Node.js: an older one refuses more.
 */
const HIDDEN = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

/** Whether a text has invisible characters: texts that look the same could differ in them. */
export function hasHidden(text: string): boolean {
  return HIDDEN.test(text);
}

/** Whether a text is in Unicode normalisation form C, in which a letter with its accent is written in one way. */
export function isNormal(text: string): boolean {
  return text === text.normalize('NFC');
}

/** A text as the registry accepts it: one line, without invisible characters, in normalisation form C. */
export function plainText(text: string): string {
  const visible = text.replaceAll(/[\p{Cc}\s]/gu, ' ').replaceAll(new RegExp(HIDDEN, 'gu'), '');
  return visible.replaceAll(/ +/g, ' ').normalize('NFC').trim();
}

/** Placeholder for a parent whose certificate or equipment has no name. */
export const NOT_NAMED = 'not named';
