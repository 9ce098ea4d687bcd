/** Whether an error means that a disk, or the user's quota, is full: Node, LevelDB and Fabric report it differently. */
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

/** The remedy for a full disk. */
export function diskFull(dataDir: string): string {
  return `No space is left on the disk of ${dataDir}: free some, or use another data directory.`;
}
