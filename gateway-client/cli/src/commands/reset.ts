import { existsSync, rmSync } from 'node:fs';
import { ENGINES, resetEngine } from '@tracecal/network/engine';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import type { DataDirectory } from '../data/dataDirectory.js';
import { EXIT } from '../exit.js';
import { engineOf } from '../network/engines.js';
import { stopRunning } from '../network/runningNetwork.js';
import { confirmationOptions, requireConfirmed } from './confirmation.js';
import type { Confirmation } from './confirmation.js';

export function reset(host: Host): Command {
  return commandOf<Confirmation>(
    {
      usage: 'reset',
      description: 'Stop the network of this data directory and delete its ledgers, keys and certificates.',
      example: 'reset --data .tracecal --yes',
      acting: 'none',
      configure: confirmationOptions,
      async run({ terminal, data, timeoutMs, timeoutGiven }, _args, confirmation) {
        if (!existsSync(data.consortiumFile)) {
          terminal.result({ reset: false, data: data.root }, () => `There is no network in ${data.root}.`);
          return EXIT.yes;
        }
        if (confirmation.dryRun) {
          const paths = ownPaths(data).filter((path) => existsSync(path));
          terminal.result({ dryRun: true, data: data.root, paths }, () => previewText(data, paths));
          return EXIT.yes;
        }
        await requireConfirmed(
          terminal,
          confirmation,
          () => `This deletes ledgers, keys and certificates in ${data.root} for good.`,
        );
        await stopRunning(data, timeoutGiven ? timeoutMs : undefined);
        const engine = engineOf(data);
        // A network whose first start failed has no engine yet.
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

function previewText({ root }: DataDirectory, paths: readonly string[]): string {
  const kept = "Ledgers and the network's own files go with them; other files stay.";
  return [`This would delete the network in ${root}:`, ...paths.map((path) => `  ${path}`), kept].join('\n');
}

function removeOwn(data: DataDirectory): void {
  for (const path of ownPaths(data)) {
    rmSync(path, { recursive: true, force: true });
  }
}

/** Paths that the command line itself made. The directory may hold other files of the user. */
function ownPaths(data: DataDirectory): readonly string[] {
  return [
    data.keys,
    data.content,
    data.examples,
    data.watch,
    data.foundingFile,
    data.trustFile,
    data.logFile,
    data.consortiumFile,
    data.engineFile,
    ...data.ceremony,
    data.restoredFile,
  ];
}
