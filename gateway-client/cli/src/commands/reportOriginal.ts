import type { ReportAnswer } from '@tracecal/core/contracts';
import {
  ApplicationError,
  registeredId,
  requireNewFile,
  slug,
  writeNewFile,
} from '@tracecal/gateway-client/application';
import type { ContentStore } from '@tracecal/gateway-client/dcc';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { withSession } from '../session.js';

export function reportOriginal(host: Host): Command {
  return commandOf<{ readonly output?: string }>(
    {
      usage: 'original <id>',
      description: 'The certificate file that a report was made from, byte for byte, if it is kept here.',
      example: 'report original ALPHA-T-2026-0412 -o certificate.xml',
      reads: true,
      configure: (command) =>
        command.option('-o, --output <file>', 'a new file to write (default: the number of the report, .xml)'),
      async run({ terminal, ...place }, [given = ''], { output }) {
        const document = await withSession(place, async (session) => {
          const report = await registeredId(session, 'report', given);
          const file = output ?? `${slug(report.slice(report.indexOf('/') + 1)) ?? 'certificate'}.xml`;
          requireNewFile(file);
          const { bytes, sha256 } = await originalOf(await (await session.reader()).getReport(report), session.content);
          await writeNewFile(file, bytes);
          return { report, file, bytes: bytes.length, sha256 };
        });
        terminal.result(
          document,
          ({ dim }) =>
            `The original of report ${document.report} is in ${document.file}, ${document.bytes} bytes.\n${dim(`SHA-256 as on the ledger: ${document.sha256}`)}`,
        );
        return EXIT.yes;
      },
    },
    host,
  );
}

/**
 * The file that a report was made from, checked against the digest on the ledger.
 *
 * @throws ApplicationError `INPUT_INVALID` if the report has no original, or this data directory does not keep it; DccError
 * `STORE_DAMAGED`, `STORE_UNUSABLE`
 */
export async function originalOf(
  { id, organisation, body }: Pick<ReportAnswer, 'id' | 'organisation' | 'body'>,
  content: Pick<ContentStore, 'get' | 'has'>,
): Promise<{ readonly bytes: Uint8Array; readonly sha256: string }> {
  const { certificateSha256: sha256 } = body;
  if (sha256 === null) {
    throw new ApplicationError(
      'INPUT_INVALID',
      `Report ${id} was not made from a certificate file: it has no original.`,
    );
  }
  if (!(await content.has(sha256))) {
    throw new ApplicationError(
      'INPUT_INVALID',
      `The original of report ${id} is not kept in this data directory. The organisation that imported it keeps it: ask ${organisation} or the owner of ${body.device} for the file with SHA-256 ${sha256}.`,
    );
  }
  return { bytes: await content.get(sha256), sha256 };
}
