import { parseArgs } from 'node:util';
import { floodNumbers } from './flood.js';
import { oneWayNumbers } from './oneWay.js';

/**
 * What one-way UDP loses, and what a flood of a site costs calibration reads, in network namespaces behind the generated rules. Needs root,
 * `ip` and `nft`; the flood also `peer` and `orderer`.
 *
 *     npm run bench:firewall -- [--rounds 5] [--only one-way|flood]
 */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { rounds: { type: 'string', default: '5' }, only: { type: 'string' } } });
  const rounds = Number(values.rounds);
  const progress = (line: string): void => {
    process.stderr.write(`${line} ...\n`);
  };
  const lines = [
    ...(values.only === 'flood' ? [] : await oneWayNumbers(rounds)),
    ...(values.only === 'one-way' ? [] : await floodNumbers(rounds, progress)),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
