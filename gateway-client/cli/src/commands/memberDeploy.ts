import { join } from 'node:path';
import { requireAgreement, openOwnPart } from '@tracecal/network/member';
import { deployMember, TARGETS, type Target } from '@tracecal/network/engine';
import { Option } from 'commander';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { alreadyRunning } from '../network/engineProcess.js';
import { FOUNDING_HELP, memberFounding } from '../network/memberFounding.js';
import { findRunning } from '../network/runningNetwork.js';
import { word } from '../text/quoted.js';
import { DATA_HELP } from './memberInit.js';

interface Options {
  readonly target: Target;
  readonly output: string;
  readonly founding?: string;
  readonly fabricBin?: string;
}

export function memberDeploy(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'deploy',
      description:
        "Write the units of systemd or the compose file that run this member's orderer, peers and chaincode services without this program: with health checks, log rotation, limits, and a start after each reboot. Nothing is started. The processes run as the user who calls this.",
      example: 'member deploy --target systemd -o ./units --data /var/lib/tracecal/lab-alpha',
      acting: 'none',
      dataHelp: DATA_HELP,
      configure: (command) =>
        command
          .addOption(new Option('--target <target>', 'what runs them').choices([...TARGETS]).makeOptionMandatory())
          .requiredOption('-o, --output <folder>', 'a new or empty folder for the files')
          .option('--founding <file>', FOUNDING_HELP)
          .option('--fabric-bin <folder>', "folder with Fabric's `peer` and `orderer`, for systemd (default: on PATH)"),
      async run({ terminal, data }, _args, { target, output, founding, fabricBin }) {
        const own = openOwnPart(data.root);
        requireAgreement(own);
        const running = await findRunning(data);
        if (running) throw alreadyRunning(data, running.pid);
        const { environment, keep } = await memberFounding(data, founding);
        const names = await deployMember({
          dataDir: data.root,
          target,
          output,
          chaincodeEnvironment: environment,
          ...(fabricBin !== undefined && { fabricBin }),
        });
        keep();
        if (process.getuid?.() === 0) {
          terminal.warn(
            `The processes will run as root. Give ${data.root} to a user of their own (chown -R), and call this as that user with another folder.`,
          );
        }
        const files = names.map((name) => join(output, name));
        const { id } = own.member;
        terminal.result({ member: id, target, files }, (style) =>
          [
            ...files,
            '',
            `Start ${id}:`,
            ...STEPS[target](output, id).map((line) => `  ${line}`),
            `  ${style.hint(`member join --data ${word(data.root)}`)}`,
          ].join('\n'),
        );
        return EXIT.yes;
      },
    },
    host,
  );
}

/** How the files of a target are put into use. */
const STEPS: Readonly<Record<Target, (folder: string, member: string) => readonly string[]>> = {
  systemd: (folder, member) => [
    `sudo cp ${word(join(folder, 'tracecal-'))}* /etc/systemd/system/`,
    `sudo cp ${word(join(folder, `journald@tracecal-${member}.conf`))} /etc/systemd/`,
    'sudo systemctl daemon-reload',
    `sudo systemctl enable --now tracecal-${member}.target`,
  ],
  compose: (folder) => [`docker compose -f ${word(join(folder, 'compose.yaml'))} up --detach --build`],
};
