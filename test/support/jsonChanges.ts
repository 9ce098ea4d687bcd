import type { Random } from './random.js';

type Parent = Record<string, unknown> | unknown[];

/** A place in a document: what holds it, and under which name or number. */
interface Place {
  readonly parent: Parent;
  readonly key: string | number;
}

/** What may stand somewhere instead. */
const VALUES: readonly unknown[] = [
  null,
  true,
  -1,
  1.5,
  0,
  '',
  'x',
  '2026-13-45',
  'AB'.repeat(32),
  [],
  {},
  [1],
  { x: 1 },
];

/** A copy of a document with one change at any depth: something left out, added, doubled or replaced. */
export function changedSomewhere<T>(document: T, random: Random): T {
  const copy = structuredClone(document);
  const all = placesIn(copy);
  const { parent, key } = all[random.between(0, all.length - 1)]!;
  const value = VALUES[random.between(0, VALUES.length - 1)];
  if (Array.isArray(parent)) {
    const at = Number(key);
    switch (random.between(0, 2)) {
      case 0:
        parent.splice(at, 1);
        break;
      case 1:
        parent.splice(at, 0, structuredClone(parent[at]));
        break;
      default:
        parent[at] = value;
    }
    return copy;
  }
  switch (random.between(0, 2)) {
    case 0:
      // eslint-disable-next-line @typescript-eslint/no-dynamic-delete
      delete parent[key];
      break;
    case 1:
      parent[`${key}-more`] = value;
      break;
    default:
      parent[key] = value;
  }
  return copy;
}

function placesIn(value: unknown): readonly Place[] {
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  const parent = value as Parent;
  const keys = Array.isArray(parent) ? parent.map((_, index) => index) : Object.keys(parent);
  return keys.flatMap((key) => [{ parent, key }, ...placesIn((parent as Record<string | number, unknown>)[key])]);
}
