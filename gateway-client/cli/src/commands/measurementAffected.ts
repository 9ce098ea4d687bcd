import {
  ApplicationError,
  batchesOfLog,
  batchWith,
  provenCalibration,
  readExactText,
} from '@tracecal/gateway-client/application';
import type { ProvenCalibration } from '@tracecal/gateway-client/application';
import { affectedValues, measurementsIn } from '@tracecal/gateway-client/device';
import type { Affected } from '@tracecal/gateway-client/device';
import { bundleOf, bundleText } from '@tracecal/gateway-client/proof';
import { MOST_BUNDLE_BYTES } from '@tracecal/gateway-client/proof/verify';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host, Invocation } from '../command.js';
import { EXIT } from '../exit.js';
import * as parse from '../parse.js';
import { withSession } from '../session.js';
import { affectedText } from '../view/measurementText.js';
import { freshnessAsked, freshnessOptions } from './freshnessOptions.js';
import type { FreshnessOptions } from './freshnessOptions.js';
import { trustOf } from './measurementOptions.js';
import { acceptOption } from './questionOptions.js';
import { trustOption } from './trustOptions.js';
import type { TrustOptions } from './trustOptions.js';

interface Options extends TrustOptions, FreshnessOptions {
  readonly bundle?: readonly string[];
  readonly accept?: 'attested';
}

interface AffectedLog extends Affected {
  readonly folder: string;
  /** Whether the change log shows that nothing has changed since the records were read; null: there is no change log. */
  readonly isFresh: boolean | null;
}

const HELP = `
What counts is what the records hold when the bundle is made: have a new one made after a standard was revoked. Signatures are not checked here, because only the device itself writes its log: \`measurement prove\` and \`measurement verify\` show single values to others.`;

export function measurementAffected(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'affected <folders...>',
      description:
        'Which values in the logs of devices lose their support, and which keep it, as the records stand now: after a standard above them was found out. Exit code 1 if some lose it.',
      example: 'measurement affected measurements --bundle RP4-0815.bundle.json --trust trust.json',
      reads: true,
      configure: (command) =>
        acceptOption(freshnessOptions(trustOption(command)))
          .option(
            '--bundle <file>',
            'a bundle about a device (proof create); may be given several times (default: the network is asked)',
            parse.collect,
          )
          .addHelpText('after', HELP),
      async run(invocation, folders, options) {
        const { terminal } = invocation;
        const calibrations = new Calibrations(invocation, options);
        const found: AffectedLog[] = [];
        for (const folder of folders) {
          const proven = await calibrations.of(await deviceIn(folder), folder);
          terminal.progress(`Judging the values in ${folder}`);
          const batches = await batchesOfLog(folder);
          const affected = await affectedValues(measurementsIn(folder, null), proven.calibration, {
            acceptAttested: options.accept === 'attested',
            rootOf: (sequence) => batchWith(batches, sequence)?.root ?? null,
          });
          const { fresh, tiers } = proven.report;
          found.push({ folder, ...affected, isFresh: fresh && tiers.fresh.holds });
        }
        terminal.result(found, (style) => found.map((each) => affectedText(each, each.isFresh, style)).join('\n'));
        return exitOf(found);
      },
    },
    host,
  );
}

function exitOf(found: readonly AffectedLog[]): number {
  if (found.some(({ unsupported }) => unsupported > 0)) {
    return EXIT.failed;
  }
  return found.some(({ isFresh }) => isFresh === false) ? EXIT.stale : EXIT.yes;
}

async function deviceIn(folder: string): Promise<string> {
  for await (const { content } of measurementsIn(folder, null)) {
    return content.device;
  }
  throw new ApplicationError('NOT_REGISTERED', `There are no measurements in ${folder}: check the path.`);
}

/** The calibrations of devices: from the files that were named, or else from the network. */
class Calibrations {
  readonly #invocation: Invocation;
  readonly #options: Options;
  #given: Promise<readonly ProvenCalibration[]> | undefined;

  constructor(invocation: Invocation, options: Options) {
    this.#invocation = invocation;
    this.#options = options;
  }

  async of(device: string, folder: string): Promise<ProvenCalibration> {
    const { bundle } = this.#options;
    if (bundle === undefined) {
      const text = await withSession(this.#invocation, async (session) =>
        bundleText(await bundleOf(await session.reader(), device)),
      );
      return this.#proven(text);
    }
    this.#given ??= Promise.all(bundle.map(async (file) => this.#proven(await readExactText(file, MOST_BUNDLE_BYTES))));
    const found = (await this.#given).find((each) => each.bundle.device === device);
    if (!found) {
      throw new ApplicationError(
        'INPUT_INVALID',
        `The measurements in ${folder} are of ${device}: name a bundle about it with --bundle.`,
      );
    }
    return found;
  }

  async #proven(text: string): Promise<ProvenCalibration> {
    const trust = await trustOf(this.#options, this.#invocation.data);
    const fresh = await freshnessAsked(this.#options, trust);
    return provenCalibration(text, { trust, ...(fresh && { fresh }) });
  }
}
