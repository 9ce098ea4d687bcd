export { copyData, copyFolder } from './dataFiles.js';
export { BackupError, type BackupErrorCode } from './errors.js';
export type { Manifest } from './manifest.js';
export { restoreBackup } from './restore.js';
export { RESTORED, restoredFrom, type Restored } from './restored.js';
export { requireNoBackup, writeBackup, type BackupOptions } from './write.js';
