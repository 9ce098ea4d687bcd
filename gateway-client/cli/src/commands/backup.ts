import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { backUp } from '../network/backUp.js';
import { interruptible } from '../network/interruption.js';

interface Options {
  readonly output: string;
  readonly withoutKeys?: boolean;
}

export function backup(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'backup',
      description:
        'Write the data directory into one file: ledgers, keys, certificates, contents, trust. The network may run. The file contains private keys, unencrypted.',
      example: 'backup --output /backup --data .tracecal',
      acting: 'none',
      configure: (command) =>
        command
          .requiredOption('-o, --output <place>', 'the new file to write, or a folder in which it is named by the time')
          .option('--without-keys', 'leave out all files with private keys; a network cannot be started without them'),
      async run({ terminal, data }, _args, { output, withoutKeys = false }) {
        const onProgress = (line: string): void => {
          terminal.progress(line);
        };
        const { file, manifest } = await interruptible((signal) =>
          backUp(data, output, { withKeys: !withoutKeys, now: new Date(), signal, onProgress }),
        );
        const { files, leftOut, made, isRunning, hasKeys } = manifest;
        const bytes = files.reduce((sum, { size }) => sum + size, 0);
        const document = { file, made, isRunning, hasKeys, files: files.length, bytes, leftOut };
        terminal.result(document, (style) =>
          [
            `${style.green('✓')} ${files.length} files (${(bytes / 1024 ** 2).toFixed(1)} MiB) of ${data.root} are in ${file}.`,
            hasKeys
              ? 'It contains private keys, unencrypted: encrypt it before it leaves this machine.'
              : `${leftOut.length} files with private keys are not in it: keep them elsewhere.`,
          ].join('\n'),
        );
        return EXIT.yes;
      },
    },
    host,
  );
}
