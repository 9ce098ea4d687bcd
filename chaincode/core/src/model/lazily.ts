/**
 * Computes a value when it is first asked for. For what many programs load and few need: a boot gate waits for all that a module does
 * while it is loaded.
 */
export function lazily<T extends object>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}
