import { readerKeyId } from '@tracecal/gateway-client';
import { addReaderKey, readExactText } from '@tracecal/gateway-client/application';
import { MAX_READER_KEY_CHARACTERS } from '@tracecal/core/trace';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { withSession } from '../session.js';

export function keysAdd(host: Host): Command {
  return commandOf(
    {
      usage: 'add <file>',
      description:
        "Check a reader's key against the registry, and keep it, in place of an older one, to encrypt confidential results to its organisation.",
      example: 'keys add lab-beta.reader.json',
      reads: true,
      async run({ terminal, ...place }, [file = '']) {
        const text = await readExactText(file, MAX_READER_KEY_CHARACTERS);
        const { content, signer, root } = await withSession(place, (session) => addReaderKey(session, text));
        const { organisation, key, date, until } = content;
        const id = readerKeyId(key);
        terminal.result(
          { organisation, key: id, signer, root, date, until },
          (style) =>
            `${style.green('✓')} Reader's key ${id} of ${organisation}, signed by ${signer} below ${root}, counts until ${until}.`,
        );
        return EXIT.yes;
      },
    },
    host,
  );
}
