/** Letters to insert, delete or exchange (Levenshtein); Infinity where the lengths alone differ by more than `most`. */
export function distanceBetween(a: string, b: string, most: number): number {
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
