/** Part of a list. */
export interface Listing<T> {
  readonly items: readonly T[];
  /** Whether there may be more. */
  readonly more: boolean;
  /** The id after which the next part begins; null if this is the last part. */
  readonly after: string | null;
}

/** Limit of the search for a filter that matches hardly anything. */
const MOST_LOOKED_AT = 10_000;

/** The first matches, up to a limit. */
export async function listingOf<T extends { readonly id: string }>(
  sequence: AsyncIterable<T>,
  limit: number,
  fits: (item: T) => boolean = () => true,
): Promise<Listing<T>> {
  const items: T[] = [];
  let looked = 0;
  let after: string | null = null;
  for await (const item of sequence) {
    if (items.length === limit || looked === MOST_LOOKED_AT) {
      return { items, more: true, after };
    }
    looked += 1;
    after = item.id;
    if (fits(item)) {
      items.push(item);
    }
  }
  return { items, more: false, after: null };
}
