import { readExactText, requireNewFile } from '@tracecal/gateway-client/application';
import { materialWith, newcomersOf } from '@tracecal/network/member';
import { createProposal, presentConfig, requireProposable } from '@tracecal/network/proposal';
import { parseConsortium } from '@tracecal/network/topology';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { withOwnMember } from '../network/ownPeer.js';
import { proposalJson, proposalWords } from '../view/proposalText.js';
import { NEWCOMER_FLAGS, NEWCOMER_HELP } from './memberAdopt.js';
import { givenFiles } from './memberFiles.js';
import { MOST_DESCRIPTION_BYTES } from './memberInit.js';
import { writeProposal } from './proposalFiles.js';

interface Options {
  readonly consortium: string;
  readonly newcomer: readonly string[];
  readonly output: string;
}

export function proposalCreate(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'create <channel>',
      description:
        "Write into a file how a channel's configuration becomes that of a changed description, for the administrators of its members to sign: its batches, members that leave, and members that join.",
      example: 'proposal create calibration --consortium changed.yaml -o proposal.json --as nmi-north',
      reads: true,
      configure: (command) =>
        command
          .requiredOption('--consortium <file>', 'the changed description of the consortium')
          .option(NEWCOMER_FLAGS, NEWCOMER_HELP, [])
          .requiredOption('-o, --output <file>', 'the new file to write'),
      async run({ terminal, ...place }, [channel = ''], { consortium: changed, newcomer, output }) {
        requireNewFile(output);
        const next = parseConsortium(await readExactText(changed, MOST_DESCRIPTION_BYTES), changed);
        const files = await givenFiles(newcomer);
        const proposal = await withOwnMember(place, async (own) => {
          requireProposable(own.consortium, next);
          const material = materialWith(newcomersOf(own.consortium, next, files), place.data.crypto);
          const current = await presentConfig(own, channel);
          return createProposal(channel, current, { next, subjects: ['members', 'batch'], material });
        });
        await writeProposal(output, proposal);
        terminal.result({ file: output, ...proposalJson(proposal) }, (style) =>
          [
            proposalWords(proposal, style),
            '',
            `${style.green('✓')} Written to ${output}. Each administrator signs it with ${style.hint('proposal sign FILE -o SIGNED')}.`,
          ].join('\n'),
        );
        return EXIT.yes;
      },
    },
    host,
  );
}
