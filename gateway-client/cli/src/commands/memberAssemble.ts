import { assembleFounding, openOwnPart } from '@tracecal/network/member';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { foundingJson, foundingLines } from '../view/foundingText.js';
import { givenFiles } from './memberFiles.js';
import { DATA_HELP } from './memberInit.js';

export function memberAssemble(host: Host): Command {
  return commandOf(
    {
      usage: 'assemble <files...>',
      description:
        'Check the files of all members, and make the genesis blocks of all channels from them: every member gets the same ones. Nothing is written unless every check passes.',
      example: 'member assemble nmi-north.json nmi-south.json lab-alpha.json --data lab-alpha',
      acting: 'none',
      dataHelp: DATA_HELP,
      async run({ terminal, data }, names) {
        const own = openOwnPart(data.root);
        const founding = assembleFounding(own, await givenFiles(names));
        terminal.result(foundingJson(founding), (style) =>
          [
            ...foundingLines(founding, style),
            `Compare the fingerprint with every other member by telephone, then sign it: ${style.hint(`member sign --output ${own.member.id}.signature.json`)}.`,
          ].join('\n'),
        );
        return EXIT.yes;
      },
    },
    host,
  );
}
