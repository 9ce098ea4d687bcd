import { requireNewFile } from '@tracecal/gateway-client/application';
import { readChannelMaterial } from '@tracecal/network/channel';
import { createProposal, presentConfig, requireProposable } from '@tracecal/network/proposal';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { readDescription } from '../network/descriptionFile.js';
import { withOwnMember } from '../network/ownPeer.js';
import { proposalJson, proposalWords } from '../view/proposalText.js';
import { writeProposal } from './proposalFiles.js';

interface Options {
  readonly consortium: string;
  readonly output: string;
}

export function proposalCreate(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'create <channel>',
      description:
        "Write into a file how a channel's configuration becomes that of a changed description, for the administrators of its members to sign: its batches, and members that leave.",
      example: 'proposal create calibration --consortium changed.yaml -o proposal.json --as nmi-north',
      reads: true,
      configure: (command) =>
        command
          .requiredOption('--consortium <file>', 'the changed description of the consortium')
          .requiredOption('-o, --output <file>', 'the new file to write'),
      async run({ terminal, ...place }, [channel = ''], { consortium: changed, output }) {
        requireNewFile(output);
        const { consortium: next } = await readDescription(changed);
        const proposal = await withOwnMember(place, async (own) => {
          requireProposable(own.consortium, next);
          const material = readChannelMaterial(next, place.data.crypto);
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
