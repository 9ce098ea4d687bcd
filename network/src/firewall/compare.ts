import { z } from 'zod';

const listingSchema = z.object({ nftables: z.array(z.record(z.string(), z.unknown())) });
const objectSchema = z.record(z.string(), z.unknown());

/** What differs between any two loads of the same rules. */
const IGNORED: readonly string[] = ['counter', 'handle'];

/** One difference between the rules that are loaded and those that should be. */
export interface RuleDifference {
  /** `missing`: not loaded; `extra`: loaded only; `order`: a chain has the same rules in another order. */
  readonly kind: 'missing' | 'extra' | 'order';
  /** The chain, or what kind of object it is. */
  readonly place: string;
  /** The comment of the rule, where it has one, and its content. */
  readonly content: string;
}

/** Compares two listings of the table (`nft -j list table inet tracecal`), without counters and handles. */
export function compareRulesets(expected: unknown, live: unknown): readonly RuleDifference[] {
  const [wanted, found] = [itemsOf(expected), itemsOf(live)];
  const places = [...new Set([...wanted.keys(), ...found.keys()])];
  return places.flatMap((place) => {
    const [should, is] = [wanted.get(place) ?? [], found.get(place) ?? []];
    const missing = without(should, is).map((content) => ({ kind: 'missing' as const, place, content }));
    const extra = without(is, should).map((content) => ({ kind: 'extra' as const, place, content }));
    const isReordered = missing.length + extra.length === 0 && should.some((content, index) => content !== is[index]);
    return [
      ...missing,
      ...extra,
      ...(isReordered ? [{ kind: 'order' as const, place, content: 'the same rules in another order' }] : []),
    ];
  });
}

/** Items of a list beyond those of the other, counting repetitions. */
function without(list: readonly string[], others: readonly string[]): string[] {
  const rest = [...others];
  return list.filter((item) => {
    const at = rest.indexOf(item);
    if (at >= 0) rest.splice(at, 1);
    return at < 0;
  });
}

function itemsOf(listing: unknown): ReadonlyMap<string, readonly string[]> {
  const items = new Map<string, string[]>();
  for (const entry of listingSchema.parse(listing).nftables) {
    for (const [kind, value] of Object.entries(entry)) {
      if (kind === 'metainfo') continue;
      const item = objectSchema.parse(value);
      const place = kind === 'rule' ? `chain ${String(item['chain'])}` : kind;
      items.set(place, [...(items.get(place) ?? []), contentOf(item)]);
    }
  }
  return items;
}

function contentOf(item: Readonly<Record<string, unknown>>): string {
  const { comment, elem, ...rest } = item;
  const elements = Array.isArray(elem) ? { elem: elem.map((each) => JSON.stringify(each)).sort() } : {};
  const content = JSON.stringify({ ...rest, ...elements }, (key, value: unknown) =>
    IGNORED.includes(key) ? null : value,
  );
  return typeof comment === 'string' ? `${comment} ${content}` : content;
}
