import { openOwnPart } from '@tracecal/network/member';
import { joinMember } from '@tracecal/network/engine';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { alreadyRunning } from '../network/engineProcess.js';
import { interruptible } from '../network/interruption.js';
import { memberFounding } from '../network/memberFounding.js';
import { findRunning } from '../network/runningNetwork.js';
import { DATA_HELP } from './memberInit.js';

export function memberJoin(host: Host): Command {
  return commandOf(
    {
      usage: 'join',
      description:
        'Join the channels and deploy the chaincodes of this member, whose nodes run by what `member deploy` wrote. Waits for the other members, and ends when nothing is left that this member can do; finished steps are skipped. Exit code 5 if a channel that it only reads is closed to its approval.',
      example: 'member join --data /var/lib/tracecal/lab-alpha',
      acting: 'none',
      dataHelp: DATA_HELP,
      async run({ terminal, data }) {
        const { id } = openOwnPart(data.root).member;
        const running = await findRunning(data);
        if (running) throw alreadyRunning(data, running.pid);
        const { environment } = await memberFounding(data);
        const isWhole = await interruptible((signal) =>
          joinMember({
            dataDir: data.root,
            chaincodeEnvironment: environment,
            log: (_level, line) => {
              terminal.progress(line);
            },
            signal,
          }),
        );
        terminal.result({ member: id, isWhole }, (style) =>
          isWhole
            ? `${style.green('✓')} ${id} has joined its channels, and all of its chaincodes are committed.`
            : `${id} has joined its channels. What it only reads is not approved yet: ${style.hint('member status')}.`,
        );
        return isWhole ? EXIT.yes : EXIT.incomplete;
      },
    },
    host,
  );
}
