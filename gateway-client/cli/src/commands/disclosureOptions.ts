import type { Disclosure } from '@tracecal/core/model';
import { readDisclosureFile } from '@tracecal/gateway-client';
import type { Command } from 'commander';
import { collect } from '../parse.js';

export interface DisclosureOptions {
  readonly disclosure?: readonly string[];
}

export function disclosureOption(command: Command): Command {
  return command.option(
    '--disclosure <file>',
    'what you were told of confidential results; may be repeated. It does not leave this machine',
    collect,
  );
}

/** @throws TraceCalError `FILE_UNREADABLE`, `INPUT_INVALID`, `JSON_INVALID` */
export function disclosuresIn({ disclosure = [] }: DisclosureOptions): Promise<readonly Disclosure[]> {
  return Promise.all(disclosure.map(readDisclosureFile));
}
