import { existsSync } from 'node:fs';
import { defaultConsortiumFile, readConsortium } from '@tracecal/network/topology';
import { engineOf } from '../../network/engines.js';
import type { Check } from '../check.js';

/** The ports that the next `tracecal up` listens on are free. */
export const ports: Check = {
  name: 'ports',
  async run({ data, isTaken, running: runningHere }) {
    const running = await runningHere();
    if (running) {
      return [{ level: 'ok', message: `the network here listens (process ${running.pid})` }];
    }
    const isDescribed = existsSync(data.consortiumFile);
    const engine = engineOf(data);
    if (isDescribed && engine === undefined) {
      return [{ level: 'ok', message: 'no network is started from here' }];
    }
    const { organisations, orderers } = readConsortium(isDescribed ? data.consortiumFile : defaultConsortiumFile());
    const peers = organisations.flatMap((organisation) => organisation.peers.map(({ port }) => port));
    // The embedded network orders without sockets.
    const ordering = engine === undefined || engine === 'embedded' ? [] : orderers.map(({ port }) => port);
    const wanted = [...peers, ...ordering];
    const checked = await Promise.all(wanted.map(async (port) => ((await isTaken(port)) ? [port] : [])));
    const taken = checked.flat();
    return taken.length === 0
      ? [{ level: 'ok', message: `${wanted.length} ports of the network are free` }]
      : [
          {
            level: 'warn',
            message: `${taken.length === 1 ? 'port' : 'ports'} ${taken.join(', ')} of the network ${taken.length === 1 ? 'is' : 'are'} in use`,
            next: 'tracecal up --detach --ports free',
          },
        ];
  },
};
