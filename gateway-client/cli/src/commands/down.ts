import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { nothingRuns } from '../network/networkDown.js';
import { stopRunning } from '../network/runningNetwork.js';

export function down(host: Host): Command {
  return commandOf(
    {
      usage: 'down',
      description: 'Stop the network of this data directory. Its data stays.',
      example: 'down --data .tracecal',
      acting: 'none',
      async run({ terminal, data, timeoutMs, timeoutGiven }) {
        const stopped = await stopRunning(data, timeoutGiven ? timeoutMs : undefined);
        const sentence = stopped ? 'The network is stopped.' : await nothingRuns(data);
        terminal.result({ stopped }, () => sentence);
        return EXIT.yes;
      },
    },
    host,
  );
}
