import { ORGANISATION_KINDS } from '@tracecal/core/model';
import type { OrganisationKind } from '@tracecal/core/model';
import type { PseudonymFile } from '@tracecal/core/pseudonym';
import {
  ApplicationError,
  organisationItems,
  pseudonymPath,
  readScopes,
  takePseudonym,
} from '@tracecal/gateway-client/application';
import type { Delivery, PseudonymWish, Session } from '@tracecal/gateway-client/application';
import { Option } from 'commander';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { execute, deliveryOptions } from './execute.js';
import { pseudonymOptions, pseudonymWish, withFacts } from './pseudonymOptions.js';
import type { PseudonymOptions } from './pseudonymOptions.js';

interface Options extends Delivery, PseudonymOptions {
  readonly name?: string;
  readonly kind?: OrganisationKind;
  readonly country?: string;
  readonly msp?: string;
  readonly certifiedBy?: string;
  readonly scopes?: string;
}

/** Every organisation has them. */
const FACTS = ['name', 'country'] as const;

export function orgAdd(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'add [id]',
      description:
        "Register an organisation with an officer who signs for it. What is left out is taken from the consortium's description.",
      example: 'org add lab-alpha --certified-by nmi-north --scopes scopes.json',
      configure: (command) =>
        deliveryOptions(
          pseudonymOptions(command)
            .option('--certified-by <organisation>', 'whose calibration key certifies it (all but NMIs)')
            .option('--scopes <file>', 'its accreditation by that organisation, as for `scopes grant`')
            .option('--name <name>', 'full name')
            .addOption(new Option('--kind <kind>', 'what it is').choices(ORGANISATION_KINDS))
            .option('--country <code>', 'two letters (ISO 3166-1)')
            .option('--msp <id>', 'the MSP that it acts through'),
        ),
      async run(invocation, [name], options) {
        const { scopes: file, msp, via, signOnly, ...others } = options;
        const asked = await pseudonymWish(options, name);
        const { own, wish } = asked ? withFacts(FACTS, options, asked) : { own: {}, wish: undefined };
        const given = describedIn({ ...others, ...own });
        const scopes = file === undefined ? undefined : await readScopes(file);
        return execute(
          invocation,
          { ...(via !== undefined && { via }), ...(signOnly !== undefined && { signOnly }) },
          async (session) => {
            const hidden = wish && (await hide(session, wish, { ...given, ...(msp !== undefined && { msp }) }));
            const id = hidden?.pseudonym.id ?? name ?? '';
            const kept = hidden && { opening: wish.file ?? pseudonymPath(session, id) };
            return {
              items: await organisationItems(session, {
                id,
                ...given,
                ...(msp !== undefined && { mspId: msp }),
                ...hidden,
                ...(scopes && { scopes }),
              }),
              document: { organisation: id, ...kept },
              sentence: `${id} is registered.${kept ? ` Keep ${kept.opening}: it alone can open the pseudonym.` : ''}`,
            };
          },
        );
      },
    },
    host,
  );
}

type Described = Pick<Options, 'name' | 'kind' | 'country' | 'certifiedBy'>;

function describedIn({ name, kind, country, certifiedBy }: Described): Described {
  return {
    ...(name !== undefined && { name }),
    ...(kind !== undefined && { kind }),
    ...(country !== undefined && { country }),
    ...(certifiedBy !== undefined && { certifiedBy }),
  };
}

/** A pseudonym, and the MSP of its certifier, through which alone it acts. */
async function hide(
  session: Session,
  wish: PseudonymWish,
  { name, country, kind, certifiedBy, msp }: Described & Pick<Options, 'msp'>,
): Promise<{ readonly pseudonym: PseudonymFile; readonly mspId: string }> {
  if (msp !== undefined) {
    throw new ApplicationError(
      'USAGE',
      'An organisation under a pseudonym acts through the MSP of its certifier: leave out --msp.',
    );
  }
  if (name === undefined || country === undefined || kind === undefined || certifiedBy === undefined) {
    throw new ApplicationError('USAGE', 'A pseudonym needs --kind and --certified-by.');
  }
  const { mspId } = await (await session.reader()).getOrganisation(certifiedBy);
  const of = { kind: 'organisation', certifier: certifiedBy } as const;
  return { pseudonym: await takePseudonym(session, of, { name, country }, wish), mspId };
}
