import { claimedSigners } from '@tracecal/core/signing';
import { printable, readStatement } from '@tracecal/gateway-client';
import type { Item } from '@tracecal/gateway-client';
import { readItems } from '@tracecal/gateway-client/application';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import type { Style } from '../style.js';

export function statementShow(host: Host): Command {
  return commandOf(
    {
      usage: 'show <file>',
      description: 'What the statements in a file say, and who claims to have signed them. Needs no network.',
      example: 'statement show transfer.json',
      acting: 'none',
      async run({ terminal }, [file = '']) {
        const shown = (await readItems(file)).map(showItem);
        terminal.result({ file, statements: shown }, (style) =>
          shown.map((each) => describe(each, style)).join('\n\n'),
        );
        return EXIT.yes;
      },
    },
    host,
  );
}

function showItem({ statement: jws }: Item) {
  return { statement: readStatement(jws), signers: claimedSigners(jws) };
}

function describe({ statement, signers }: ReturnType<typeof showItem>, style: Style): string {
  const { type, registry, author, date, number, subject, body } = statement;
  return [
    `${style.bold(type)} of ${author} about ${subject.kind} ${subject.id}, number ${number}, ${date}`,
    `  for registry ${registry}`,
    ...Object.entries(body as object).map(([name, value]) => `  ${name}: ${printable(JSON.stringify(value))}`),
    style.dim(`  signed by ${signers.map((signer) => signer ?? '?').join(', ')}`),
  ].join('\n');
}
