import { FACT_READERS } from '@tracecal/core/model';
import type { FactReaders } from '@tracecal/core/model';
import { openingText } from '@tracecal/gateway-client';
import { ApplicationError, makeOpening, requireNewFile, writeNewFile } from '@tracecal/gateway-client/application';
import type { MadeOpening } from '@tracecal/gateway-client/application';
import { Option } from 'commander';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import * as parse from '../parse.js';
import { withSession } from '../session.js';
import type { Style } from '../style.js';
import { word } from '../text/quoted.js';

interface Options {
  readonly to?: string;
  readonly everybody?: boolean;
  readonly facts?: readonly string[];
  readonly scope?: FactReaders;
  readonly reason?: string;
  readonly opening?: string;
  readonly output: string;
}

const HELP = `
Without --facts, the reader is shown all that the scopes of the pseudonym allow: everybody what is general, an organisation of the registry also what is for members, and one whose devices rest on it, that owns it or calibrated it, also what is for parties.
Whoever has the file can show it to others, who can check it as well.`;

export function pseudonymOpen(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'open <id>',
      description: "Show somebody facts behind a pseudonym: signed by its certifier's officer, into a file.",
      example: 'pseudonym open nmi-north/p-abcdefghijklmnopqrstuvwxyz --to lab-beta -o opening.json',
      configure: (command) =>
        command
          .option(
            '--to <reader>',
            'an organisation of the registry, or somebody in several words: a court and its file number',
          )
          .option('--everybody', 'for everybody, in place of --to')
          .option('--facts <names>', 'only these facts, separated by commas', parse.list)
          .addOption(new Option('--scope <readers>', 'only facts of this scope or a wider one').choices(FACT_READERS))
          .option('--reason <text>', 'why facts are shown whose scope does not cover the reader; it is in the file')
          .option('--opening <file>', "the pseudonym's own file (default: beside the keys)")
          .requiredOption('-o, --output <file>', 'the new file to write')
          .addHelpText('after', HELP),
      async run({ terminal, ...place }, [id = ''], options) {
        const { to, everybody = false, facts, scope, reason, opening: file, output } = options;
        if ((to === undefined) !== everybody) {
          throw new ApplicationError('USAGE', 'Say who is to learn it: --to READER, or --everybody.');
        }
        requireNewFile(output);
        const signed = await withSession(place, (session) =>
          makeOpening(session, id, {
            to: to ?? null,
            ...(facts && { facts }),
            ...(scope && { scope }),
            ...(reason !== undefined && { reason }),
            ...(file !== undefined && { file }),
          }),
        );
        await writeNewFile(output, openingText(signed));
        terminal.result(documentOf(signed, output), (style) => describe(signed, output, style));
        return EXIT.yes;
      },
    },
    host,
  );
}

/** The facts themselves are in the file alone. */
function documentOf({ content, digest, notShown }: MadeOpening, file: string) {
  const { id, to, date, reason } = content;
  const facts = content.facts.map(({ fact }) => fact);
  return { file, digest, id, to, date, ...(reason !== undefined && { reason }), facts, notShown };
}

function describe({ content, digest, notShown }: MadeOpening, file: string, style: Style): string {
  const { id, certifier, to, facts } = content;
  return [
    `${style.green('✓')} ${certifier} shows ${to ?? 'everybody'} ${facts.map(({ fact }) => fact).join(', ')} of ${id}.`,
    `    opening ${digest}`,
    ...(notShown.length === 0 ? [] : [`    not shown: ${notShown.join(', ')}`]),
    `Give ${file} to its reader, who checks it: ${style.hint(`pseudonym show ${word(file)}`)}.`,
  ].join('\n');
}
