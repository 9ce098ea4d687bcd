import { requireNewFile } from '@tracecal/gateway-client/application';
import { mergeProposals } from '@tracecal/network/proposal';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { proposalJson, proposalWords } from '../view/proposalText.js';
import { proposalFile, writeProposal } from './proposalFiles.js';

interface Options {
  readonly output: string;
}

export function proposalMerge(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'merge <files...>',
      description: 'Join the signatures of several files over one proposal into a new file. Asks no network.',
      example: 'proposal merge north.json south.json -o merged.json',
      acting: 'none',
      configure: (command) => command.requiredOption('-o, --output <file>', 'the new file to write'),
      async run({ terminal }, files, { output }) {
        requireNewFile(output);
        const merged = mergeProposals(await Promise.all(files.map(proposalFile)));
        await writeProposal(output, merged);
        terminal.result({ file: output, ...proposalJson(merged) }, (style) =>
          [proposalWords(merged, style), '', `${style.green('✓')} Written to ${output}.`].join('\n'),
        );
        return EXIT.yes;
      },
    },
    host,
  );
}
