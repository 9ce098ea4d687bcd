import type { Command } from 'commander';

export interface StoreOption {
  readonly store?: string;
}

export function storeOption(command: Command): Command {
  return command.option(
    '--store <folder>',
    'folder of encrypted bodies, which may be copied to readers (default: content/bodies in the data directory)',
  );
}
