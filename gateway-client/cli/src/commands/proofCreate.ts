import {
  instituteMsps,
  ApplicationError,
  recordQuestion,
  registeredId,
  requireNewFile,
  requireRecord,
  writeNewFile,
} from '@tracecal/gateway-client/application';
import type { Session } from '@tracecal/gateway-client/application';
import { bundleOf, bundleText, endorsedBundle, recordProofs, TIER_NAMES } from '@tracecal/gateway-client/proof';
import type { Bundle, RecordedBundles, TierName } from '@tracecal/gateway-client/proof';
import { instantOf } from '@tracecal/core/model';
import { InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import * as parse from '../parse.js';
import { withSession } from '../session.js';
import { viaOption } from './execute.js';
import { askedBy, questionOptions } from './questionOptions.js';
import type { QuestionOptions } from './questionOptions.js';
import { counted } from '../view/counts.js';
import { word } from '../text/quoted.js';

interface Options extends QuestionOptions {
  readonly output: string;
  readonly tiers: readonly TierName[];
  readonly nonce?: string;
  readonly endorsers?: readonly string[];
  readonly via?: string;
  readonly record?: string;
}

/** What was made, who learnt of it, and where it was recorded. */
interface Made {
  readonly bundle: Bundle;
  readonly endorsedBy: readonly string[];
  readonly recorded?: Pick<RecordedBundles, 'block' | 'txId' | 'transactions'>;
}

const MADE: readonly TierName[] = ['chain', 'endorsed', 'recorded'];

export function proofCreate(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'create <device>',
      description:
        'Write the signed records that answer a question about a device into a file, which anybody can check without this network.',
      example: 'proof create sensor-17 --tiers chain,endorsed --output sensor-17.bundle.json',
      reads: true,
      configure: (command) =>
        viaOption(questionOptions(command))
          .requiredOption('-o, --output <file>', 'a new file to write')
          .addOption(
            new Option('--tiers <tiers>', `what the file is to show: ${MADE.join(', ')}`)
              .argParser(tiers)
              .default(['chain'], 'chain'),
          )
          .option('--nonce <word>', 'a word of whoever will check the file, endorsed with the question')
          .option(
            '--endorsers <organisations>',
            'whose peers are asked to endorse (default: those of all institutes)',
            parse.list,
          )
          .option('--record <file>', 'add a line about this question to a file of your own: who asked, when and what'),
      async run({ terminal, ...place }, [given = ''], { output: file, ...options }) {
        requireNewFile(file);
        if (options.record !== undefined) await requireRecord(options.record);
        requireTier(options, 'endorsed', ['nonce', 'endorsers']);
        requireTier(options, 'recorded', ['via']);
        const { asker, bundle, endorsedBy, recorded } = await withSession(place, async (session) => {
          const device = await registeredId(session, 'device', given);
          const answer = await inTiers(session, await made(session, device, options), options);
          return { ...answer, asker: session.readsAs };
        });
        const text = bundleText(bundle);
        await writeNewFile(file, text);
        if (options.record !== undefined) {
          await recordQuestion(options.record, {
            asker,
            bundle,
            text,
            file,
            ...(recorded && { recorded }),
          });
        }
        const { device, question, epoch, evidence } = bundle;
        const records = evidence.exhibits.length;
        const facts = {
          device,
          file,
          question,
          epoch,
          records,
          characters: text.length,
          endorsedBy,
          ...(recorded && { recorded }),
        };
        terminal.result(facts, ({ hint }) =>
          [
            `${file} answers whether ${device} traces to a National Metrology Institute as of ${question.asOf}: ${records} records.`,
            ...(endorsedBy.length > 0
              ? [
                  `Endorsed by peers of ${endorsedBy.join(', ')}: these members have learnt the question, and so has the member whose gateway was asked.`,
                ]
              : []),
            ...(recorded ? recordedLines(recorded) : []),
            ...(options.record === undefined
              ? []
              : [`That you asked is written in ${options.record}, and nowhere else.`]),
            `Check it with ${hint(`proof verify ${word(file)}`)}.`,
          ].join('\n'),
        );
        return EXIT.yes;
      },
    },
    host,
  );
}

async function made(session: Session, device: string, options: Omit<Options, 'output'>): Promise<Made> {
  const reader = await session.reader();
  const question = { ...askedBy(options), asOf: options.asOf ?? instantOf(Date.now()) };
  const make = () => bundleOf(reader, device, question);
  if (!options.tiers.includes('endorsed')) {
    return { bundle: await make(), endorsedBy: [] };
  }
  const endorsers = options.endorsers?.map((id) => session.member(id).mspId) ?? (await instituteMsps(session));
  return endorsedBundle(reader, make, { ...(options.nonce !== undefined && { nonce: options.nonce }), endorsers });
}

async function inTiers(session: Session, made: Made, { tiers: wanted, via }: Omit<Options, 'output'>): Promise<Made> {
  if (!wanted.includes('recorded')) {
    return made;
  }
  const { bundles, ...recorded } = await recordProofs(await session.relay(via), [made.bundle]);
  return { ...made, bundle: bundles[0] ?? made.bundle, recorded };
}

function recordedLines({ block, transactions }: NonNullable<Made['recorded']>): readonly string[] {
  const others = transactions - 1;
  return [
    `Recorded in block ${block}, by a root that tells nobody what it is about.`,
    ...(others > 0
      ? [`The file carries that block with ${counted(others, 'other transaction')}: whoever reads it can read those.`]
      : []),
  ];
}

function requireTier(options: Omit<Options, 'output'>, tier: TierName, names: readonly (keyof Options)[]): void {
  const stray = names.find((name) => name in options);
  if (stray !== undefined && !options.tiers.includes(tier)) {
    throw new ApplicationError('USAGE', `--${stray} is for the tier ${tier}: add it to --tiers.`);
  }
}

function tiers(text: string): readonly TierName[] {
  const named = parse.list(text);
  const unknown = named.find((name) => !MADE.some((tier) => tier === name));
  if (unknown !== undefined) {
    throw new InvalidArgumentError(`Write some of ${MADE.join(', ')}, with commas between them.`);
  }
  return TIER_NAMES.filter((tier) => named.includes(tier));
}
