import { readExactText } from '@tracecal/gateway-client/application';
import { initMember } from '@tracecal/network/member';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';

interface Options {
  readonly member: string;
  readonly consortium: string;
  readonly enrolled?: string;
}

/** Of a description as members exchange it. */
export const MOST_DESCRIPTION_BYTES = 1_048_576;

export function memberInit(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'init',
      description:
        "Make a member's keys and certificates, and those of the orderer that it runs, in its own data directory, before a consortium is founded. Nothing that is there is replaced.",
      example: 'member init --member lab-alpha --consortium consortium.yaml --data lab-alpha',
      acting: 'none',
      dataHelp: DATA_HELP,
      configure: (command) =>
        command
          .requiredOption('--member <id>', 'which member of the description you are')
          .requiredOption('--consortium <file>', 'description of the consortium: the same file at all members')
          .option(
            '--enrolled <folder>',
            'take what `fabric-ca-client enroll` wrote, and make no keys (docs/ceremony.md)',
          ),
      async run({ terminal, data }, _args, { member, consortium, enrolled }) {
        const text = await readExactText(consortium, MOST_DESCRIPTION_BYTES);
        data.make();
        const own = await initMember(data.root, text, member, enrolled);
        const { description, orderer } = own;
        const document = { member, data: data.root, description, orderer: orderer?.name ?? null };
        terminal.result(document, (style) =>
          [
            `${style.green('✓')} Keys of ${member}${orderer === undefined ? '' : ` and of its orderer ${orderer.name}`} in ${data.root}. They never leave it.`,
            `Digest of the description: ${description}. Compare it with the other members.`,
            `Write the file for the other members with ${style.hint(`member request --output ${member}.json`)}.`,
          ].join('\n'),
        );
        return EXIT.yes;
      },
    },
    host,
  );
}

/** Help of `--data` in all commands of a ceremony. */
export const DATA_HELP = "the member's own data directory (default: .tracecal, or TRACECAL_DATA)";
