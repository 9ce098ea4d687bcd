import { existsSync } from 'node:fs';
import { describeFailure } from '@tracecal/gateway-client/application';
import { engineOf } from '../../network/engines.js';
import type { Check } from '../check.js';

/** The registry answers through the gateway. */
export const gateway: Check = {
  name: 'gateway',
  async run({ data, profile, answered, running }) {
    if (profile === undefined && !existsSync(data.consortiumFile)) {
      return [{ level: 'warn', message: 'not checked: no network is described here' }];
    }
    try {
      return [{ level: 'ok', message: `the registry answers in ${Math.round(await answered())} ms` }];
    } catch (error) {
      const isOwn = profile === undefined && engineOf(data) !== undefined;
      if (isOwn && !(await running())) {
        return [
          { level: 'fail', message: 'the network of this directory is not running', next: 'tracecal up --detach' },
        ];
      }
      return [{ level: 'fail', message: describeFailure(error).message, ...(isOwn && { next: 'tracecal status' }) }];
    }
  },
};
