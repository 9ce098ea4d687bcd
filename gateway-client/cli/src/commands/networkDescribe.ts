import { existsSync } from 'node:fs';
import { defaultConsortiumFile } from '@tracecal/network/topology';
import type { Channel } from '@tracecal/network/topology';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { namedOr } from '../network/descriptionFile.js';
import { levelDrawing } from '../view/levelDrawing.js';
import { table } from '../view/table.js';

interface Options {
  readonly consortium?: string;
}

export function networkDescribe(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'describe',
      description: 'Who can read and write what. Needs no running network.',
      example: 'network describe --json',
      acting: 'none',
      configure: (command) => command.option('--consortium <file>', 'description of the consortium'),
      async run({ terminal, data }, _args, { consortium }) {
        const own = existsSync(data.consortiumFile) ? data.consortiumFile : undefined;
        const described = await namedOr(consortium, own ?? defaultConsortiumFile());
        const { name, organisations, channels } = described;
        const named = (found: readonly Channel[]) => found.map((channel) => channel.name).join(', ') || '-';
        const rows = organisations.map(({ id, kind = '-' }) => ({ id, kind }));
        const columns = [
          { title: 'organisation', of: ({ id }: (typeof rows)[number]) => id },
          { title: 'kind', of: ({ kind }: (typeof rows)[number]) => kind },
          {
            title: 'writes',
            of: ({ id }: (typeof rows)[number]) => named(channels.filter(({ writers }) => writers.includes(id))),
          },
          {
            title: 'reads',
            of: ({ id }: (typeof rows)[number]) => named(channels.filter(({ readers }) => readers.includes(id))),
          },
        ];
        const document = channels.map(({ name: channel, level = null, compartment = null, writers, readers }) => ({
          channel,
          level,
          compartment,
          writers,
          readers,
        }));
        terminal.result({ name, channels: document }, (style) =>
          [table(columns, rows, style), '', levelDrawing(described, style)].join('\n'),
        );
        return EXIT.yes;
      },
    },
    host,
  );
}
