import { statSync } from 'node:fs';

/**
 * Identifies a directory: a copy has another id, but a moved directory, or another path to it, has the same.
 * @throws when it does not exist
 */
export function directoryId(path: string): string {
  const { dev, ino } = statSync(path, { bigint: true });
  return `${dev}:${ino}`;
}
