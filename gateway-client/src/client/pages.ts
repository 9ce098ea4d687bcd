import type { Page } from '@tracecal/core/contracts';

/** The items of a list that a contract answers in pages; a page is requested when its first item is needed. */
export async function* itemsOf<T>(pageAt: (bookmark: string) => Promise<Page<T>>): AsyncGenerator<T, void, undefined> {
  let bookmark = '';
  do {
    const page = await pageAt(bookmark);
    yield* page.items;
    bookmark = page.bookmark;
  } while (bookmark !== '');
}
