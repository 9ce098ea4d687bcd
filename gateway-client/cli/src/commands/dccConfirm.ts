import { newStatement } from '@tracecal/gateway-client';
import {
  ApplicationError,
  differencesFromOriginal,
  readCandidate,
  readMappingFile,
  registeredId,
  sign,
} from '@tracecal/gateway-client/application';
import type { Delivery } from '@tracecal/gateway-client/application';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { execute, deliveryOptions } from './execute.js';

interface Options extends Delivery {
  readonly report: string;
  readonly mapping?: string;
  readonly withdraw?: true;
}

export function dccConfirm(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'confirm <file>',
      description:
        'Import the original of a transcription once more and sign, as another organisation (--as), that the report reads equal. Nothing is signed if it does not.',
      example: 'dcc confirm certificate.xml --report nmi-north/1234-24 --as lab-beta',
      configure: (command) =>
        deliveryOptions(command)
          .requiredOption('--report <report>', 'the report that transcribes the certificate')
          .option('--mapping <file>', 'the mapping file with which it was imported')
          .option('--withdraw', 'take back what your organisation signed before'),
      run(invocation, [file = ''], { report: given, mapping, withdraw = false, ...delivery }) {
        return execute(invocation, delivery, async (session) => {
          const author = session.actor;
          if (author === undefined) {
            throw new ApplicationError('USAGE', 'Say with --as which organisation confirms.');
          }
          const reader = await session.reader();
          const report = await reader.getReport(await registeredId(session, 'report', given));
          const told = mapping === undefined ? undefined : await readMappingFile(mapping);
          const candidate = await readCandidate(file, told);
          const differences = await differencesFromOriginal(session, candidate, report);
          if (!withdraw && differences.length > 0) {
            throw new ApplicationError(
              'INPUT_INVALID',
              `Report ${report.id} does not read equal to ${file}: ${differences.join('; ')}. If it was imported with a mapping file, give the same with --mapping.`,
            );
          }
          const subject = { kind: 'report', id: report.id } as const;
          const statement = newStatement('confirmation', {
            registry: await session.registry(),
            author,
            subject,
            number: await reader.nextNumber(author, subject),
            body: { digest: report.digest, certificateSha256: candidate.sha256, equal: !withdraw },
          });
          return {
            items: [{ statement: await sign(session, statement) }],
            document: { report: report.id, by: author, equal: !withdraw },
            sentence: withdraw
              ? `${author} has taken back what it said about report ${report.id}.`
              : `${author} has read the original of report ${report.id}, and it reads equal.`,
          };
        });
      },
    },
    host,
  );
}
