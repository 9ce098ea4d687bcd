/** A name, and how it is written otherwise. */
interface Named {
  readonly name: string;
  readonly aliases?: readonly string[];
}

/** The names whose spelling differs from a text in at most so many letters, small or capital; the nearest first. */
export function nearestNames(text: string, named: readonly Named[], most: number): readonly string[] {
  const wanted = text.toLowerCase();
  const distanceTo = ({ name, aliases = [] }: Named) =>
    Math.min(...[name, ...aliases].map((each) => distanceBetween(wanted, each.toLowerCase(), most)));
  return named
    .map((each) => ({ name: each.name, distance: distanceTo(each) }))
    .filter(({ distance }) => distance <= most)
    .sort((one, other) => one.distance - other.distance)
    .map(({ name }) => name);
}

/** How many letters of a text are taken for typing errors. */
export function mostErrorsIn(text: string): number {
  return Math.max(1, Math.floor(text.length / 3));
}

/** Letters to insert, delete or exchange (Levenshtein); Infinity where the lengths alone differ by more than `most`. */
function distanceBetween(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) {
    return Infinity;
  }
  let row = Array.from({ length: b.length + 1 }, (_, place) => place);
  for (let place = 0; place < a.length; place += 1) {
    const next = [place + 1];
    for (let column = 1; column <= b.length; column += 1) {
      const exchanged = (row[column - 1] ?? 0) + (b[column - 1] === a[place] ? 0 : 1);
      next.push(Math.min(exchanged, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
