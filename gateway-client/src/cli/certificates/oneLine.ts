/** A certificate's text as the registry accepts it: one line, of bounded length. */
export function oneLine(text: string | null | undefined, otherwise = ''): string {
  const line = (text ?? '')
    .replaceAll(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(0, 200)
    .toWellFormed();
  return line === '' ? otherwise : line;
}
