import { unverifiedReaderKey } from '@tracecal/core/trace';
import { publicReaderKey, readerKeyId } from '@tracecal/gateway-client';
import { checkedReader, describeFailure } from '@tracecal/gateway-client/application';
import type { Session } from '@tracecal/gateway-client/application';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { withSession } from '../session.js';

interface Listed {
  readonly organisation: string;
  readonly key: string;
  readonly until: string;
  /** Whether its private half is here. */
  readonly isOwn: boolean;
  /** Why nothing is encrypted to it; null if it counts. */
  readonly flaw: string | null;
}

export function keysList(host: Host): Command {
  return commandOf(
    {
      usage: 'list',
      description: "Readers' keys that are here, and whether they count today.",
      example: 'keys list',
      reads: true,
      async run({ terminal, ...place }) {
        const listed = await withSession(place, async (session) => {
          const found: Listed[] = [];
          for (const organisation of await session.readers.known()) {
            found.push(await listedOf(session, organisation));
          }
          return found;
        });
        terminal.result(listed, (style) =>
          listed.length === 0
            ? `No reader's key is here: ${style.hint('keys make')} makes one, ${style.hint('keys add')} takes one over.`
            : listed
                .map(
                  ({ organisation, key, until, isOwn, flaw }) =>
                    `${style.bold(organisation)} ${key}, until ${until}${isOwn ? ', private half here' : ''}${flaw === null ? '' : `\n  ${style.text(flaw)}`}`,
                )
                .join('\n'),
        );
        return EXIT.yes;
      },
    },
    host,
  );
}

async function listedOf(session: Session, organisation: string): Promise<Listed> {
  const text = (await session.readers.signed(organisation)) ?? '';
  const { content } = unverifiedReaderKey(text);
  const key = readerKeyId(content.key);
  const own = (await session.readers.all(organisation)).map((each) => readerKeyId(publicReaderKey(each)));
  return { organisation, key, until: content.until, isOwn: own.includes(key), flaw: await flawOf(session, text) };
}

async function flawOf(session: Session, text: string): Promise<string | null> {
  try {
    await checkedReader(session, text);
    return null;
  } catch (error) {
    return describeFailure(error).message;
  }
}
