import { bashCompletion } from './bash.js';
import type { CompletedCommand } from './commandTree.js';
import { fishCompletion } from './fish.js';
import { zshCompletion } from './zsh.js';

/** How a script for each shell is written. */
export const SHELLS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const satisfies Record<
  string,
  (tree: readonly CompletedCommand[]) => string
>;

export type Shell = keyof typeof SHELLS;
