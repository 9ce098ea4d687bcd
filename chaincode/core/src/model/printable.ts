/** Enough for a whole sentence that contains a command: a truncated command is useless. */
const MAX_SENTENCE = 2000;

/**
 * One line of text that quotes a file or a peer. Both are untrusted, so control characters must not reach a terminal or a
 * log.
 */
export function printable(text: string, maxLength = MAX_SENTENCE): string {
  const line = text
    .replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim()
    .toWellFormed();
  return line.length > maxLength ? `${line.slice(0, maxLength).toWellFormed()}…` : line;
}
