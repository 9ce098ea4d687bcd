import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { proposalJson, proposalWords } from '../view/proposalText.js';
import { proposalIn } from './proposalFiles.js';

export function proposalShow(host: Host): Command {
  return commandOf(
    {
      usage: 'show <file>',
      description:
        'What a proposal changes, in plain words and from its bytes alone, who has signed it, and who has to. Asks no network: whether the channel still has the configuration for which it was made, only signing and applying say.',
      example: 'proposal show proposal.json',
      acting: 'none',
      async run({ terminal }, [file = '']) {
        const proposal = await proposalIn(file);
        terminal.result(proposalJson(proposal), (style) => proposalWords(proposal, style));
        return EXIT.yes;
      },
    },
    host,
  );
}
