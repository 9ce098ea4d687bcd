import { anchorFiles } from '@tracecal/gateway-client/application';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { withSession } from '../session.js';
import { committedJson, committedLines } from '../view/committed.js';
import { counted } from '../view/counts.js';
import { viaOption } from './execute.js';

interface Options {
  readonly output?: string;
  readonly via?: string;
}

export function anchor(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'anchor <files...>',
      description:
        'Date signed reports by today, without showing them: their digests go under one Merkle root, which the ledger holds from now on. Submit the files that this writes when the devices are sold.',
      example: 'anchor reports/*.json -o anchored',
      configure: (command) =>
        viaOption(command).option(
          '-o, --output <folder>',
          'where the files with the proofs are written (default: beside each)',
        ),
      async run({ terminal, ...place }, files, options) {
        const {
          root,
          committed,
          files: anchored,
        } = await withSession(place, (session) => anchorFiles(session, files, options));
        terminal.result({ root, files: anchored, ...(committed && committedJson(committed)) }, (style) =>
          [
            `${style.green('✓')} The ledger holds the root of ${reportsText(anchored)}${committed ? '' : ', which was anchored before'}.`,
            ...anchored.map((each) => `    ${each.file} ${style.dim('goes on as')} ${each.anchored}`),
            `Register them later with ${style.hint('statement submit FILE')}.`,
            ...(committed ? committedLines(committed, style) : []),
          ].join('\n'),
        );
        return EXIT.yes;
      },
    },
    host,
  );
}

function reportsText(files: readonly { readonly reports: readonly unknown[] }[]): string {
  return counted(
    files.reduce((sum, { reports }) => sum + reports.length, 0),
    'report',
  );
}
