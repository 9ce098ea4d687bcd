import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { CliError } from '../errors.js';
import { EXIT } from '../exit.js';
import { date } from '../parse.js';
import { withSession } from '../session.js';
import { committedJson, committedLine } from '../view/committed.js';

interface Options {
  readonly quantity: string;
  readonly until: string;
}

export function orgReduceScopes(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'reduce-scopes <id>',
      description: 'End an accreditation for a quantity before its time. What was calibrated until then stays covered.',
      example: 'org reduce-scopes lab-alpha --quantity temperature --until 2026-03-31',
      configure: (command) =>
        command
          .requiredOption('--quantity <word>', 'what it is no longer accredited for')
          .requiredOption('--until <date>', 'the last day', date),
      async run({ terminal, ...place }, [id = ''], { quantity, until }) {
        const { committed, scopes } = await withSession(place, async (session) => {
          const { organisation, scopes: held } = await (await session.reader()).getOrganisation(id);
          const concerned = held.filter((scope) => scope.quantity === quantity && scope.validTo > until);
          if (concerned.length === 0) {
            throw new CliError('INPUT_INVALID', `${id} holds no scope of ${quantity} that lasts beyond ${until}.`);
          }
          const writer = await session.writerFor(organisation.certifiedBy ?? id);
          const reduction = { organisation: id, scopes: concerned, validTo: until };
          return { committed: await writer.reduceScopes(reduction), scopes: concerned.length };
        });
        terminal.result({ organisation: id, quantity, until, scopes, ...committedJson(committed) }, (style) =>
          [
            `${style.green('✓')} ${id} is accredited for ${quantity} until ${until} (${scopes} ${scopes === 1 ? 'line' : 'lines'}).`,
            committedLine(committed, style),
          ].join('\n'),
        );
        return EXIT.yes;
      },
    },
    host,
  );
}
