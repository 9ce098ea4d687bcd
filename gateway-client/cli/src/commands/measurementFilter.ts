import { writeFile } from 'node:fs/promises';
import {
  ApplicationError,
  KnownDevices,
  LineFilter,
  linesIn,
  logFolder,
  MOST_MEASUREMENT_BYTES,
  openPassed,
  readOperatorPin,
} from '@tracecal/gateway-client/application';
import type { Dropped, Filtered, KnownDevicesOptions } from '@tracecal/gateway-client/application';
import { Option } from 'commander';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host, Invocation } from '../command.js';
import { EXIT } from '../exit.js';
import * as parse from '../parse.js';
import { counted } from '../view/counts.js';
import { MAX_AGE_SECONDS } from './freshnessOptions.js';
import { trustOf } from './measurementOptions.js';
import { acceptOption } from './questionOptions.js';
import { trustOption } from './trustOptions.js';
import type { TrustOptions } from './trustOptions.js';

interface Options extends TrustOptions {
  readonly bundle: readonly string[];
  readonly input: string;
  readonly log?: string;
  readonly maxAge?: number;
  readonly seen?: string;
  readonly accept?: 'attested';
  readonly output?: string;
  readonly passed?: string;
  readonly report?: string;
  readonly recheck: number;
  readonly clock: boolean;
  readonly directives?: string;
  readonly operator?: string;
  readonly directivesAge?: number;
}

const HELP = `
A line passes if its device has signed it, its device may be relied on now and was soundly calibrated for this value at that moment, and it continues what has passed before. It is read only when the one before was taken: a slow consumer slows its source.

With --output the filter appends to a file, and after an interruption goes on with what stands in it: nothing passes twice, and nothing is lost if the source begins early enough. On stdout, --passed names what your consumer has already.

Bundles and the change log are read again after --recheck: replace them while it runs. A device whose files can no longer be checked is refused. SIGINT and SIGTERM end it after the line that it has begun.`;

export function measurementFilter(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'filter',
      description:
        'Stand in the data path of signed measurements, one a line: pass what verifies, drop and count the rest, and say why on stderr. Exit code 0 if all passed, 1 if something was dropped.',
      example: 'measurement filter --bundle RP4-0815.bundle.json --trust trust.json --output passed.jsonl',
      acting: 'none',
      configure: (command) =>
        acceptOption(trustOption(command))
          .requiredOption('--bundle <file>', 'a bundle about a device; may be given several times', parse.collect)
          .option('--input <file>', 'measurements, one a line; - is stdin', '-')
          .option('--log <folder>', 'the change log: devices pass nothing while something may have changed')
          .option('--max-age <span>', 'how old the heartbeats may be that sign the log (default: 24h)', parse.span)
          .option(
            '--seen <file>',
            'remember here the newest log that was seen, and refuse older ones (default: LOG.seen.json)',
          )
          .option('-o, --output <file>', 'append what passes to this file (default: stdout)')
          .option('--passed <file>', 'what has passed before: none of it passes again')
          .option(
            '--report <file>',
            'write a line here for each one that is dropped, with the evidence of a second key',
          )
          .option('--directives <folder>', "the operator's signed directives: what is in quarantine, and what may pass")
          .option('--operator <file>', 'the pin file of the operator whose directives count')
          .option('--directives-age <span>', 'how old their export may be (default: any age)', parse.span)
          .addOption(
            new Option('--recheck <span>', 'after how long bundles and the log are read again')
              .argParser(parse.span)
              .default(60, '1m'),
          )
          .option('--no-clock', 'this machine has no clock to trust: judge no age, only what --seen remembers')
          .addHelpText('after', HELP),
      async run(invocation, _args, options) {
        const { terminal } = invocation;
        if (options.output === undefined && terminal.isJson) {
          throw new ApplicationError(
            'USAGE',
            'With --json, what passes needs a place of its own: name it with --output.',
          );
        }
        if (options.passed === '-' && options.input === '-') {
          throw new ApplicationError(
            'USAGE',
            'Stdin cannot be both what comes and what has passed before: name a file with --passed or --input.',
          );
        }
        const filtered = await run(invocation, options);
        const text = summaryOf(filtered);
        if (options.output === undefined) {
          terminal.warn(text);
        } else {
          terminal.result(filtered, () => text);
        }
        return filtered.passed + filtered.before === filtered.read ? EXIT.yes : EXIT.failed;
      },
    },
    host,
  );
}

