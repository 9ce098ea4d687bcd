import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { beat } from '../operations/heartbeats.js';
import { withSession } from '../session.js';
import { committedJson, committedLine } from '../view/committed.js';

export function heartbeat(host: Host): Command {
  return commandOf(
    {
      usage: 'heartbeat <technician>',
      description:
        "Put a National Metrology Institute's sign of life, signed by one of its technicians, on the ledger.",
      example: 'heartbeat t-north',
      async run({ terminal, ...place }, [technician = '']) {
        const committed = await withSession(place, (session) => beat(session, technician));
        const { id: nmi, sequence } = committed.result;
        terminal.result({ nmi, sequence, ...committedJson(committed) }, (style) =>
          [`${style.green('✓')} Heartbeat ${String(sequence)} of ${nmi}.`, committedLine(committed, style)].join('\n'),
        );
        return EXIT.yes;
      },
    },
    host,
  );
}
