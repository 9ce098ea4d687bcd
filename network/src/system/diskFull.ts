/** Whether something failed because a disk is full, or the user's share of it: Node, LevelDB and Fabric say it differently. */
export function isDiskFull(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? error.code : undefined;
  return (
    code === 'ENOSPC' ||
    code === 'EDQUOT' ||
    /no space left on device|disk quota exceeded/i.test(error.message) ||
    isDiskFull(error.cause)
  );
}

/** What to do about it. */
export function diskFull(dataDir: string): string {
  return `No space is left on the disk of ${dataDir}: free some, or use another data directory.`;
}
