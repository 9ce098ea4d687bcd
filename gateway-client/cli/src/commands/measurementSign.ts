import { signerFrom } from '@tracecal/gateway-client';
import type { OpenSigner } from '@tracecal/gateway-client';
import {
  ApplicationError,
  CalibrationKeys,
  correctionInFile,
  correctionsIn,
  influencesInFile,
  linesIn,
  MOST_READING_BYTES,
  provenCalibration,
  readExactText,
  readProvenCalibration,
  signAndClose,
  verdictInForce,
} from '@tracecal/gateway-client/application';
import type { Correction, InfluenceOn, OutsideReading, ProvenCalibration } from '@tracecal/gateway-client/application';
import { ConditionsDiffer, MeasurementLog } from '@tracecal/gateway-client/device';
import type { Measurement, Repaired, SyncPolicy } from '@tracecal/gateway-client/device';
import { MOST_BUNDLE_BYTES } from '@tracecal/gateway-client/proof/verify';
import { canonicalJson } from '@tracecal/core/model';
import { Option } from 'commander';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host, Invocation } from '../command.js';
import { EXIT } from '../exit.js';
import * as parse from '../parse.js';
import { counted } from '../view/counts.js';
import { syncPolicy, trustOf } from './measurementOptions.js';
import { registryOf } from './measurementRegistry.js';
import { trustOption } from './trustOptions.js';
import type { TrustOptions } from './trustOptions.js';

interface Options extends TrustOptions {
  readonly readings?: string;
  readonly quantity?: string;
  readonly unit?: string;
  readonly value?: number;
  readonly with?: readonly string[];
  readonly uncertainty?: number;
  readonly verdict?: string;
  readonly correct?: string;
  readonly influences?: string;
  readonly outside?: 'raw' | 'stop';
  readonly registry?: string;
  readonly key?: string;
  readonly certificate?: string;
  readonly sync: SyncPolicy;
  readonly print?: true;
}

const HELP = `
Readings are lines of JSON:
  {"quantity":"temperature","unit":"\\\\degreecelsius","value":21.5}
and may hold "arguments" ([{"name":"depth","value":100,"unit":"\\\\milli\\\\metre"}]), "uncertainty" ({"expanded":0.1,"coverageFactor":2,"coverageProbability":0.9545}) and "time" (2026-03-01T09:30:00.250Z; default: now). A line that cannot be signed ends the command; what came before it stays signed, and the error names the number of the reading and how many are signed.

--influences names a JSON list, each the change of the indication for one unit of a condition that readings state as an argument:
  [{"quantity":"temperature","unit":"\\\\degreecelsius","argument":"supply","argumentUnit":"\\\\volt","reference":5,"coefficient":0.02,"standardUncertainty":0.005}]
"reference" is where the report holds; it may be left out where the report states it.

A reading where the report states no errors, or of a kind that no report is about, cannot be corrected. It is signed as the instrument showed it, which its measurement says ("corrected": null), and told; with --outside stop it ends the command.

With --verdict, a reading that states a time before the verdict was found is refused: nobody had found it then.

The key of the device is taken from the data directory, or from --key: a file with its certificate beside it (NAME.key.pem, NAME.cert.pem; or --certificate), or a key in a token. After an interruption of any kind the log goes on where it was, and never uses a number twice.`;

