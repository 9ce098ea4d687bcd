import { readFile } from 'node:fs/promises';
import { Argument } from 'commander';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';

const DOCUMENTS = [
  'bundle',
  'verdict',
  'proof',
  'trust',
  'log-head',
  'audit',
  'evidence',
  'opening',
  'pseudonym',
  'disclosure',
  'reader-key',
  'member',
  'member-signature',
  'invitation',
  'proposal',
] as const;

export function proofSchema(host: Host): Command {
  return commandOf(
    {
      usage: 'schema',
      description: 'Print the JSON Schema (draft 2020-12) of a document, for programs that are written elsewhere.',
      example: 'proof schema bundle > bundle.schema.json',
      acting: 'none',
      configure: (command) => command.addArgument(new Argument('<document>', 'of what').choices(DOCUMENTS)),
      async run({ terminal }, [document = '']) {
        terminal.verbatim(await readFile(require.resolve(`@tracecal/gateway-client/schemas/${document}.json`), 'utf8'));
        return EXIT.yes;
      },
    },
    host,
  );
}
