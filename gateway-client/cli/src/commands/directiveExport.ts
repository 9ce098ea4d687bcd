import { exportDirectives } from '@tracecal/gateway-client/application';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { withSession } from '../session.js';
import { counted } from '../view/counts.js';
import { siteOption } from './siteOptions.js';
import type { SiteOptions } from './siteOptions.js';

interface Options extends SiteOptions {
  readonly pin?: string;
}

export function directiveExport(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'export <folder>',
      description:
        "Write a site's directives into a folder, one a file, for gates and filters that ask nobody; what is there already is kept.",
      example: 'directive export directives --pin operator.json --site a --as oem-a',
      reads: true,
      configure: (command) =>
        siteOption(command).option(
          '--pin <file>',
          'also write whose directives count: compare its fingerprints with those of the operator before you use it',
        ),
      async run({ terminal, ...place }, [folder = ''], { site, pin }) {
        const exported = await withSession(place, (session) =>
          exportDirectives(session, session.siteChannel('measurement', site), { folder, pinFile: pin }),
        );
        const { operator, directives, written, certificates } = exported;
        terminal.result(exported, (style) =>
          [
            `${folder} has ${counted(directives, 'directive')} of ${operator}: ${written} new.`,
            ...(pin === undefined
              ? []
              : [
                  `${pin} names ${operator}. Compare with its own words:`,
                  ...certificates.map((each) => `    ${style.hint(each)}`),
                ]),
          ].join('\n'),
        );
        return EXIT.yes;
      },
    },
    host,
  );
}
