import { existsSync } from 'node:fs';
import { nextPorts } from '@tracecal/network/engine';
import { defaultConsortiumFile, readConsortium } from '@tracecal/network/topology';
import { engineOf } from '../../network/engines.js';
import type { Check, Finding } from '../check.js';

/** The ports that the next `tracecal up` listens on are free. */
export const ports: Check = {
  name: 'ports',
  async run({ data, profile, isTaken, running: runningHere }) {
    if (profile !== undefined) {
      return [{ level: 'ok', message: 'not needed: the network of the profile runs elsewhere' }];
    }
    const running = await runningHere();
    if (running) {
      return [{ level: 'ok', message: `the network here listens (process ${running.pid})` }];
    }
    const isDescribed = existsSync(data.consortiumFile);
    const engine = engineOf(data);
    if (data.isOfMember || (isDescribed && engine === undefined)) {
      return [{ level: 'ok', message: 'no network is started from here' }];
    }
    const consortium = readConsortium(isDescribed ? data.consortiumFile : defaultConsortiumFile());
    const next = await nextPorts(engine ?? 'embedded', data.root, consortium);
    const checked = await Promise.all(next.ports.map(async (port) => ((await isTaken(port)) ? [port] : [])));
    const taken = checked.flat();
    return taken.length === 0
      ? [{ level: 'ok', message: `${next.ports.length} ports of the network are free` }]
      : [takenFinding(taken, next.areFixed)];
  },
};

function takenFinding(taken: readonly number[], areFixed: boolean): Finding {
  const which = `${taken.length === 1 ? 'port' : 'ports'} ${taken.join(', ')} of the network`;
  const message = `${which} ${taken.length === 1 ? 'is' : 'are'} in use`;
  return areFixed
    ? {
        level: 'warn',
        message: `${message}: end what listens there, because this network cannot change its ports; \`tracecal down\` ends nodes that a killed network left behind`,
      }
    : { level: 'warn', message, next: 'tracecal up --detach --ports free' };
}
