import { existsSync, rmSync } from 'node:fs';
import { ENGINES, resetEngine } from '@tracecal/network/engine';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import type { DataDirectory } from '../data/dataDirectory.js';
import { CliError } from '../errors.js';
import { EXIT } from '../exit.js';
import { engineOf } from '../network/engines.js';
import { stopRunning } from '../network/runningNetwork.js';

interface Options {
  readonly yes?: boolean;
}

export function reset(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'reset',
      description: 'Stop the network of this data directory and delete its ledgers, keys and certificates.',
      example: 'reset --data .tracecal --yes',
      acting: 'none',
      configure: (command) => command.option('--yes', 'yes, delete them'),
      async run({ terminal, data }, _args, { yes = false }) {
        if (!existsSync(data.consortiumFile)) {
          terminal.result({ reset: false, data: data.root }, () => `There is no network in ${data.root}.`);
          return EXIT.yes;
        }
        if (!yes) {
          throw new CliError('NOT_CONFIRMED', `They are in ${data.root}.`);
        }
        await stopRunning(data);
        const engine = engineOf(data);
        // A network whose first start failed was of no engine yet.
        for (const used of engine === undefined ? ENGINES : [engine]) {
          await resetEngine(used, data.root);
        }
        removeOwn(data);
        terminal.result({ reset: true, data: data.root }, () => `The network in ${data.root} is deleted.`);
        return EXIT.yes;
      },
    },
    host,
  );
}

/** What the command line itself put there, and nothing else: the directory may hold files of the user's. */
function removeOwn(data: DataDirectory): void {
  for (const path of [
    data.keys,
    data.content,
    data.examples,
    data.foundingFile,
    data.trustFile,
    data.networkFile,
    data.logFile,
    data.consortiumFile,
    data.engineFile,
    data.startFile,
  ]) {
    rmSync(path, { recursive: true, force: true });
  }
}
