import { requireNewFile, writeExchangedFile } from '@tracecal/gateway-client/application';
import { foundingSignature, openOwnPart } from '@tracecal/network/member';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { foundingJson } from '../view/foundingText.js';
import { DATA_HELP } from './memberInit.js';

interface Options {
  readonly output: string;
}

export function memberSign(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'sign',
      description:
        "Sign what was assembled in this data directory with the key of the member's administrator, into a file for all other members.",
      example: 'member sign --output lab-alpha.signature.json --data lab-alpha',
      acting: 'none',
      dataHelp: DATA_HELP,
      configure: (command) => command.requiredOption('-o, --output <file>', 'the new file to write'),
      async run({ terminal, data }, _args, { output }) {
        requireNewFile(output);
        const own = openOwnPart(data.root);
        const { text, founding } = foundingSignature(own);
        await writeExchangedFile(output, text);
        terminal.result({ member: own.member.id, file: output, ...foundingJson(founding) }, (style) =>
          [
            `${style.green('✓')} ${own.member.id} has signed ${style.bold(founding.fingerprint)} in ${output}: send it to all other members, and keep it for yourself.`,
            `When you have the signatures of all members: ${style.hint('member check FILE...')}.`,
          ].join('\n'),
        );
        return EXIT.yes;
      },
    },
    host,
  );
}
