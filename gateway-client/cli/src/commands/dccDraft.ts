import { PAPER_EXAMPLE, PAPER_OPTION, paperParent, readJsonText } from '@tracecal/gateway-client/application';
import {
  DccError,
  draftCertificate,
  NO_MAPPING,
  readCertificate,
  readCertificateFile,
  readMapping,
} from '@tracecal/gateway-client/dcc';
import type { Mapping } from '@tracecal/gateway-client/dcc';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { collect } from '../parse.js';
import { draftedLines } from '../view/drafted.js';
import type { Drafted } from '../view/drafted.js';
import { tellFiles } from '../view/unreadFiles.js';

interface Options {
  readonly mapping?: string;
  readonly paperParent?: readonly string[];
}

export function dccDraft(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'draft <files...>',
      description:
        'Show what an import would take from certificates: results with arguments, parents, open questions. Needs no network. Exit code 2 if a certificate gives no result.',
      example: 'dcc draft certificate.xml --mapping mapping.json',
      acting: 'none',
      configure: (command) =>
        command
          .option('--mapping <file>', 'what the certificates do not tell: JSON, version tracecal-mapping/1')
          .option('--paper-parent <facts>', PAPER_OPTION, collect)
          .addHelpText('after', `\nA file for --paper-parent:\n${PAPER_EXAMPLE}`),
      async run({ terminal }, files, options) {
        const mapping = await mappingOf(options);
        const drafted: Drafted[] = [];
        for (const file of files) {
          terminal.progress(`Reading ${file}`);
          drafted.push(await draftFile(file, mapping));
        }
        tellFiles(terminal, drafted, draftedLines, '\n\n');
        return drafted.every(isWhole) ? EXIT.yes : EXIT.input;
      },
    },
    host,
  );
}

/** Errors of a file are part of its result, so the other files are still drafted. */
async function draftFile(file: string, mapping: Mapping): Promise<Drafted> {
  try {
    const certificate = readCertificate(await readCertificateFile(file));
    return { file, error: null, draft: draftCertificate(certificate, { mapping }) };
  } catch (error) {
    if (!(error instanceof DccError)) {
      throw error;
    }
    return { file, error: { code: error.code, message: error.message }, draft: null };
  }
}

function isWhole({ draft }: Drafted): boolean {
  return draft?.reason === null && draft.refused.length === 0;
}

async function mappingOf({ mapping, paperParent: papers = [] }: Options): Promise<Mapping> {
  const told = mapping === undefined ? NO_MAPPING : readMapping(await readJsonText(mapping));
  return { ...told, parents: [...told.parents, ...(await Promise.all(papers.map(paperParent)))] };
}
