import { Memo } from '../../model/index.js';

/** Separators between the words of a method's name; letters outside ASCII are kept. */
const SEPARATORS = /[\s!-/:-@[-`{-~\u2010-\u2015]+/;
/** An edition of a norm: a year, perhaps with a month. */
const EDITION = /^(?:19|20)\d{2}$/;
const MONTH = /^(?:0[1-9]|1[0-2])$/;

/**
 * Whether a method that a report states is the one an accreditation names: the same words, ignoring case and punctuation. If one of
 * them names a norm without its edition, the methods are the same; two different editions are not.
 *
 * @example isSameMethod('DKD-R 5-1', 'dkd-r 5-1:2018') // true
 */
export function isSameMethod(line: string, stated: string): boolean {
  const [short, long] = [wordsOf(line), wordsOf(stated)].sort((a, b) => a.length - b.length);
  if (!short || !long || short.length === 0) {
    return false;
  }
  const rest = long.slice(short.length);
  return short.every((word, place) => word === long[place]) && (rest.length === 0 || isEdition(rest));
}

function isEdition([year, month, ...more]: readonly string[]): boolean {
  return year !== undefined && EDITION.test(year) && (month === undefined || MONTH.test(month)) && more.length === 0;
}

const words = new Memo<readonly string[]>(4096);

function wordsOf(text: string): readonly string[] {
  return words.get(text, () =>
    text
      .toLowerCase()
      .split(SEPARATORS)
      .filter((word) => word !== ''),
  );
}
