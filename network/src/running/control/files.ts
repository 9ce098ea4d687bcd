import { join } from 'node:path';

/** An empty LevelDB: the process that has it open holds the data directory. */
export function lockFolder(dataDir: string): string {
  return join(dataDir, 'lock');
}

/** The file in it that the holder has locked. */
export function lockedFile(dataDir: string): string {
  return join(lockFolder(dataDir), 'LOCK');
}

/** The lock while it is deleted. */
export function removedLockFolder(dataDir: string): string {
  return `${lockFolder(dataDir)}.removed`;
}

/** Names the process that holds it. */
export function holderFile(dataDir: string): string {
  return join(dataDir, 'network.json');
}

/** The socket of that process. It is in the data directory because nobody listens on a copied socket. */
export function socketFile(dataDir: string): string {
  return join(dataDir, 'control.sock');
}
