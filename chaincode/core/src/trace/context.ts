import type { Budget } from './budget.js';
import type { TraceContext } from './checks/index.js';
import { countedInstitutes } from './freshness.js';
import type { Opener } from './open/opener.js';
import type { Asked } from './options.js';

/** What checks know beside the records. An answer that depends on the exact moment holds for no other moment. */
export async function contextOf(opener: Opener, asked: Asked, budget: Budget): Promise<TraceContext> {
  const { policy } = await opener.institutes();
  const { moment } = opener;
  return {
    policy,
    moment,
    budget,
    trusted: asked.roots && new Set(await countedInstitutes(opener, asked)),
    options: {
      ...asked,
      get asOf() {
        return moment.asOf;
      },
    },
  };
}
