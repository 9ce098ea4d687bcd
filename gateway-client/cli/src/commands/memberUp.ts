import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { copyWarning } from '../network/copyWarning.js';
import { interruptible } from '../network/interruption.js';
import { FOUNDING_HELP } from '../network/memberFounding.js';
import { startMember } from '../network/startMember.js';
import { DATA_HELP } from './memberInit.js';
import { keepUp } from './up.js';

interface Options {
  readonly detach?: boolean;
  readonly founding?: string;
  readonly fabricBin?: string;
}

export function memberUp(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'up',
      description:
        "Start this member's orderer, peers and chaincode services alone, on real Fabric, once all members have signed the genesis blocks. They join their channels at once; chaincodes are installed, approved and committed as soon as enough members are there. An interrupted start is completed by the next one.",
      example: 'member up --detach --data lab-alpha',
      acting: 'none',
      dataHelp: DATA_HELP,
      configure: (command) =>
        command
          .option('--detach', 'come back when the nodes run, and leave them running')
          .option('--founding <file>', FOUNDING_HELP)
          .option('--fabric-bin <folder>', "folder with Fabric's `peer` and `orderer` (default: on PATH)"),
      async run({ terminal, data }, _args, { detach = false, founding, fabricBin }) {
        const copy = copyWarning(data);
        if (copy !== undefined) terminal.warn(copy);
        terminal.progress('Starting your nodes');
        const { process, ready } = await interruptible((signal) =>
          startMember({
            data,
            founding,
            detached: detach,
            signal,
            onProgress: (line) => {
              terminal.progress(line);
            },
            ...(fabricBin !== undefined && { fabricBin }),
          }),
        );
        const [{ id, gatewayEndpoint } = { id: '', gatewayEndpoint: '' }] = ready.organisations;
        terminal.result({ member: id, data: data.root, ...ready }, (style) =>
          [
            `${style.green('✓')} The nodes of ${id} run, and have joined their channels. Its peer is reached at ${gatewayEndpoint}.`,
            `Chaincodes follow when enough members are there: ${style.hint('member status')} shows what is missing.`,
            style.dim(
              detach ? `Process ${ready.pid}; stop it with ${style.hint('member down')}.` : 'Stop with Ctrl-C.',
            ),
          ].join('\n'),
        );
        if (!detach) return keepUp(process);
        process.release();
        return EXIT.yes;
      },
    },
    host,
  );
}
