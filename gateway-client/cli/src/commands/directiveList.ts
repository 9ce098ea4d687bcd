import { deviceToTrace, listDirectives } from '@tracecal/gateway-client/application';
import type { ListedDirective } from '@tracecal/gateway-client/application';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { withSession } from '../session.js';
import type { Style } from '../style.js';
import { table } from '../view/table.js';
import { siteOption } from './siteOptions.js';
import type { SiteOptions } from './siteOptions.js';

export function directiveList(host: Host): Command {
  return commandOf<SiteOptions>(
    {
      usage: 'list [device]',
      description: "The directives on a site's channel, oldest first, with what was answered.",
      example: 'directive list oem-a/sensor-17 --site a --as monitor',
      reads: true,
      configure: siteOption,
      async run({ terminal, ...place }, [given], { site }) {
        const document = await withSession(place, async (session) => {
          const channel = session.siteChannel('measurement', site);
          const device = given === undefined ? undefined : await deviceToTrace(session, given);
          return { channel: channel.name, directives: await listDirectives(session, channel, device) };
        });
        const { channel, directives } = document;
        terminal.result(document, (style) =>
          directives.length === 0 ? `No directive is on ${channel}.` : directiveTable(directives, style),
        );
        return EXIT.yes;
      },
    },
    host,
  );
}

/** What counts, and how often something else was answered. */
function answeredText({ answers, counting }: ListedDirective): string | null {
  const others = answers.length - counting.length;
  const texts = counting.map(({ by, outcome }) => `${outcome} (${by})`);
  return texts.length === 0 ? null : `${texts.join(', ')}${others > 0 ? `; ${others} more with --json` : ''}`;
}

function directiveTable(directives: readonly ListedDirective[], style: Style): string {
  const columns = [
    { title: 'from', of: ({ content }: ListedDirective) => content.from },
    { title: 'until', of: ({ content }: ListedDirective) => content.until ?? null },
    { title: 'kind', of: ({ content }: ListedDirective) => content.kind },
    { title: 'devices', of: ({ content }: ListedDirective) => content.devices.map(({ id }) => id).join(', ') },
    { title: 'reason', of: ({ content }: ListedDirective) => content.reason },
    { title: 'signed by', of: ({ officer }: ListedDirective) => officer },
    { title: 'signed', of: ({ content }: ListedDirective) => content.date },
    { title: 'on the channel', of: ({ recorded }: ListedDirective) => recorded.time },
    {
      title: 'answered',
      of: answeredText,
    },
    { title: 'directive', of: ({ digest }: ListedDirective) => digest.slice(0, 16) },
  ];
  return table(columns, directives, style);
}
