import { join } from 'node:path';
import type { Disclosure } from '@tracecal/core/model';
import { disclosureText } from '@tracecal/gateway-client';
import {
  makeNewFolder,
  readConfidential,
  registeredId,
  requireNewFile,
  writeNewFile,
} from '@tracecal/gateway-client/application';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { withSession } from '../session.js';
import { reportSheet } from '../view/report/reportSheet.js';
import { sheetText } from '../view/report/sheetText.js';
import { storeOption } from './storeOption.js';
import type { StoreOption } from './storeOption.js';

interface Options extends StoreOption {
  readonly output?: string;
}

export function reportRead(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'read <id>',
      description:
        "Open confidential results of a report with a reader's key that is here, check them against what the report signs, and show them.",
      example: 'report read lab-alpha/report-1 --output disclosed',
      reads: true,
      configure: (command) =>
        storeOption(command).option(
          '-o, --output <folder>',
          'write a disclosure for each kind of quantity into a new folder, for `--disclosure` of other commands. Whoever has these files can read them',
        ),
      async run({ terminal, ...place }, [given = ''], { store, output }) {
        if (output !== undefined) {
          requireNewFile(output, 'folder');
        }
        const { facts, disclosures } = await withSession(place, async (session) =>
          readConfidential(session, await registeredId(session, 'report', given), store),
        );
        const files = output === undefined ? [] : await written(output, disclosures);
        terminal.result({ ...facts, disclosures: files }, (style) =>
          [sheetText(reportSheet(facts), style), ...files.map((file) => style.dim(`disclosure: ${file}`))].join('\n'),
        );
        return EXIT.yes;
      },
    },
    host,
  );
}

async function written(folder: string, disclosures: readonly Disclosure[]): Promise<readonly string[]> {
  await makeNewFolder(folder);
  const files: string[] = [];
  for (const disclosure of disclosures) {
    const file = join(folder, `${disclosure.quantity}.json`);
    await writeNewFile(file, disclosureText(disclosure));
    files.push(file);
  }
  return files;
}
