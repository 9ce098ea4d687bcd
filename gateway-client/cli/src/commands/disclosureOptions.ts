import type { Disclosure } from '@tracecal/core/model';
import type { Verdict } from '@tracecal/core/trace';
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

/** Disclosures that the verdict made no use of: without a word they would seem to be taken into account. */
export function unusedNotes(disclosures: readonly Disclosure[], { edges }: Pick<Verdict, 'edges'>): readonly string[] {
  const used = new Set(edges.map(({ digest }) => digest));
  return disclosures
    .filter(({ digest }) => !used.has(digest))
    .map(
      ({ report, quantity }) =>
        `not used: the disclosure about ${quantity} of report ${report}, because this calibration does not rest on it`,
    );
}
