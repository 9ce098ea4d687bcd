/** Why a LevelDB could not be opened: another process has it open, or what `cause` says. */
export function whyNotOpened(error: unknown): { readonly locked: boolean; readonly cause: unknown } {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return { locked: cause instanceof Error && 'code' in cause && cause.code === 'LEVEL_LOCKED', cause };
}
