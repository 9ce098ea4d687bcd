import { memberStatus as statusOf } from '@tracecal/network/engine';
import type { MemberStatus } from '@tracecal/network/engine';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { memberStatusText } from '../view/memberStatusText.js';
import { DATA_HELP } from './memberInit.js';

export function memberStatus(host: Host): Command {
  return commandOf(
    {
      usage: 'status',
      description:
        "How this member's nodes, channels and chaincodes stand, and which peers and orderers of the other members are reached from here. Exit code 3 if a node of its own is not reached, 5 while something else is missing.",
      example: 'member status --data lab-alpha',
      acting: 'none',
      dataHelp: DATA_HELP,
      reads: true,
      async run({ terminal, data }) {
        const status = await statusOf(data.root);
        terminal.result(status, (style) => memberStatusText(status, style));
        return exitOfMemberStatus(status);
      },
    },
    host,
  );
}

/** The exit code of a member's status. */
export function exitOfMemberStatus({ nodes, chaincodes, others }: MemberStatus): number {
  if (nodes.some(({ isReached }) => !isReached)) return EXIT.trouble;
  const isWhole =
    nodes.every(({ missingChannels }) => missingChannels?.length === 0) &&
    chaincodes.every(({ isApproved, isCommitted }) => isApproved === true && isCommitted === true) &&
    others.every(({ isReached }) => isReached);
  return isWhole ? EXIT.yes : EXIT.incomplete;
}
