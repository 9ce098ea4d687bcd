import { ORGANISATION_KINDS } from '@tracecal/core/model';
import type { OrganisationKind } from '@tracecal/core/model';
import { organisationItems, readScopes } from '@tracecal/gateway-client/application';
import type { Delivery } from '@tracecal/gateway-client/application';
import { Option } from 'commander';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { execute, deliveryOptions } from './execute.js';

interface Options extends Delivery {
  readonly name?: string;
  readonly kind?: OrganisationKind;
  readonly country?: string;
  readonly msp?: string;
  readonly certifiedBy?: string;
  readonly scopes?: string;
}

export function orgAdd(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'add <id>',
      description:
        "Register an organisation with an officer who signs for it. What is left out is taken from the consortium's description.",
      example: 'org add lab-alpha --certified-by nmi-north --scopes scopes.json',
      configure: (command) =>
        deliveryOptions(
          command
            .option('--certified-by <organisation>', 'whose calibration key certifies it (all but NMIs)')
            .option('--scopes <file>', 'its accreditation by that organisation, as for `scopes grant`')
            .option('--name <name>', 'full name')
            .addOption(new Option('--kind <kind>', 'what it is').choices(ORGANISATION_KINDS))
            .option('--country <code>', 'two letters (ISO 3166-1)')
            .option('--msp <id>', 'the MSP that it acts through'),
        ),
      async run(invocation, [id = ''], { scopes: file, msp, via, signOnly, ...given }) {
        const scopes = file === undefined ? undefined : await readScopes(file);
        return execute(
          invocation,
          { ...(via !== undefined && { via }), ...(signOnly !== undefined && { signOnly }) },
          async (session) => ({
            items: await organisationItems(session, {
              id,
              ...given,
              ...(msp !== undefined && { mspId: msp }),
              ...(scopes && { scopes }),
            }),
            document: { organisation: id },
            sentence: `${id} is registered.`,
          }),
        );
      },
    },
    host,
  );
}
