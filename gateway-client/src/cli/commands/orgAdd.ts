import type { Command } from 'commander';
import { Option } from 'commander';
import { z } from 'zod';
import { ORGANISATION_KINDS, scopeSchema } from '@tracecal/chaincode/model';
import type { OrganisationKind, Scope } from '@tracecal/chaincode/model';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { readJsonFile } from '../inputFile.js';
import { addOrganisation } from '../operations/organisations.js';
import { withSession } from '../session.js';
import { committedJson, committedLine } from '../view/committed.js';

interface Options {
  readonly name?: string;
  readonly kind?: OrganisationKind;
  readonly country?: string;
  readonly msp?: string;
  readonly certifiedBy?: string;
  readonly scopes?: string;
}

const scopesSchema: z.ZodType<Scope[]> = z.array(scopeSchema);

export function orgAdd(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'add <id>',
      description: "Register an organisation. What is left out is taken from the consortium's description.",
      example: 'org add lab-alpha --certified-by nmi-north --scopes scopes.json',
      configure: (command) =>
        command
          .option('--certified-by <organisation>', 'whose calibration key certifies it (all but NMIs)')
          .option(
            '--scopes <file>',
            'its accreditation: JSON list of quantity, unit, min, max, cmc, validFrom, validTo',
          )
          .option('--name <name>', 'full name')
          .addOption(new Option('--kind <kind>', 'what it is').choices(ORGANISATION_KINDS))
          .option('--country <code>', 'two letters (ISO 3166-1)')
          .option('--msp <id>', 'the MSP that it acts through'),
      async run({ terminal, ...place }, [id = ''], { scopes, msp, ...given }) {
        const granted = scopes === undefined ? [] : await readJsonFile(scopes, scopesSchema, 'list of scopes');
        const committed = await withSession(place, (session) =>
          addOrganisation(session, { id, ...given, ...(msp !== undefined && { mspId: msp }), scopes: granted }),
        );
        const { awaiting } = committed.result;
        terminal.result({ organisation: id, ...committed.result, ...committedJson(committed) }, (style) =>
          [
            awaiting
              ? `${id} is proposed; ${awaiting.join(', ')} must still admit it.`
              : `${style.green('✓')} ${id} is registered.`,
            committedLine(committed, style),
          ].join('\n'),
        );
        return EXIT.yes;
      },
    },
    host,
  );
}
