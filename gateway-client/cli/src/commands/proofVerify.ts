import { instantOf } from '@tracecal/core/model';
import type { Instant } from '@tracecal/core/model';
import { inForce, notesOn, readTrustFile, trustedRoots } from '@tracecal/gateway-client';
import type { Trust } from '@tracecal/gateway-client';
import { ApplicationError, logFolder, readExactText, readSeen, writeSeen } from '@tracecal/gateway-client/application';
import { MOST_BUNDLE_BYTES, TIER_NAMES, verifyBundle } from '@tracecal/gateway-client/proof/verify';
import type { FreshnessAsked, ProofAnswer, TierName } from '@tracecal/gateway-client/proof/verify';
import { Option } from 'commander';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT, exitOfVerdict } from '../exit.js';
import * as parse from '../parse.js';
import { proofText } from '../view/proofText.js';
import { verdictOptions } from './questionOptions.js';
import { trustOption, trustPath } from './trustOptions.js';
import type { TrustOptions } from './trustOptions.js';

interface Options extends TrustOptions {
  readonly device?: string;
  readonly asOf?: Instant;
  readonly knownAt?: Instant;
  readonly interval?: number;
  readonly explain?: boolean;
  readonly require?: readonly TierName[];
  readonly accept?: 'attested';
  readonly log?: string;
  readonly maxAge?: number;
  readonly clock: boolean;
  readonly seen?: string;
  readonly nonce?: string;
}

/** A day: institutes give heartbeats once an hour or more often. */
const MAX_AGE_SECONDS = 86_400;

export function proofVerify(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'verify <file>',
      description:
        'Check a bundle: run the trace again over its records, with the roots that you trust. Needs no network and no account.',
      example: 'proof verify sensor-17.bundle.json --trust trust.json',
      acting: 'none',
      configure: (command) =>
        verdictOptions(
          trustOption(command)
            .option(
              '--log <folder>',
              'the change log (log export): whether anything has changed since the bundle was made',
            )
            .option('--max-age <span>', 'how old the heartbeats may be that sign the log (default: 24h)', parse.span)
            .option('--seen <file>', 'remember here the newest log that was seen, and refuse older ones')
            .option('--no-clock', 'this machine has no clock to trust: judge no age, only what --seen remembers')
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
      async run({ terminal, data }, [file = ''], options) {
        const { asOf, knownAt, device, interval, explain = false, require: required = [] } = options;
        const trust = inForce(await readTrustFile(trustPath(options, data)));
        const fresh = await freshnessAsked(options, trust);
        const report = await verifyBundle(await readExactText(file, MOST_BUNDLE_BYTES), {
          roots: trustedRoots(trust),
          registry: trust.registry,
          endorsers: trust.endorsers,
          channel: trust.channel,
          nonce: options.nonce,
          explain,
          device,
          asOf,
          knownAt,
          intervalDays: interval,
          ...(fresh && { fresh }),
        });
        if (options.seen !== undefined && report.fresh?.seen) {
          await writeSeen(options.seen, report.fresh.seen);
        }
        const missing = required.filter((tier) => tier !== 'chain' && !report.tiers[tier].holds);
        const answer: ProofAnswer = { file, ...report, missing, notes: notesOn(report.verdict) };
        terminal.result(answer, (style) => proofText(report, missing, style));
        const exit = exitOfVerdict(report.verdict, { acceptAttested: options.accept === 'attested' });
        return exit === EXIT.yes && missing.length > 0 ? EXIT.stale : exit;
      },
    },
    host,
  );
}

/** @throws ApplicationError `INPUT_INVALID` */
async function freshnessAsked(
  { log, maxAge, clock, seen }: Options,
  { heartbeats: { k } }: Trust,
): Promise<FreshnessAsked | undefined> {
  if (log === undefined) {
    if (maxAge !== undefined || seen !== undefined || !clock) {
      throw new ApplicationError(
        'INPUT_INVALID',
        'How fresh a bundle is, the change log tells: name its folder with --log.',
      );
    }
    return undefined;
  }
  if (!clock && (seen === undefined || maxAge !== undefined)) {
    throw new ApplicationError(
      'INPUT_INVALID',
      'Without a clock there is no age: name a file with --seen, and leave --max-age out.',
    );
  }
  return {
    log: logFolder(log),
    k,
    clock: clock ? { now: instantOf(Date.now()), maxAgeSeconds: maxAge ?? MAX_AGE_SECONDS } : null,
    seen: seen === undefined ? null : await readSeen(seen),
  };
}
