import { disclosuresOf, disclosureText } from '@tracecal/gateway-client';
import { ApplicationError, registeredId, requireNewFile, writeNewFile } from '@tracecal/gateway-client/application';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { collect, quantity } from '../parse.js';
import { withSession } from '../session.js';

interface Options {
  readonly to: string;
  readonly result?: readonly string[];
  readonly quantity?: string;
}

export function reportDisclose(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'disclose <id>',
      description:
        'Write confidential results of a report that was issued here into a file for one reader, who checks them against what the report signs. Whoever has the file can read them.',
      example: 'report disclose report-1 --to for-lab-beta.json',
      reads: true,
      configure: (command) =>
        command
          .requiredOption('--to <file>', 'a new file to write')
          .option('--quantity <word>', 'the kind of quantity, where the report keeps several confidential', quantity)
          .option('--result <name>', 'only this result; may be repeated (default: all of the kind)', collect),
      async run({ terminal, ...place }, [given = ''], { to, result: names, quantity: kind }) {
        requireNewFile(to);
        const disclosure = await withSession(place, async (session) => {
          const { id, digest } = await (await session.reader()).getReport(await registeredId(session, 'report', given));
          const kept = await session.confidential.get(id, digest);
          const meant = kept.sealed.filter(({ quantity: own }) => kind === undefined || own === kind);
          if (meant.length !== 1) {
            const kinds = kept.sealed.map(({ quantity: own }) => own).join(', ');
            throw new ApplicationError(
              'USAGE',
              `Report ${id} keeps ${kinds} confidential: name one of them (--quantity).`,
            );
          }
          const all = meant.flatMap(({ leaves }) => leaves.flatMap(({ result }) => result?.name ?? []));
          const strange = names?.find((name) => !all.includes(name));
          if (strange !== undefined) {
            throw new ApplicationError('USAGE', `Report ${id} gives no result "${strange}", but ${all.join(', ')}.`);
          }
          const [only] = disclosuresOf({ ...kept, sealed: meant }, names && (({ name }) => names.includes(name)));
          if (!only) {
            throw new ApplicationError('USAGE', `Report ${id} gives nothing to disclose.`);
          }
          return only;
        });
        await writeNewFile(to, disclosureText(disclosure));
        const { report, quantity: disclosed, leaves, size } = disclosure;
        const shown = leaves.flatMap(({ result }) => result?.name ?? []);
        terminal.result(
          { report, quantity: disclosed, results: shown, isComplete: leaves.length === size, file: to },
          () =>
            [
              `${disclosed} of report ${report} is in ${to}: ${shown.join(', ')}.`,
              'Whoever has this file can read that: send it only to its reader.',
            ].join('\n'),
        );
        return EXIT.yes;
      },
    },
    host,
  );
}
