import { join } from 'node:path';

/** An empty LevelDB: who has it open holds the data directory. */
export function lockFolder(dataDir: string): string {
  return join(dataDir, 'lock');
}

/** Which process holds it. */
export function holderFile(dataDir: string): string {
  return join(dataDir, 'network.json');
}

/** Where that process answers. It lies in the data directory because nobody listens on the copy of a socket. */
export function socketFile(dataDir: string): string {
  return join(dataDir, 'control.sock');
}

/** All by which a network is held and controlled, for who deletes its data. */
export function controlFiles(dataDir: string): readonly string[] {
  return [lockFolder(dataDir), holderFile(dataDir), socketFile(dataDir)];
}
