/** Of a whole sentence with its command: one that is cut helps nobody. */
const MAX_SENTENCE = 2000;

/** One line of text that quotes a file or a peer: neither is to be trusted with a terminal or a log. */
export function printable(text: string, maxLength = MAX_SENTENCE): string {
  const line = text
    .replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim()
    .toWellFormed();
  return line.length > maxLength ? `${line.slice(0, maxLength).toWellFormed()}…` : line;
}
