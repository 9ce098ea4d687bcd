import {
  disclosedFacts,
  registeredId,
  reportFacts,
  requireNewFile,
  writeNewFile,
} from '@tracecal/gateway-client/application';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { withSession } from '../session.js';
import { reportSheet } from '../view/report/reportSheet.js';
import { sheetPage } from '../view/report/sheetPage.js';
import { sheetText } from '../view/report/sheetText.js';
import { disclosureOption, disclosuresIn } from './disclosureOptions.js';
import type { DisclosureOptions } from './disclosureOptions.js';

export function reportShow(host: Host): Command {
  return commandOf<DisclosureOptions & { readonly html?: string }>(
    {
      usage: 'show <id>',
      description: 'A report as people read a certificate: device, laboratory, standards, results, who accepted it.',
      example: 'report show ALPHA-T-2026-0412 --html report.html',
      reads: true,
      configure: (command) =>
        disclosureOption(command.option('--html <file>', 'write a new file: one page of HTML that prints')),
      async run({ terminal, ...place }, [given = ''], { html, ...options }) {
        if (html !== undefined) {
          requireNewFile(html);
        }
        const disclosures = await disclosuresIn(options);
        const known = await withSession(place, async (session) => {
          const report = await registeredId(session, 'report', given);
          return reportFacts(await session.reader(), session.content, report);
        });
        const facts = disclosedFacts(known, disclosures);
        const sheet = reportSheet(facts);
        if (html !== undefined) {
          const from = `From the ledger of registry ${facts.registry}. Whether the calibration is traceable is told by tracecal trace ${facts.device.id}.`;
          await writeNewFile(html, sheetPage(sheet, from));
        }
        terminal.result({ ...facts, html: html ?? null }, (style) =>
          html === undefined ? sheetText(sheet, style) : `Report ${facts.id} is in ${html}.`,
        );
        return EXIT.yes;
      },
    },
    host,
  );
}
