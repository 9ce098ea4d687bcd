import { exportDirectives } from '@tracecal/gateway-client/application';
import type { ExportedDirectives } from '@tracecal/gateway-client/application';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { withSession } from '../session.js';
import { counted } from '../view/counts.js';
import { siteOption } from './siteOptions.js';
import type { SiteOptions } from './siteOptions.js';

interface Options extends SiteOptions {
  readonly operator?: string;
}

export function directiveExport(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'export <folder>',
      description:
        "Write a site's directives into a folder, one a file, for gates and filters that ask nobody, with a file that says when.",
      example: 'directive export directives --operator operator.json --site a --as oem-a',
      reads: true,
      configure: (command) =>
        siteOption(command).option(
          '--operator <file>',
          'also write whose directives count, as gates and filters take it: compare its fingerprints with those of the operator before you use it',
        ),
      async run({ terminal, ...place }, [folder = ''], { site, operator }) {
        const exported = await withSession(place, (session) =>
          exportDirectives(session, session.siteChannel('measurement', site), { folder, pinFile: operator }),
        );
        terminal.result(exported, () => exportedDirectivesText(exported, operator));
        return EXIT.yes;
      },
    },
    host,
  );
}

/** What was written, and what is to be compared before anybody relies on it. */
export function exportedDirectivesText(
  { folder, operator, directives, written, certificates }: ExportedDirectives,
  pin: string | undefined,
): string {
  return [
    `${folder} has ${counted(directives, 'directive')} of ${operator}: ${written} new.`,
    ...(pin === undefined
      ? []
      : [
          `${pin} names ${operator}. Compare these fingerprints (SHA-256) with what ${operator} itself tells you:`,
          ...certificates.map((each) => `    ${each}`),
        ]),
  ].join('\n');
}
