import { printable } from '@tracecal/gateway-client';
import type { Listing } from '@tracecal/gateway-client/application';
import type { Style } from '../style.js';
import { table } from './table.js';
import type { Column } from './table.js';

/** Part of a list as a table, and how to see more. */
export function listingText<Row>(
  { items, more, after }: Listing<Row>,
  columns: readonly Column<Row>[],
  nothing: string,
  style: Style,
): string {
  return [
    items.length === 0 ? nothing : table(columns, items, style),
    ...(more ? [style.dim(`There may be more: add --after ${printable(after ?? '')}, or raise --limit.`)] : []),
  ].join('\n');
}
