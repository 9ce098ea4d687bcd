import { requiredNode } from '../../version.js';
import type { Check } from '../check.js';

/** Node is new enough. */
export const node: Check = {
  name: 'node',
  run({ nodeVersion }) {
    const required = requiredNode();
    return isAtLeast(nodeVersion, required)
      ? [{ level: 'ok', message: `Node ${nodeVersion}` }]
      : [{ level: 'fail', message: `Node ${nodeVersion} is too old: install ${required} or newer` }];
  },
};

function isAtLeast(version: string, required: string): boolean {
  const [have, need] = [version, required].map((text) => text.split('.').map(Number));
  const place = need?.findIndex((number, at) => number !== have?.[at]) ?? -1;
  return place === -1 || (have?.[place] ?? 0) > (need?.[place] ?? 0);
}
