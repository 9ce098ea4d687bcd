import { DccError } from './errors.js';
import { DEFAULT_XML_LIMITS, type XmlElement, type XmlLimits } from './xml.js';

/** State of one pass over a document: which elements were requested, and how many list entries were read. */
export class Reading {
  /** The elements that a reader requested. */
  readonly read = new Set<XmlElement>();
  readonly #maxListEntries: number;
  #listEntries = 0;

  constructor({ maxListEntries }: XmlLimits = DEFAULT_XML_LIMITS) {
    this.#maxListEntries = maxListEntries;
  }

  /**
   * The entries of an `xs:list`.
   *
   * @throws DccError `XML_TOO_MANY`
   */
  split(list: string): string[] {
    // Counted first, because a list of the size of the file would take too much memory once split.
    this.#listEntries += countWords(list);
    if (this.#listEntries > this.#maxListEntries) {
      throw new DccError('XML_TOO_MANY', `At most ${this.#maxListEntries} values in lists are accepted.`);
    }
    return list.split(/\s+/);
  }
}

function countWords(text: string): number {
  const gap = /\s+/g;
  let words = 1;
  while (gap.test(text)) {
    words += 1;
  }
  return words;
}
