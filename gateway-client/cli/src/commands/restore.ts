import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ApplicationError } from '@tracecal/gateway-client/application';
import { restoreBackup } from '@tracecal/network/backup';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { copyWarning } from '../network/copyWarning.js';
import { interruptible } from '../network/interruption.js';

export function restore(host: Host): Command {
  return commandOf(
    {
      usage: 'restore <file>',
      description:
        'Restore a backup into a data directory that is empty or does not exist. Every file is checked against its digest; nothing is started.',
      example: 'restore /backup/tracecal-2026-11-22T201500Z.tar.gz --data restored',
      acting: 'none',
      dataHelp: 'directory to restore into (default: .tracecal, or TRACECAL_DATA)',
      async run({ terminal, data }, [file = '']) {
        const place = resolve(file);
        if ((await stat(place).catch(() => undefined))?.isFile() !== true) {
          throw new ApplicationError('FILE_UNREADABLE', `There is no file ${place}: name a backup.`);
        }
        terminal.progress('Restoring');
        const manifest = await interruptible((signal) => restoreBackup(place, data.root, new Date(), signal));
        const { made, host: original, directory, engine, files, leftOut } = manifest;
        const document = { data: data.root, made, host: original, directory, engine, files: files.length, leftOut };
        terminal.result(document, (style) =>
          [
            `${style.green('✓')} ${files.length} files are restored in ${data.root}, as they were on ${made}.`,
            ...(leftOut.length === 0
              ? []
              : [`${leftOut.length} files with private keys were not in the backup: put them back where they were.`]),
          ].join('\n'),
        );
        terminal.warn(copyWarning(data) ?? '');
        return EXIT.yes;
      },
    },
    host,
  );
}
