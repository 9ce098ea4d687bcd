/** Everything that an asynchronous sequence yields (`Array.fromAsync` came with Node 22). */
export async function all<T>(sequence: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of sequence) {
    items.push(item);
  }
  return items;
}
