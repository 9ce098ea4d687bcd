import { answerDirective, ApplicationError, deviceToTrace } from '@tracecal/gateway-client/application';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { withSession } from '../session.js';
import { committedJson, committedLines } from '../view/committed.js';
import { siteOption } from './siteOptions.js';
import type { SiteOptions } from './siteOptions.js';

interface Options extends SiteOptions {
  readonly done?: string;
  readonly refused?: string;
  readonly by?: string;
}

export function directiveAnswer(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'answer <directive> <device>',
      description:
        'Answer a directive: that it was carried out, or that it is refused. Signed with the key of the device or of its gateway.',
      example: 'directive answer 3f2a90b1c47d oem-a/sensor-17 --done "unplugged and labelled" --site a --as oem-a',
      configure: (command) =>
        siteOption(command)
          .option('--done <text>', 'it was carried out: what was done')
          .option('--refused <text>', 'it is not carried out: why not')
          .option('--by <gateway>', 'the registered device that answers (default: the device itself)'),
      async run({ terminal, ...place }, [directive = '', given = ''], { site, done, refused, by }) {
        const what = done ?? refused;
        if (what === undefined || (done !== undefined && refused !== undefined)) {
          throw new ApplicationError('INPUT_INVALID', 'Say either --done or --refused.');
        }
        const outcome = done === undefined ? 'refused' : 'carried-out';
        const committed = await withSession(place, async (session) => {
          const channel = session.siteChannel('measurement', site);
          const device = await deviceToTrace(session, given);
          const gateway = by === undefined ? undefined : await deviceToTrace(session, by);
          return answerDirective(session, channel, {
            directive,
            device,
            outcome,
            what,
            ...(gateway && { by: gateway }),
          });
        });
        const { result } = committed;
        terminal.result({ ...result, ...committedJson(committed) }, (style) =>
          [
            `${style.green('✓')} The directive is answered for ${result.device}: ${result.outcome}.`,
            ...committedLines(committed, style),
          ].join('\n'),
        );
        return EXIT.yes;
      },
    },
    host,
  );
}
