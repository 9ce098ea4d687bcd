/** Why a file cannot be written, and what to do. */
export function whyUnwritable(path: string, cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const why = WHY_UNWRITABLE[code] ?? (cause instanceof Error ? cause.message : String(cause));
  return `${path} cannot be written: ${why.replace(/\.$/, '')}.`;
}

const WHY_UNWRITABLE: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full. Make room and try again',
  EDQUOT: 'the quota of this user is used up. Make room and try again',
  EROFS: 'its file system is read-only. Name another file',
  EACCES: 'check the permissions of its folder',
  EPERM: 'check the permissions of its folder',
  ENOENT: 'its folder does not exist. Make the folder, or name another file',
  ENOTDIR: 'what should be its folder is a file. Name another file',
  EISDIR: 'it is a folder. Name a file',
  ELOOP: 'its symbolic links lead in a circle. Correct them',
  ENAMETOOLONG: 'its name is too long. Name another file',
};
