import { MOST_BYTES_OF, readExactText, submitDirective } from '@tracecal/gateway-client/application';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { withSession } from '../session.js';
import { committedJson, committedLines } from '../view/committed.js';
import { directiveJson, directiveLines } from './directiveGive.js';
import { siteOption } from './siteOptions.js';
import type { SiteOptions } from './siteOptions.js';

export function directiveSubmit(host: Host): Command {
  return commandOf<SiteOptions>(
    {
      usage: 'submit <file>',
      description:
        'Put a directive on the channel of its site that was signed without the network, within 7 days: an override of an emergency.',
      example: 'directive submit override.json --site a --as oem-a',
      configure: siteOption,
      async run({ terminal, ...place }, [file = ''], { site }) {
        const text = await readExactText(file, MOST_BYTES_OF.directive);
        const { signed, committed } = await withSession(place, (session) =>
          submitDirective(session, session.siteChannel('measurement', site), text),
        );
        terminal.result({ ...directiveJson(signed), ...committedJson(committed) }, (style) =>
          [...directiveLines(signed, style), ...committedLines(committed, style)].join('\n'),
        );
        return EXIT.yes;
      },
    },
    host,
  );
}
