import type { Page } from '@tracecal/core/contracts';
import { clientError } from './errors.js';

/**
 * The items of a list that a contract answers in pages; a page is requested when its first item is needed.
 * @throws TraceCalError `ANSWER_INVALID` for a page that leads back to one that was read: such a list has no end
 */
export async function* itemsOf<T>(pageAt: (bookmark: string) => Promise<Page<T>>): AsyncGenerator<T, void, undefined> {
  const read = new Set<string>();
  let bookmark = '';
  do {
    read.add(bookmark);
    const page = checkedPage(await pageAt(bookmark));
    yield* page.items;
    bookmark = page.bookmark;
    if (bookmark !== '' && read.has(bookmark)) {
      throw clientError('ANSWER_INVALID', 'The list leads back to a page that was read already.');
    }
  } while (bookmark !== '');
}

function checkedPage<T>(page: Page<T>): Page<T> {
  // A gateway can answer anything in place of a page.
  const { items, bookmark } = Object(page) as Readonly<Record<string, unknown>>;
  if (!Array.isArray(items) || typeof bookmark !== 'string') {
    throw clientError('ANSWER_INVALID', 'It is not a page of a list.');
  }
  return page;
}
