import { IDENTIFIER } from '@tracecal/core/model';
import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';
import { upTo } from '../parse.js';

/** Options of every list. */
export interface ListOptions {
  readonly limit: number;
  readonly after?: string;
}

const DEFAULT_LIMIT = 50;
const MOST = 1000;

export function listOptions(command: Command): Command {
  return command
    .option('--limit <count>', 'how many at most', upTo(MOST), DEFAULT_LIMIT)
    .option('--after <id>', 'go on after this one', identifier);
}

/** Start of a list, as the SDK takes it. */
export function listedFrom({ after }: ListOptions): { readonly after?: string } {
  return after === undefined ? {} : { after };
}

function identifier(text: string): string {
  if (!IDENTIFIER.test(text)) {
    throw new InvalidArgumentError('Write a whole id, as the list before showed it.');
  }
  return text;
}
