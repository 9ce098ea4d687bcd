import { join } from 'node:path';

/** An empty LevelDB: the process that has it open holds the data directory. */
export function lockFolder(dataDir: string): string {
  return join(dataDir, 'lock');
}

/** Names the process that holds it. */
export function holderFile(dataDir: string): string {
  return join(dataDir, 'network.json');
}

/** The socket of that process. It is in the data directory because nobody listens on a copied socket. */
export function socketFile(dataDir: string): string {
  return join(dataDir, 'control.sock');
}

/** All files by which a network is locked and controlled, for deleting its data. */
export function controlFiles(dataDir: string): readonly string[] {
  return [lockFolder(dataDir), holderFile(dataDir), socketFile(dataDir)];
}
