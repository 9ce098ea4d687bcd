/** The change log as static files: the same for everybody, so fetching them tells nobody what for. */
export interface LogFiles {
  /** The text of `head.json`. */
  head(): Promise<string>;
  /** The text of an epoch's file; undefined if there is none. */
  epoch(number: number): Promise<string | undefined>;
}

/** The same files, each read once: whoever decides by several reads must not get another file at each. */
export function readOnce(files: LogFiles): LogFiles {
  let head: Promise<string> | undefined;
  const epochs = new Map<number, Promise<string | undefined>>();
  return {
    head: () => (head ??= files.head()),
    epoch(number) {
      const text = epochs.get(number) ?? files.epoch(number);
      epochs.set(number, text);
      return text;
    },
  };
}

export const HEAD_FILE = 'head.json';

/** Where the file of an epoch is, from the folder of the log. What is sealed never changes, and so its name stays. */
export function epochFile(number: number): string {
  return `epochs/${String(number).padStart(9, '0')}.txt`;
}
