/**
 * Why a backup or a restoration is refused:
 * - `NOTHING_TO_BACK_UP`: the directory holds nothing that a backup would contain.
 * - `BACKUP_EXISTS`: the file to write is already there.
 * - `BACKUP_INVALID`: the file is no backup, is damaged or incomplete, or contains what no backup contains.
 * - `BACKUP_VERSION`: the backup was written by a later version.
 * - `TARGET_NOT_EMPTY`: something is in the directory to restore into.
 * - `NAME_TOO_LONG`: a path in the directory does not fit into an archive.
 */
export type BackupErrorCode =
  'NOTHING_TO_BACK_UP' | 'BACKUP_EXISTS' | 'BACKUP_INVALID' | 'BACKUP_VERSION' | 'TARGET_NOT_EMPTY' | 'NAME_TOO_LONG';

/** A backup or a restoration is refused. The message says what to do. Never contains key material. */
export class BackupError extends Error {
  override readonly name = 'BackupError';

  constructor(
    readonly code: BackupErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Whether the system refused something for this reason: `ENOENT`. */
export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
