/** What an object itself holds under a key that comes from outside: `toString` and its like are nobody's data. */
export function ownValue<T>(object: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}
