/** An object's own value under a key that comes from outside: inherited members such as `toString` are not data. */
export function ownValue<T>(object: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}
