import { printable } from '@tracecal/gateway-client';
import {
  ApplicationError,
  certificateOf,
  differencesIn,
  registeredId,
  reportFacts,
  requireNewFile,
  writeNewFile,
} from '@tracecal/gateway-client/application';
import type { ReportFacts } from '@tracecal/gateway-client/application';
import { sha256Hex, writeCertificate } from '@tracecal/gateway-client/dcc';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { withSession } from '../session.js';

export function reportExport(host: Host): Command {
  return commandOf<{ readonly dcc: string }>(
    {
      usage: 'export <id>',
      description: 'Write a report as a digital calibration certificate (DCC 3.3.0), unsigned; it is not the original.',
      example: 'report export ALPHA-T-2026-0412 --dcc certificate.xml',
      reads: true,
      configure: (command) => command.requiredOption('--dcc <file>', 'a new file to write'),
      async run({ terminal, ...place }, [given = ''], { dcc: file }) {
        requireNewFile(file);
        const facts = await withSession(place, async (session) => {
          const report = await registeredId(session, 'report', given);
          return reportFacts(await session.reader(), session.content, report);
        });
        requireOwn(facts);
        const bytes = writeCertificate(certificateOf(facts));
        const differences = differencesIn(bytes, facts);
        await writeNewFile(file, bytes);
        terminal.result({ report: facts.id, file, sha256: sha256Hex(bytes), differences }, ({ yellow }) =>
          [
            `Report ${facts.id} is in ${file}, as DCC 3.3.0 without a signature.`,
            ...(differences.length === 0
              ? ['Read again, it says the same.']
              : [
                  'Missing in the file, or different there:',
                  ...differences.map((each) => `  ${yellow(printable(each))}`),
                ]),
          ].join('\n'),
        );
        return EXIT.yes;
      },
    },
    host,
  );
}

/** Do not export a part of the results, nor another laboratory's certificate as a certificate of the organisation that transcribed it. */
function requireOwn({ id, body: { certificate, results }, laboratory }: ReportFacts): void {
  if (results.some(({ sealed }) => sealed)) {
    throw new ApplicationError(
      'INPUT_INVALID',
      `Report ${id} keeps results confidential, and a certificate would lack them: show it with \`tracecal report show ${id} --disclosure FILE\`.`,
    );
  }
  if (certificate && certificate.issuer !== laboratory.id) {
    throw new ApplicationError(
      'INPUT_INVALID',
      `Report ${id} transcribes certificate ${certificate.number} of "${certificate.laboratory}", which is not a certificate of ${laboratory.id}: take its original, \`tracecal report original ${id}\`.`,
    );
  }
}
