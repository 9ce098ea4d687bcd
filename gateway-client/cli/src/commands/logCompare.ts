import type { Command } from 'commander';
import { instantOf } from '@tracecal/core/model';
import { inForce, readTrustFile, trustedRoots } from '@tracecal/gateway-client';
import { logFolder } from '@tracecal/gateway-client/application';
import { compareLogs } from '@tracecal/gateway-client/proof/verify';
import type { Comparison } from '@tracecal/gateway-client/proof/verify';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import type { Style } from '../style.js';
import { trustOption, trustPath } from './trustOptions.js';
import type { TrustOptions } from './trustOptions.js';

export function logCompare(host: Host): Command {
  return commandOf<TrustOptions>(
    {
      usage: 'compare <folder> <other>',
      description:
        'Compare two copies of the change log. There is one: two digests of one epoch are evidence that somebody was shown another ledger (exit code 1).',
      example: 'log compare public/log their-log --trust trust.json',
      acting: 'none',
      configure: trustOption,
      async run({ terminal, data }, [one = '', other = ''], options) {
        const roots = trustedRoots(inForce(await readTrustFile(trustPath(options, data))));
        const asked = { roots, asOf: instantOf(Date.now()) };
        const comparison = await compareLogs(logFolder(one), logFolder(other), asked);
        terminal.result({ folders: [one, other], ...comparison }, (style) => describe([one, other], comparison, style));
        return comparison.fork ? EXIT.failed : EXIT.yes;
      },
    },
    host,
  );
}

function describe(folders: readonly [string, string], { same, fork }: Comparison, style: Style): string {
  const agree = same === null ? 'They have no epoch in common.' : `They are the same up to epoch ${same}.`;
  if (!fork) {
    return agree;
  }
  return [
    agree,
    style.red(`They differ in epoch ${fork.epoch}: keep both folders as evidence.`),
    ...folders.map((folder, side) => {
      const signers = fork.signers[side as 0 | 1];
      const by = signers.length === 0 ? 'nobody whom you trust' : signers.join(', ');
      return `  ${folder}: digest ${fork.digests[side as 0 | 1]}, signed by ${by}`;
    }),
  ].join('\n');
}
