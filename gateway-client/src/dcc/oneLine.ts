import { plainText } from '@tracecal/core/model';

const MAX_LENGTH = 200;

/** Text of a certificate as the registry accepts names: one line, no hidden characters, limited length. */
export function oneLine(text: string | null | undefined): string {
  const line = plainText(text ?? '');
  return line.length > MAX_LENGTH ? line.slice(0, MAX_LENGTH).toWellFormed() : line;
}
