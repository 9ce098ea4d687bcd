import { openOwnPart } from '@tracecal/network/member';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { stopRunning } from '../network/runningNetwork.js';
import { DATA_HELP } from './memberInit.js';

export function memberDown(host: Host): Command {
  return commandOf(
    {
      usage: 'down',
      description: "Stop this member's nodes and chaincode services. Their data stays, and the other members go on.",
      example: 'member down --data lab-alpha',
      acting: 'none',
      dataHelp: DATA_HELP,
      async run({ terminal, data, timeoutMs, timeoutGiven }) {
        const { id } = openOwnPart(data.root).member;
        const stopped = await stopRunning(data, timeoutGiven ? timeoutMs : undefined);
        terminal.result({ member: id, stopped }, () =>
          stopped ? `The nodes of ${id} are stopped.` : `No node of ${id} is running here.`,
        );
        return EXIT.yes;
      },
    },
    host,
  );
}
