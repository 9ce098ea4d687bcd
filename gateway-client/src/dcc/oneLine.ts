const MAX_LENGTH = 200;

/** Text of a certificate as the registry accepts names: one line, no control characters, of bounded length. */
export function oneLine(text: string | null | undefined): string {
  const line = (text ?? '').replaceAll(/[\p{Cc}\s]+/gu, ' ').trim();
  return line.length > MAX_LENGTH ? line.slice(0, MAX_LENGTH).toWellFormed() : line;
}
