import { MEMBER_SIGNATURE_TYPE, readMemberFile, readMemberSignature, typeOfFile } from '@tracecal/network/member';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { memberFileText, memberSignatureText } from '../view/memberFileText.js';
import { givenFile } from './memberFiles.js';

export function memberShow(host: Host): Command {
  return commandOf(
    {
      usage: 'show <file>',
      description:
        'What the file of a member says, or its signature of a founding, in plain words. Whether it fits the description and the other members, only `tracecal member assemble` and `tracecal member check` say.',
      example: 'member show lab-alpha.json',
      acting: 'none',
      async run({ terminal }, [name = '']) {
        const given = await givenFile(name);
        if (typeOfFile(given) === MEMBER_SIGNATURE_TYPE) {
          const { content } = readMemberSignature(given);
          terminal.result(content, (style) => memberSignatureText(content, style));
          return EXIT.yes;
        }
        const read = readMemberFile(given);
        terminal.result({ ...read.content, digest: read.digest }, (style) => memberFileText(read, style));
        return EXIT.yes;
      },
    },
    host,
  );
}
