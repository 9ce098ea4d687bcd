import { PAPER_EXAMPLE, PAPER_OPTION } from '@tracecal/gateway-client/application';
import type { ReportDescription } from '@tracecal/gateway-client/application';
import type { Command } from 'commander';
import { collect, date } from '../parse.js';
import { privateOptions } from './privateOptions.js';
import type { PrivateOptions } from './privateOptions.js';

/** Content of a report, as options: from a certificate file, or one by one. */
export interface ContentOptions extends ReportDescription, PrivateOptions {
  readonly technician: string;
}

/** Uncertainties are expanded. Write null for an uncertainty or a coverage probability that is not stated. */
const RESULTS_EXAMPLE = `[
  {
    "name": "Temperature",
    "quantity": "temperature",
    "unit": "\\\\degreecelsius",
    "rows": [
      { "value": 20.01, "uncertainty": { "expanded": 0.02, "coverageFactor": 2, "coverageProbability": 0.95 } }
    ]
  }
]`;

export function contentOptions(command: Command): Command {
  return privateOptions(command)
    .requiredOption('--technician <id>', 'who signs; their organisation issues it')
    .option('--dcc <file>', 'digital calibration certificate to take results, dates and parents from')
    .option(
      '--mapping <file>',
      'information missing in the certificate (kinds, arguments, coverage factors, items, parents)',
    )
    .option('--results <file>', 'JSON list of results: name, quantity, unit, rows (instead of a certificate)')
    .option('--parent <report>', 'report of a standard that was used; may be repeated', collect)
    .option('--paper-parent <facts>', PAPER_OPTION, collect)
    .option('--begin <date>', 'first day of the calibration', date)
    .option('--end <date>', 'last day (default: the first)', date)
    .option('--issuer <organisation>', 'the member that issued the certificate, where its name does not tell')
    .option('--issued <date>', 'date of the report (default: the last day)', date)
    .option('--adjusted', 'the device was adjusted or repaired: no older calibration of it counts any more')
    .addHelpText(
      'after',
      `\nA file for --results (docs/results.md has one for every method, and all fields):\n${RESULTS_EXAMPLE}\n\nA file for --paper-parent:\n${PAPER_EXAMPLE}`,
    );
}
