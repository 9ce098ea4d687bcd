import { keepAgreement, openOwnPart } from '@tracecal/network/member';
import type { Agreement } from '@tracecal/network/member';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { agreementText, foundingJson } from '../view/foundingText.js';
import { givenFiles } from './memberFiles.js';
import { DATA_HELP } from './memberInit.js';

export function memberCheck(host: Host): Command {
  return commandOf(
    {
      usage: 'check <files...>',
      description:
        'Whether all members have signed the same genesis blocks as were assembled here, and who has not. When all have, the signatures are kept here, and nodes may start. Exit code 5 while a signature is missing, 1 where somebody signed something else.',
      example: 'member check nmi-north.signature.json lab-alpha.signature.json --data lab-alpha',
      acting: 'none',
      dataHelp: DATA_HELP,
      async run({ terminal, data }, names) {
        const agreement = keepAgreement(openOwnPart(data.root), await givenFiles(names));
        const { founding, members, isComplete } = agreement;
        const document = { agreed: isComplete, ...foundingJson(founding), members };
        terminal.result(document, (style) => agreementText(agreement, style));
        return exitOf(agreement);
      },
    },
    host,
  );
}

function exitOf({ members, isComplete }: Agreement): number {
  if (isComplete) return EXIT.yes;
  const isContradicted = members.some(({ word }) => word !== 'signed' && word !== 'missing');
  return isContradicted ? EXIT.failed : EXIT.incomplete;
}
