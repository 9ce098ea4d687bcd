import { printable } from '@tracecal/gateway-client';
import type { Style } from '../style.js';
import type { Terminal } from '../terminal.js';

/** What became of one of several files. */
interface OfFile {
  readonly file: string;
  readonly error: { readonly code: string; readonly message: string } | null;
}

/** Shows what was read of several files; why one could not be read is an error like any other. */
export function tellFiles<T extends OfFile>(
  terminal: Terminal,
  files: readonly T[],
  describe: (file: T, style: Style) => string,
  between: string,
): void {
  for (const { file, error } of files) {
    if (error) {
      const sentence = error.message.includes(file) ? error.message : `${file}: ${error.message}`;
      terminal.error(printable(sentence), error.code);
    }
  }
  const read = files.filter(({ error }) => !error);
  if (terminal.isJson || read.length > 0) {
    terminal.result(files, (style) => read.map((each) => describe(each, style)).join(between));
  }
}
