import { statSync } from 'node:fs';

/** Tells a directory from its copies: stays the same when it is moved or reached by another path. @throws when it does not exist */
export function directoryId(path: string): string {
  const { dev, ino } = statSync(path, { bigint: true });
  return `${dev}:${ino}`;
}
