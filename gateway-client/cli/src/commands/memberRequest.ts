import { readExactText, requireNewFile, writeExchangedFile } from '@tracecal/gateway-client/application';
import { memberFileText, openOwnPart, partInNext } from '@tracecal/network/member';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { DATA_HELP, MOST_DESCRIPTION_BYTES } from './memberInit.js';

interface Options {
  readonly consortium?: string;
  readonly output: string;
}

export function memberRequest(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'request',
      description:
        "Write the member's public material into a file for all other members, signed by its administrator. It contains no private key. With a changed description, the keys that you lack for it are made: of an orderer that you are to run.",
      example: 'member request --output lab-alpha.json --data lab-alpha',
      acting: 'none',
      dataHelp: DATA_HELP,
      configure: (command) =>
        command
          .option('--consortium <file>', 'a changed description, in which you run a further orderer')
          .requiredOption('-o, --output <file>', 'the new file to write'),
      async run({ terminal, data }, _args, { output, consortium: changed }) {
        requireNewFile(output);
        const present = openOwnPart(data.root);
        const own =
          changed === undefined
            ? present
            : await partInNext(present, await readExactText(changed, MOST_DESCRIPTION_BYTES), changed);
        await writeExchangedFile(output, memberFileText(own));
        const { member, description } = own;
        terminal.result({ member: member.id, file: output, description }, (style) =>
          [
            `${style.green('✓')} File of ${member.id} in ${output}: send it to all other members, and keep it for yourself.`,
            `When you have the files of all members: ${style.hint('member assemble FILE...')}.`,
          ].join('\n'),
        );
        return EXIT.yes;
      },
    },
    host,
  );
}
