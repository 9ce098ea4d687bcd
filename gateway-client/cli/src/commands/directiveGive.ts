import { DIRECTIVE_KINDS } from '@tracecal/core/directives';
import type { Directive, DirectiveKind, SignedDirective } from '@tracecal/core/directives';
import { instantOf } from '@tracecal/core/model';
import type { Instant } from '@tracecal/core/model';
import { directiveText, operatorPinOf } from '@tracecal/gateway-client/device';
import {
  ApplicationError,
  CalibrationKeys,
  devicesToTrace,
  giveDirective,
  readOperatorPin,
  requireNewFile,
  signOverride,
  writeNewFile,
} from '@tracecal/gateway-client/application';
import type { DirectiveSpec } from '@tracecal/gateway-client/application';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host, Invocation } from '../command.js';
import { EXIT } from '../exit.js';
import * as parse from '../parse.js';
import { withSession } from '../session.js';
import type { Style } from '../style.js';
import { word } from '../text/quoted.js';
import { committedJson, committedLines } from '../view/committed.js';
import { siteOption } from './siteOptions.js';
import type { SiteOptions } from './siteOptions.js';

interface Options extends SiteOptions {
  readonly reason?: string;
  readonly from?: Instant;
  readonly until?: Instant;
  readonly for?: number;
  readonly quantity?: string;
  readonly unit?: string;
  readonly lowest?: number;
  readonly highest?: number;
  readonly count?: number;
  readonly operator?: string;
  readonly output?: string;
}

const HELP = `
Kinds: ${DIRECTIVE_KINDS.join(', ')}.
quarantine takes devices out of use until a release. limit needs --quantity, --unit, --lowest and --highest; measure needs --quantity.
override lets a gate open for at most 24 hours, whatever it finds. In an emergency without a network, sign it with --operator and --output, for devices by their full ids; put it on the channel later with \`directive submit\`.`;

export function directiveGive(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'give <kind> <devices...>',
      description:
        "Direct what gateways, filters and gates do with devices: signed by the operator's officer, and put on the channel of its site.",
      example: 'directive give quarantine oem-a/sensor-17 --reason "found dropped" --site a --as oem-a',
      configure: (command) =>
        siteOption(command)
          .option('--reason <text>', 'why, in a sentence for those who have to act')
          .option('--from <date>', 'the moment from which it holds (default: now)', parse.effectiveFrom)
          .option('--until <date>', 'when it ends; not of quarantine and release', parse.asOf)
          .option('--for <span>', 'how long it holds from now on, in place of --until: 4h', parse.span)
          .option('--quantity <kind>', 'kind of quantity to limit or to measure', parse.quantity)
          .option('--unit <unit>', 'D-SI unit of a limit: \\degreecelsius')
          .option('--lowest <value>', 'the lowest value that may pass', parse.finite)
          .option('--highest <value>', 'the highest value that may pass', parse.finite)
          .option('--count <count>', 'how many measurements to make (default: 1)', parse.upTo(1000))
          .option('--operator <file>', "sign an override without the network, by the operator's pin file")
          .option('-o, --output <file>', 'also write the signed directive into a new file')
          .addHelpText('after', HELP),
      async run(invocation, [kind = '', ...given], options) {
        const { terminal, ...place } = invocation;
        const spec = specOf(kind, options);
        if (options.output !== undefined) {
          requireNewFile(options.output);
        }
        if (options.operator !== undefined) {
          return giveOffline(invocation, { ...spec, devices: given }, options);
        }
        const { signed, committed } = await withSession(place, async (session) => {
          const channel = session.siteChannel('measurement', options.site);
          const devices = await devicesToTrace(session, given);
          return giveDirective(session, channel, { ...spec, devices });
        });
        if (options.output !== undefined) {
          await writeNewFile(options.output, directiveText(signed));
        }
        terminal.result({ ...directiveJson(signed), ...committedJson(committed) }, (style) =>
          [...directiveLines(signed, style), ...committedLines(committed, style)].join('\n'),
        );
        return EXIT.yes;
      },
    },
    host,
  );
}

/** Asks nobody: with the pin file and the key of an officer that is here. */
async function giveOffline(
  { terminal, data, as }: Invocation,
  { kind, ...spec }: DirectiveSpec,
  { operator = '', output }: Options,
): Promise<number> {
  if (kind !== 'override' || output === undefined) {
    throw new ApplicationError(
      'USAGE',
      'Without the network an override is signed, into a new file (--output): every other directive has the next number, which the channel knows.',
    );
  }
  const pin = operatorPinOf(await readOperatorPin(operator));
  if (as !== undefined && as !== pin.operator) {
    throw new ApplicationError('USAGE', `${operator} names ${pin.operator}: you cannot act as ${as} with it.`);
  }
  const signed = await signOverride(new CalibrationKeys(data.keys), pin, spec);
  await writeNewFile(output, directiveText(signed));
  terminal.result({ ...directiveJson(signed), file: output }, (style) =>
    [
      ...directiveLines(signed, style),
      `Bring ${output} to the gate (--override). Once the network is back: ${style.hint(`directive submit ${word(output)}`)}.`,
    ].join('\n'),
  );
  return EXIT.yes;
}

export function directiveJson({ digest, officer, content }: SignedDirective) {
  return { digest, officer, directive: content };
}

export function directiveLines({ digest, content }: SignedDirective, style: Style): readonly string[] {
  const { operator, kind, devices, from, until } = content;
  return [
    `${style.green('✓')} ${operator} directs ${kind} of ${devices.map(({ id }) => id).join(', ')} from ${from}${until === undefined ? '' : ` until ${until}`}.`,
    `    directive ${digest}`,
  ];
}

function specOf(kind: string, options: Options): Omit<DirectiveSpec, 'devices'> {
  const { reason, from, count = 1, quantity } = options;
  if (!isDirectiveKind(kind)) {
    throw new ApplicationError('INPUT_INVALID', `There is no directive "${kind}", only ${DIRECTIVE_KINDS.join(', ')}.`);
  }
  if (reason === undefined) {
    throw new ApplicationError('INPUT_INVALID', 'A directive has a reason: say it with --reason.');
  }
  const until = untilOf(options);
  return {
    kind,
    reason,
    ...(from !== undefined && { from }),
    ...(until !== undefined && { until }),
    ...(kind === 'limit' && { limit: limitOf(options) }),
    ...(kind === 'measure' && { measure: { quantity: required(quantity, '--quantity'), count } }),
  };
}

function untilOf({ until, for: seconds }: Options): Instant | undefined {
  return seconds === undefined ? until : instantOf(Date.now() + seconds * 1000);
}

function limitOf({ quantity, unit, lowest, highest }: Options): NonNullable<Directive['limit']> {
  return {
    quantity: required(quantity, '--quantity'),
    unit: required(unit, '--unit'),
    lowest: required(lowest, '--lowest'),
    highest: required(highest, '--highest'),
  };
}

function required<T>(value: T | undefined, option: string): T {
  if (value === undefined) {
    throw new ApplicationError('INPUT_INVALID', `This directive needs ${option}.`);
  }
  return value;
}

function isDirectiveKind(kind: string): kind is DirectiveKind {
  return (DIRECTIVE_KINDS as readonly string[]).includes(kind);
}