async function directivesOf({
  directives,
  operator,
  directivesAge,
  clock,
}: Options): Promise<Pick<KnownDevicesOptions, 'directives'>> {
  if (directivesAge !== undefined && (directives === undefined || !clock)) {
    throw new ApplicationError(
      'USAGE',
      'The age of directives is asked for: name their folder with --directives, and leave --no-clock out.',
    );
  }
  if (directives === undefined && operator === undefined) {
    return {};
  }
  if (directives === undefined || operator === undefined) {
    throw new ApplicationError(
      'USAGE',
      'Directives count by whose they are: name their folder with --directives, and the pin file with --operator.',
    );
  }
  const pin = await readOperatorPin(operator);
  return { directives: { folder: directives, pin, ...(directivesAge !== undefined && { ageSeconds: directivesAge }) } };
}

/** @throws ApplicationError `USAGE` */
function logOf({ log, maxAge, seen, clock }: Options): Pick<KnownDevicesOptions, 'log'> {
  if (log === undefined && (maxAge !== undefined || seen !== undefined)) {
    throw new ApplicationError('USAGE', 'How fresh a bundle is, the change log tells: name its folder with --log.');
  }
  if (!clock && maxAge !== undefined) {
    throw new ApplicationError('USAGE', 'Without a clock there is no age: leave --max-age out.');
  }
  return log === undefined
    ? {}
    : {
        log: {
          files: logFolder(log),
          maxAgeSeconds: maxAge ?? MAX_AGE_SECONDS,
          seen: seen ?? `${log.replace(/\/+$/, '')}.seen.json`,
        },
      };
}

async function run({ terminal, data }: Invocation, options: Options): Promise<Filtered> {
  const trust = await trustOf(options, data);
  const devices = await KnownDevices.read({
    bundles: options.bundle,
    trust,
    acceptAttested: options.accept === 'attested',
    recheckMs: options.recheck * 1000,
    ...(await directivesOf(options)),
    ...logOf(options),
    ...(!options.clock && { now: null }),
  });
  const registry = trust.registry ?? devices.registry;
  if (registry === undefined) {
    throw new ApplicationError('INPUT_INVALID', 'The bundles are of several registries: name yours in the trust file.');
  }
  const output = options.output === undefined ? undefined : await openPassed(options.output);
  const told = new Teller(terminal, options.report);
  const filter = new LineFilter({
    registry,
    devices,
    pass: (line) => output?.append(line) ?? terminal.line(line),
    onDrop: (dropped) => told.tell(dropped),
    ...(!options.clock && { now: null }),
  });
  const stopping = new AbortController();
  const stop = () => {
    stopping.abort();
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    if (options.passed !== undefined) {
      await filter.remember(linesIn(options.passed, MOST_MEASUREMENT_BYTES));
    }
    await (output && filter.remember(output.before));
    const filtered = await filter.through(linesIn(options.input, MOST_MEASUREMENT_BYTES), stopping.signal);
    if (filter.attested > 0) {
      terminal.warn(`${counted(filter.attested, 'value')} would have passed with --accept attested.`);
    }
    return filtered;
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
    await output?.close();
    if (stopping.signal.aborted) {
      // A source that says nothing would keep the process.
      process.stdin.destroy();
    }
  }
}

/** So many are said one by one; afterwards they are only counted. */
const MOST_TOLD = 20;

/** Says why something was dropped. */
class Teller {
  readonly #terminal: Invocation['terminal'];
  readonly #report: string | undefined;
  #told = 0;

  constructor(terminal: Invocation['terminal'], report: string | undefined) {
    this.#terminal = terminal;
    this.#report = report;
  }

  async tell(dropped: Dropped): Promise<void> {
    const { line, reason, why } = dropped;
    this.#told += 1;
    if (this.#told <= MOST_TOLD) {
      this.#terminal.warn(`Line ${line} is dropped: ${why} [${reason}]`);
    } else if (this.#told === MOST_TOLD + 1) {
      this.#terminal.warn('More are dropped, and only counted: --report names all.');
    }
    if (this.#report !== undefined) {
      await writeFile(this.#report, `${JSON.stringify(dropped)}\n`, { flag: 'a', mode: 0o600 });
    }
  }
}

function summaryOf({ read, passed, before, dropped, missing }: Filtered): string {
  const reasons = Object.entries(dropped).map(([reason, count]) => `${count} ${reason}`);
  const gaps = Object.entries(missing).map(([device, count]) => `${count} of ${device}`);
  return [
    `${counted(read, 'line')} read, ${passed} passed, ${before > 0 ? `${before} had passed before, ` : ''}${read - passed - before} dropped${reasons.length > 0 ? `: ${reasons.join(', ')}` : ''}.`,
    ...(gaps.length > 0 ? [`Numbers are missing among those that passed: ${gaps.join(', ')}.`] : []),
  ].join('\n');
}
