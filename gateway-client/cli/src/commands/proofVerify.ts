import type { Instant } from '@tracecal/core/model';
import { inForce, notesOn, readTrustFile, trustedRoots } from '@tracecal/gateway-client';
import { readExactText } from '@tracecal/gateway-client/application';
import { MOST_BUNDLE_BYTES, TIER_NAMES, verifyBundle } from '@tracecal/gateway-client/proof/verify';
import type { ProofAnswer, TierName } from '@tracecal/gateway-client/proof/verify';
import { Option } from 'commander';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT, exitOfVerdict } from '../exit.js';
import * as parse from '../parse.js';
import { proofText } from '../view/proofText.js';
import { disclosureOption, disclosuresIn, unusedNotes } from './disclosureOptions.js';
import type { DisclosureOptions } from './disclosureOptions.js';
import { freshnessAsked, freshnessOptions, rememberSeen } from './freshnessOptions.js';
import type { FreshnessOptions } from './freshnessOptions.js';
import { verdictOptions } from './questionOptions.js';
import { trustOption, trustPath } from './trustOptions.js';
import type { TrustOptions } from './trustOptions.js';

interface Options extends TrustOptions, FreshnessOptions, DisclosureOptions {
  readonly device?: string;
  readonly asOf?: Instant;
  readonly knownAt?: Instant;
  readonly interval?: number;
  readonly explain?: boolean;
  readonly require?: readonly TierName[];
  readonly accept?: 'attested';
  readonly nonce?: string;
}

export function proofVerify(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'verify <file>',
      description:
        'Check a bundle: run the trace again over its records, with the roots that you trust. Or the evidence of an audit. Needs no network and no account.',
      example: 'proof verify sensor-17.bundle.json --trust trust.json',
      acting: 'none',
      configure: (command) =>
        verdictOptions(
          disclosureOption(freshnessOptions(trustOption(command)))
            .option('--device <id>', 'the device that you mean: refuse a bundle of another one')
            .option(
              '--as-of <date>',
              "the moment you ask about, e.g. 2026-03-01 (default: with --log now, without it the bundle's)",
              parse.asOf,
            )
            .option('--known-at <date>', 'count only what the ledger held by then', parse.asOf)
            .option('--interval <days>', "another recalibration interval than the owner's", parse.days)
            .addOption(
              new Option('--require <tier...>', 'what the bundle has to show (default: the chain)').choices(TIER_NAMES),
            )
            .option('--nonce <word>', 'the word that you gave to whoever made it: an older answer does not hold it'),
        ),
      async run({ terminal, data, timeoutMs, timeoutGiven }, [file = ''], options) {
        const { asOf, knownAt, device, interval, explain = false, require: required = [] } = options;
        const trust = inForce(await readTrustFile(trustPath(options, data)));
        const text = await readExactText(file, MOST_BUNDLE_BYTES);
        if (isEvidence(text)) {
          // Reading blocks takes much that a bundle does not need.
          const { verifyAuditFile } = await import('./verifyAuditFile.js');
          return verifyAuditFile(
            { file, text, trust, required, ...(timeoutGiven && { timeoutMs }) },
            options,
            terminal,
          );
        }
        const fresh = await freshnessAsked(options, trust);
        const disclosures = await disclosuresIn(options);
        const report = await verifyBundle(text, {
          roots: trustedRoots(trust),
          registry: trust.registry,
          endorsers: trust.endorsers,
          channel: trust.channel,
          nonce: options.nonce,
          explain,
          disclosures,
          device,
          asOf,
          knownAt,
          intervalDays: interval,
          ...(fresh && { fresh }),
        });
        await rememberSeen(options, report.fresh?.seen);
        const missing = required.filter((tier) => tier !== 'chain' && !report.tiers[tier].holds);
        const notes = [...notesOn(report.verdict), ...unusedNotes(disclosures, report.verdict)];
        const answer: ProofAnswer = { file, ...report, missing, notes };
        terminal.result(answer, (style) => proofText(answer, missing, style));
        const exit = exitOfVerdict(report.verdict, { acceptAttested: options.accept === 'attested' });
        return exit === EXIT.yes && missing.length > 0 ? EXIT.stale : exit;
      },
    },
    host,
  );
}

/** Whether a file is evidence of an audit. Within a text of JSON, quotation marks are escaped. */
function isEvidence(text: string): boolean {
  return /"type"\s*:\s*"tracecal-evidence\/\d/.test(text);
}
