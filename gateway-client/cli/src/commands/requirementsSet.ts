import { ACCREDITATION_POLICIES, STRICT_CHECKS } from '@tracecal/core/model';
import type { AccreditationPolicy, Requirements, StrictCheck } from '@tracecal/core/model';
import {
  ApplicationError,
  changedRequirements,
  ownerNamed,
  requirementsItem,
} from '@tracecal/gateway-client/application';
import type { Delivery, RequirementsChange } from '@tracecal/gateway-client/application';
import { InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { days, daysOrNone, list, quantity, span } from '../parse.js';
import { requirementLines } from '../view/requirementsText.js';
import { execute, deliveryOptions } from './execute.js';

type Days = RequirementsChange['days'];

/** An option value, or the word that removes a requirement: commander reads null as an option without a value. */
type OrNone<T> = T | 'none';

interface Options extends Delivery {
  readonly interval?: Days;
  readonly grace?: OrNone<number>;
  readonly dueSoon?: OrNone<number>;
  readonly accreditation?: AccreditationPolicy;
  readonly conformity?: OrNone<NonNullable<Requirements['conformity']>>;
  readonly minTur?: OrNone<number>;
  readonly strict?: OrNone<readonly StrictCheck[]>;
  readonly maxAge?: OrNone<number>;
  readonly clear?: true;
}

const HELP = `
Requirements that you leave out stay as they are; \`none\` removes one. --clear removes all of them first. At any moment the last statement before it counts.
Checks for --strict: ${STRICT_CHECKS.join(', ')}.`;

export function requirementsSet(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'set',
      description: 'Set what an owner requires of all its devices. Say with --as who it is.',
      example: 'requirements set --as oem-a --interval 365 --interval mass=730 --grace 14 --accreditation accept',
      configure: (command) =>
        deliveryOptions(
          command
            .option(
              '--interval <days>',
              'days until recalibration, of all kinds or of one (mass=730); may be repeated',
              interval,
            )
            .option(
              '--grace <days>',
              'how long past an interval a device may be used: a note, not a failure (0: not at all)',
              zeroIsNone(days),
            )
            .option(
              '--due-soon <days>',
              'how many days before the due date a device is due soon (default: 30)',
              orNone(days),
            )
            .addOption(
              new Option('--accreditation <policy>', 'how an accreditation counts in place of a chain').choices(
                ACCREDITATION_POLICIES,
              ),
            )
            .addOption(
              new Option('--conformity <what>', 'what certificates say about conformity').choices([
                'stated',
                'conforms',
                'none',
              ]),
            )
            .option('--min-tur <ratio>', 'the least test uncertainty ratio, e.g. 4', orNone(ratio))
            .option('--strict <checks>', 'checks whose notes count as failures', orNone(checks))
            .option('--max-age <span>', 'how old the newest heartbeat may be, e.g. 24h', orNone(span))
            .option('--clear', 'forget what was required before')
            .addHelpText('after', HELP),
        ),
      run(invocation, _args, options) {
        const owner = ownerNamed(invocation.as);
        const change = changeOf(options);
        if (options.clear !== true && change.days.size === 0 && Object.keys(change).length === 1) {
          throw new ApplicationError(
            'USAGE',
            'Say what is required: `tracecal requirements set --help` lists what can be.',
          );
        }
        return execute(invocation, options, async (session) => {
          const { requirements } = await (await session.reader()).getOrganisation(owner);
          const body = changedRequirements(options.clear === true ? {} : (requirements?.body ?? {}), change);
          const lines = requirementLines(body).map((line) => `\n  ${line}`);
          return {
            items: [await requirementsItem(session, owner, body)],
            document: { owner, requirements: body },
            sentence: `${owner} requires of its devices from now on${lines.length > 0 ? `:${lines.join('')}` : ': nothing.'}`,
          };
        });
      },
    },
    host,
  );
}

function changeOf({ interval: byKind = new Map(), ...options }: Options): RequirementsChange {
  const { grace, dueSoon, accreditation, conformity, minTur, strict, maxAge } = options;
  return {
    days: byKind,
    ...(accreditation !== undefined && { accreditation }),
    ...(grace !== undefined && { graceDays: nullIfNone(grace) }),
    ...(dueSoon !== undefined && { dueSoonDays: nullIfNone(dueSoon) }),
    ...(conformity !== undefined && { conformity: nullIfNone(conformity) }),
    ...(minTur !== undefined && { minimumTur: nullIfNone(minTur) }),
    ...(strict !== undefined && { strict: nullIfNone(strict) }),
    ...(maxAge !== undefined && { maxAgeSeconds: nullIfNone(maxAge) }),
  };
}

function nullIfNone<T>(given: OrNone<T>): T | null {
  return given === 'none' ? null : given;
}

/** `365`, `mass=730`, `mass=none`; the last about a kind counts. */
function interval(text: string, before: Days = new Map()): Days {
  const [first = '', second] = text.split('=');
  return second === undefined
    ? new Map([...before, ['', daysOrNone(first)]])
    : new Map([...before, [quantity(first), daysOrNone(second)]]);
}

function orNone<T>(parse: (text: string) => T): (text: string) => OrNone<T> {
  return (text) => (text === 'none' ? text : parse(text));
}

/** Where no days at all are the same as no requirement. */
function zeroIsNone<T>(parse: (text: string) => T): (text: string) => OrNone<T> {
  const orNot = orNone(parse);
  return (text) => orNot(text === '0' ? 'none' : text);
}

function ratio(text: string): number {
  const value = Number(text);
  if (!/^\d+(?:\.\d+)?$/.test(text) || value <= 0 || value > 1000) {
    throw new InvalidArgumentError('Write a number like 4.');
  }
  return value;
}

function checks(text: string): readonly StrictCheck[] {
  const known: readonly string[] = STRICT_CHECKS;
  const named = [...new Set(list(text))].sort();
  if (!named.every((each) => known.includes(each))) {
    throw new InvalidArgumentError(`Give some of ${STRICT_CHECKS.join(', ')}.`);
  }
  return named as readonly StrictCheck[];
}
