import { requireNewFile } from '@tracecal/gateway-client/application';
import { ownConfig, signProposal } from '@tracecal/network/proposal';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { withOwnMember } from '../network/ownPeer.js';
import { proposalJson, proposalWords } from '../view/proposalText.js';
import { proposalIn, writeProposal } from './proposalFiles.js';

interface Options {
  readonly output: string;
}

export function proposalSign(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'sign <file>',
      description:
        "Sign a proposal with the keys of a member's administrator, and of the administrator of its orderer, into a new file. Refused where the member's own peer, or in a channel of others its orderer, has another configuration, or where anything that it changes cannot be shown.",
      example: 'proposal sign proposal.json -o signed.json --as nmi-north',
      reads: true,
      configure: (command) => command.requiredOption('-o, --output <file>', 'the new file to write'),
      async run({ terminal, ...place }, [file = ''], { output }) {
        requireNewFile(output);
        const proposal = await proposalIn(file);
        const { signed, member } = await withOwnMember(place, async (own) => ({
          member: own.member.id,
          signed: await signProposal(proposal, await ownConfig(own, proposal.channel), own.administrators),
        }));
        await writeProposal(output, signed);
        terminal.result({ member, file: output, ...proposalJson(signed) }, (style) =>
          [
            proposalWords(signed, style),
            '',
            `${style.green('✓')} ${member} has signed it in ${output}: send it on, or back to its author.`,
          ].join('\n'),
        );
        return EXIT.yes;
      },
    },
    host,
  );
}