export function measurementSign(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'sign <device> <folder>',
      description:
        "Sign what a device measures with the device's own key, and append it to its log in a folder. Asks no network.",
      example:
        "measurement sign oem-a/RP4-0815 measurements --quantity temperature --unit '\\degreecelsius' --value 21.5",
      acting: 'none',
      configure: (command) =>
        trustOption(command)
          .option('--readings <file>', 'readings, a JSON document a line; - reads stdin')
          .option('--quantity <word>', 'one reading: its kind of quantity', parse.quantity)
          .option('--unit <unit>', 'its unit as D-SI writes it')
          .option('--value <number>', 'its value', parse.finite)
          .option('--with <name=value...>', 'what else it depends on, e.g. depth=100\\milli\\metre', parse.collect)
          .option('--uncertainty <number>', 'its expanded uncertainty (k = 2)', parse.finite)
          .option('--correct <file>', 'correct readings by the report in this bundle, or in this file of statements')
          .option(
            '--influences <file>',
            'with --correct: coefficients of conditions that the report states no errors for',
          )
          .addOption(
            new Option(
              '--outside <way>',
              'with --correct: what becomes of a reading for which the report states no errors (default: raw)',
            ).choices(['raw', 'stop']),
          )
          .option(
            '--verdict <file>',
            'a bundle about the device: each measurement then says which verdict was in force',
          )
          .option(
            '--registry <id>',
            'the registry that knows the device (default: that of the bundle or the trust file)',
          )
          .option(
            '--key <name>',
            "the device's private key, if it is not in the data directory: a file, or pkcs11:... in a token",
          )
          .option('--certificate <file>', 'its certificate, if it is not beside the key')
          .addOption(
            new Option('--sync <count>', 'force to the disk each (1), every 100, or after at most 500ms')
              .argParser(syncPolicy)
              .default({ every: 1 }, '1'),
          )
          .option('--print', 'print each measurement as a line on stdout, for the next program')
          .addHelpText('after', HELP),
      async run(invocation, [given = '', folder = ''], options) {
        const { terminal } = invocation;
        if (options.print && terminal.isJson) {
          throw new ApplicationError('USAGE', '--print and --json both write to stdout: leave one out.');
        }
        const signed = await sign(invocation, given, folder, options).catch((error: unknown) => {
          throw withOption(error, options);
        });
        if (options.print) {
          terminal.warn(signedText(signed));
        } else {
          terminal.result(signed, () => signedText(signed));
        }
        return EXIT.yes;
      },
    },
    host,
  );
}

/** A library says that an influence is missing; how it is given, only the command line knows. */
function withOption(error: unknown, { influences }: Options): unknown {
  return error instanceof ApplicationError && influences === undefined && isAboutConditions(error)
    ? new ApplicationError(error.code, `${error.message} Give influences with --influences.`, { cause: error })
    : error;
}

function isAboutConditions(error: unknown): boolean {
  return error instanceof ConditionsDiffer || (error instanceof Error && isAboutConditions(error.cause));
}

interface Signed {
  readonly device: string;
  readonly folder: string;
  readonly signed: number;
  readonly newest: Measurement | null;
  /** Readings that are not corrected, because they lie outside of the report. */
  readonly outside: { readonly count: number; readonly first: readonly OutsideReading[] };
  /** Measurements that name no verdict although one was given, because the clock was put back since it was found. */
  readonly withoutVerdict: number;
  readonly repaired: Repaired;
}

/** So many are said one by one; afterwards they are only counted. */
const MOST_TOLD = 20;

async function sign(invocation: Invocation, given: string, folder: string, options: Options): Promise<Signed> {
  const { terminal, data } = invocation;
  const lines = readingsOf(options);
  const keys = new CalibrationKeys(data.keys);
  const device = options.key === undefined ? await keys.find('device', given) : given;
  const proven = await provenBy(invocation, options);
  const corrections = await correctionsOf(invocation, options);
  const influences = await influencesOf(options);
  [...corrections, ...(proven ? [proven.bundle] : [])].forEach((each) => {
    requireDevice(device, each.device);
  });
  const signer = await signerOf(keys, device, options);
  try {
    const registry = await registryOf(invocation, options, proven);
    const log = await MeasurementLog.open({ folder, registry, device, signer, sync: options.sync });
    const verdict = proven ? verdictInForce(proven) : null;
    let newest: Measurement | null = null;
    let withoutVerdict = 0;
    const outside = new OutsideTeller(terminal);
    const signed = await signAndClose(log, lines, {
      ...{ corrections, influences, verdict },
      ...(options.outside && { outside: options.outside }),
      onOutside: (reading) => {
        outside.tell(reading);
      },
      onSigned: async ({ content, jws }) => {
        newest = content;
        withoutVerdict += verdict && content.verdict === null ? 1 : 0;
        await (options.print ? terminal.line(canonicalJson(jws)) : undefined);
      },
    });
    return { device, folder, signed, newest, outside: outside.told, withoutVerdict, repaired: log.repaired };
  } finally {
    await signer.close();
  }
}

/** Says which readings are not corrected. */
class OutsideTeller {
  readonly #terminal: Invocation['terminal'];
  readonly #first: OutsideReading[] = [];
  #count = 0;

  constructor(terminal: Invocation['terminal']) {
    this.#terminal = terminal;
  }

