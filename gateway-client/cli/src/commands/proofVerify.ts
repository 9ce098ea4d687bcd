import type { Instant } from '@tracecal/core/model';
import { notesOn, readTrustFile, trustedRoots } from '@tracecal/gateway-client';
import { readExactText } from '@tracecal/gateway-client/application';
import { TIER_NAMES, verifyBundle } from '@tracecal/gateway-client/proof/verify';
import type { ProofReport, TierName } from '@tracecal/gateway-client/proof/verify';
import { Option } from 'commander';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT, exitOfVerdict } from '../exit.js';
import * as parse from '../parse.js';
import type { Style } from '../style.js';
import { noteLines } from '../view/noteLines.js';
import { traceTree } from '../view/traceTree.js';
import { trustOption, trustPath } from './trustOptions.js';
import type { TrustOptions } from './trustOptions.js';

/** More than the longest bundle has. */
const MOST_BYTES = 33_554_432;

interface Options extends TrustOptions {
  readonly asOf?: Instant;
  readonly explain?: boolean;
  readonly require?: readonly TierName[];
  readonly accept?: 'attested';
}

export function proofVerify(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'verify <file>',
      description:
        'Check a bundle: run the trace again over its records, with the roots that you trust. Needs no network and no account.',
      example: 'proof verify sensor-17.bundle.json --trust trust.json',
      acting: 'none',
      configure: (command) =>
        trustOption(command)
          .option('--as-of <date>', "another moment than the bundle's, e.g. 2026-03-01", parse.asOf)
          .addOption(
            new Option('--require <tier...>', 'what the bundle has to show (default: the chain)').choices(TIER_NAMES),
          )
          .option('--explain', 'show what every check compared, also where it holds')
          .addOption(
            new Option(
              '--accept <status>',
              "exit code 0 also for an ATTESTED verdict: you then accept somebody's word",
            ).choices(['attested']),
          ),
      async run({ terminal, data }, [file = ''], options) {
        const { asOf, explain = false, require: required = [] } = options;
        const roots = trustedRoots(await readTrustFile(trustPath(options, data)));
        const report = await verifyBundle(await readExactText(file, MOST_BYTES), {
          roots,
          explain,
          ...(asOf !== undefined && { asOf }),
        });
        const missing = required.filter((tier) => tier !== 'chain' && !report.tiers[tier].holds);
        terminal.result({ file, ...report, missing, notes: notesOn(report.verdict) }, (style) =>
          describe(report, missing, style),
        );
        const exit = exitOfVerdict(report.verdict, { acceptAttested: options.accept === 'attested' });
        return exit === EXIT.yes && missing.length > 0 ? EXIT.stale : exit;
      },
    },
    host,
  );
}

function describe({ verdict, tiers, notChecked }: ProofReport, missing: readonly TierName[], style: Style): string {
  return [
    traceTree(verdict, style),
    ...notesOn(verdict).flatMap((line) => noteLines(`  ${line}`, style).map(style.dim)),
    '',
    'What this bundle shows:',
    ...TIER_NAMES.flatMap((name) => {
      const { holds, shows } = tiers[name];
      return noteLines(`  ${holds ? style.green('✓') : style.dim('-')} ${name}: ${shows}`, style);
    }),
    'Not checked:',
    ...notChecked.flatMap((line) => noteLines(`  - ${line}`, style)),
    ...missing.map((name) => style.red(`Required, and not shown: ${name}.`)),
  ].join('\n');
}
