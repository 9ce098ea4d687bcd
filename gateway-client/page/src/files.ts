import { epochFile, MOST_BUNDLE_BYTES, readEpoch } from '@tracecal/gateway-client/proof/verify';
import type { LogFiles } from '@tracecal/gateway-client/proof/verify';

/** Of an epoch of the change log. */
const MOST_EPOCH_BYTES = 268_435_456;
/** How the file of an epoch begins. */
const EPOCH = 'tracecal-log/';

/** A file by its content: its name says nothing. */
export type Recognised = { readonly kind: 'bundle' | 'trust'; readonly text: string } | LogFile;

/** A part of the change log. */
type LogFile =
  | { readonly kind: 'head'; readonly text: string }
  | { readonly kind: 'epoch'; readonly text: string; readonly number: number };

const KINDS: readonly (readonly [type: RegExp, kind: 'bundle' | 'trust' | 'head'])[] = [
  [/^tracecal-bundle\//, 'bundle'],
  [/^tracecal-trust\//, 'trust'],
  [/^tracecal-log-head\//, 'head'],
];

/** @throws Error with a sentence for the reader */
export async function recognised(file: File): Promise<Recognised> {
  const isEpoch = (await file.slice(0, EPOCH.length).text()) === EPOCH;
  if (file.size > (isEpoch ? MOST_EPOCH_BYTES : MOST_BUNDLE_BYTES)) {
    throw new Error(`the file ${file.name} is larger than any file that can be checked here: take it as it was made.`);
  }
  const text = textOf(await file.arrayBuffer());
  if (text === undefined) {
    throw new Error(`the file ${file.name} is no text in UTF-8: take the file as it was made.`);
  }
  if (isEpoch) {
    return { kind: 'epoch', text, number: readEpoch(text).epoch };
  }
  const type = typeIn(text);
  const [, kind] = KINDS.find(([pattern]) => pattern.test(type)) ?? [];
  if (kind === undefined) {
    throw new Error(
      `the file ${file.name} is neither a bundle nor a trust file nor a part of a change log: choose another file.`,
    );
  }
  return { kind, text };
}

/** Every byte counts for a digest, a mark of the byte order, too. */
function textOf(bytes: ArrayBuffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** What the document says that it is. It is read strictly later. */
function typeIn(text: string): string {
  try {
    const value: unknown = JSON.parse(text);
    const type = typeof value === 'object' && value !== null && 'type' in value ? value.type : undefined;
    return typeof type === 'string' ? type : '';
  } catch {
    return '';
  }
}

/** The change log in files that the reader gave. */
export class GivenLog implements LogFiles {
  readonly #epochs = new Map<number, string>();
  #head: string | undefined;

  get hasHead(): boolean {
    return this.#head !== undefined;
  }

  get size(): number {
    return this.#epochs.size + (this.hasHead ? 1 : 0);
  }

  take(given: LogFile): void {
    if (given.kind === 'head') {
      this.#head = given.text;
    } else {
      this.#epochs.set(given.number, given.text);
    }
  }

  head(): Promise<string> {
    return this.#head === undefined
      ? Promise.reject(new Error('The change log lacks its head.json: give that file as well.'))
      : Promise.resolve(this.#head);
  }

  epoch(number: number): Promise<string | undefined> {
    return Promise.resolve(this.#epochs.get(number));
  }
}

/** All files that were dropped, also those in folders. */
export async function filesIn(transfer: DataTransfer): Promise<readonly File[]> {
  const entries = [...transfer.items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  const files = [...transfer.files];
  if (entries.every((entry) => !entry.isDirectory)) return files;
  return (await Promise.all(entries.map(filesBelow))).flat();
}

async function filesBelow(entry: FileSystemEntry): Promise<readonly File[]> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => {
      (entry as FileSystemFileEntry).file(resolve, reject);
    });
    return [file];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: File[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => {
      reader.readEntries(resolve, reject);
    });
    if (some.length === 0) return found;
    found.push(...(await Promise.all(some.map(filesBelow))).flat());
  }
}

/** Where a site has the parts of its log. */
export const LOG_FOLDER = 'log/';
export const epochPath = (number: number): string => `${LOG_FOLDER}${epochFile(number)}`;
