import { z } from 'zod';
import type { PageOf, Paged } from '../slices/index.js';
import type { Collection, Store } from '../store/index.js';

export const auditSchema = z.object({
  time: z.string(),
  /** The thumbprint of the key; absent for somebody unknown. */
  holder: z.string().exactOptional(),
  name: z.string().exactOptional(),
  route: z.string(),
  /** How many devices the answer was about. */
  devices: z.int(),
  status: z.int(),
  /** Of the error. */
  code: z.string().exactOptional(),
});

/** One request. Tokens, texts and ids of devices are not part of it. */
export type AuditEntry = z.infer<typeof auditSchema>;

/** Where requests are noted. */
export interface AuditLog {
  /** @param operator - Whose user asked; undefined for somebody unknown. */
  append(entry: AuditEntry, operator?: string): Promise<void>;
  /** Requests of an operator's users, oldest first. */
  read(operator: string, page: PageOf): Promise<Paged<AuditEntry>>;
}

/** An audit log in the monitor's store, in parts that share nothing: one an operator. */
export class StoredAudit implements AuditLog {
  readonly #store: Store;
  readonly #entries: Collection<AuditEntry>;
  /** The last number of each operator. One count for all would tell of requests by others. */
  readonly #numbers = new Map<string, Promise<number>>();

  constructor(store: Store) {
    this.#store = store;
    this.#entries = store.collection('audit', auditSchema);
  }

  async append(entry: AuditEntry, operator = '-'): Promise<void> {
    const number = (this.#numbers.get(operator) ?? this.#lastOf(operator)).then((last) => last + 1);
    this.#numbers.set(operator, number);
    await this.#store.write([this.#entries.put(placeOf(operator, await number), entry)]);
  }

  async read(operator: string, { after = '', limit }: PageOf): Promise<Paged<AuditEntry>> {
    const part = `${operator} `;
    const items: AuditEntry[] = [];
    let last = '';
    for await (const [key, entry] of this.#entries.entries({ after: `${part}${after}`, limit: limit + 1 })) {
      if (!key.startsWith(part)) break;
      if (items.length === limit) return { items, next: last };
      items.push(entry);
      last = key.slice(part.length);
    }
    return { items };
  }

  async #lastOf(operator: string): Promise<number> {
    const from = placeOf(operator, Number.MAX_SAFE_INTEGER);
    for await (const [key] of this.#entries.entries({ from, reverse: true, limit: 1 })) {
      if (key.startsWith(`${operator} `)) return Number(key.slice(operator.length + 1));
    }
    return 0;
  }
}

function placeOf(operator: string, number: number): string {
  return `${operator} ${String(number).padStart(16, '0')}`;
}
