/** The change log as static files: the same for everybody, so fetching them tells nobody what for. */
export interface LogFiles {
  /** The text of `head.json`. */
  head(): Promise<string>;
  /** The text of an epoch's file; undefined where the file is missing. */
  epoch(number: number): Promise<string | undefined>;
}

/** The same files, each read once: whoever decides by several reads must not get another file at each. */
export function readOnce(files: LogFiles): LogFiles {
  return files instanceof FilesReadOnce ? files : new FilesReadOnce(files);
}

class FilesReadOnce implements LogFiles {
  readonly #files: LogFiles;
  readonly #epochs = new Map<number, Promise<string | undefined>>();
  #head: Promise<string> | undefined;

  constructor(files: LogFiles) {
    this.#files = files;
  }

  head(): Promise<string> {
    return (this.#head ??= this.#files.head());
  }

  epoch(number: number): Promise<string | undefined> {
    const text = this.#epochs.get(number) ?? this.#files.epoch(number);
    this.#epochs.set(number, text);
    return text;
  }
}

export const HEAD_FILE = 'head.json';

/** Where the file of an epoch is, from the folder of the log. What is sealed never changes, and so its name stays. */
export function epochFile(number: number): string {
  return `epochs/${String(number).padStart(9, '0')}.txt`;
}