  get told(): Signed['outside'] {
    return { count: this.#count, first: this.#first };
  }

  tell(reading: OutsideReading): void {
    this.#count += 1;
    if (this.#count <= MOST_TOLD) {
      this.#first.push(reading);
      this.#terminal.warn(`Reading ${reading.reading} is signed as the instrument showed it. ${reading.why}`);
    } else if (this.#count === MOST_TOLD + 1) {
      this.#terminal.warn('More are not corrected, and only counted.');
    }
  }
}

function signedText({
  device,
  folder,
  signed,
  newest,
  outside,
  withoutVerdict,
  repaired: { cut, skipped },
}: Signed): string {
  return [
    `${counted(signed, 'measurement')} of ${device} signed and appended to ${folder}${newest ? `, up to number ${newest.sequence}` : ''}.`,
    ...(outside.count > 0
      ? [`${outside.count} of them as the instrument showed them: the report states no errors there.`]
      : []),
    ...(withoutVerdict > 0
      ? [`${withoutVerdict} of them without the verdict: the clock was put back since it was found.`]
      : []),
    ...(cut > 0 ? ['The end of the log was torn by an interruption, and was cut.'] : []),
    ...(skipped > 0
      ? [`${counted(skipped, 'number')} may have been lost and will not be used: the next measurement shows that.`]
      : []),
  ].join('\n');
}

/** @throws ApplicationError `USAGE` */
function readingsOf({ readings, quantity, unit, value, with: conditions, uncertainty }: Options) {
  const isOne = quantity !== undefined && unit !== undefined && value !== undefined;
  if (isOne === (readings !== undefined)) {
    throw new ApplicationError(
      'USAGE',
      'Name a file of readings with --readings (- reads stdin), or give one with --quantity, --unit and --value.',
    );
  }
  if (!isOne) {
    return linesIn(readings ?? '-', MOST_READING_BYTES);
  }
  const one = {
    quantity,
    unit,
    value,
    ...(conditions && { arguments: conditions.map(condition) }),
    ...(uncertainty !== undefined && {
      uncertainty: { expanded: uncertainty, coverageFactor: 2, coverageProbability: 0.9545 },
    }),
  };
  return [JSON.stringify(one)];
}

/** `depth=100\milli\metre`, `range=10 V`. @throws ApplicationError `USAGE` */
function condition(text: string) {
  const [, name, value = '', unit] = /^([^=]+)=(.*?)(\\[a-z\\{}^0-9.-]+)?$/.exec(text) ?? [];
  if (name === undefined || value === '') {
    throw new ApplicationError('USAGE', `Write --with as name=value, not ${JSON.stringify(text)}.`);
  }
  const number = Number(value);
  return {
    name: name.trim(),
    value: unit !== undefined && Number.isFinite(number) ? number : value,
    ...(unit !== undefined && { unit }),
  };
}

async function provenBy({ data }: Invocation, options: Options): Promise<ProvenCalibration | undefined> {
  return options.verdict === undefined
    ? undefined
    : readProvenCalibration(options.verdict, { trust: await trustOf(options, data) });
}

async function correctionsOf({ data }: Invocation, options: Options): Promise<readonly Correction[]> {
  const { correct: file } = options;
  if (file === undefined) {
    return [];
  }
  const text = await readExactText(file, MOST_BUNDLE_BYTES);
  return text.trimStart().startsWith('{"device"')
    ? correctionsIn(await provenCalibration(text, { trust: await trustOf(options, data) }))
    : [await correctionInFile(file)];
}

/** @throws ApplicationError `USAGE` */
async function influencesOf({ correct, influences, outside }: Options): Promise<readonly InfluenceOn[]> {
  if (influences !== undefined && correct === undefined) {
    throw new ApplicationError('USAGE', 'Influences are corrected with a report: name it with --correct.');
  }
  if (outside !== undefined && correct === undefined) {
    throw new ApplicationError('USAGE', 'Outside of what, a report says: name it with --correct.');
  }
  return influences === undefined ? [] : influencesInFile(influences);
}

function requireDevice(device: string, of: string): void {
  if (device !== of) {
    throw new ApplicationError('INPUT_INVALID', `The file is about ${of}, and you sign for ${device}: name its own.`);
  }
}

async function signerOf(keys: CalibrationKeys, device: string, { key, certificate }: Options): Promise<OpenSigner> {
  if (key === undefined && certificate !== undefined) {
    throw new ApplicationError('USAGE', 'Name the key of this certificate with --key.');
  }
  return key === undefined
    ? { ...(await keys.signer('device', device)), close: () => Promise.resolve() }
    : signerFrom(key, { certificate });
}
