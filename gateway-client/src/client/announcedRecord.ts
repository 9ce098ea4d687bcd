import { EVENTS } from '@tracecal/core/contracts';
import type { AnnouncedItem, Announcement } from '@tracecal/core/contracts';

const REGISTRY = compositeKey('registry');

/**
 * Whether a transaction with these public writes changed every record that its event names. Only this module knows which key
 * belongs to which event.
 */
export function writesAnnouncedRecord({ items, root }: Announcement, keys: readonly string[]): boolean {
  const written = new Set(keys);
  const records = [...items.map(recordsOf), ...(root === undefined ? [] : [[compositeKey('anchor', root)]])];
  return records.length > 0 && records.every((candidates) => candidates.some((key) => written.has(key)));
}

/** The keys of records; a statement changes one of them. */
function recordsOf({ type, kind, id, author, number }: AnnouncedItem): readonly string[] {
  switch (type) {
    case EVENTS.consented:
      return [compositeKey('consent', author, id)];
    case EVENTS.reviewed:
      return [compositeKey('review', id, author)];
    case EVENTS.confirmed:
      return [compositeKey('confirmation', id)];
    case EVENTS.vouched:
      return [compositeKey('vouching', id)];
    case EVENTS.sealed:
      return [compositeKey('sealed', String(number).padStart(16, '0'))];
    case EVENTS.heartbeat:
      return [compositeKey('heartbeat', author)];
    default:
      return byKind(kind, id);
  }
}

/** Impediments of an institute are stored in the registry's own record. */
function byKind(kind: AnnouncedItem['kind'], id: string): readonly string[] {
  switch (kind) {
    case 'registry':
      return [REGISTRY];
    case 'organisation':
      return [compositeKey(kind, id), REGISTRY];
    default:
      return [compositeKey(kind, id)];
  }
}

function compositeKey(type: string, ...attributes: readonly string[]): string {
  return ['', type, ...attributes, ''].join('\u0000');
}
