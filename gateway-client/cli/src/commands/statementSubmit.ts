import type { Statement } from '@tracecal/core/model';
import { readStatement } from '@tracecal/gateway-client';
import type { Item, TraceCal } from '@tracecal/gateway-client';
import { readItems } from '@tracecal/gateway-client/application';
import type { Delivery } from '@tracecal/gateway-client/application';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { word } from '../text/quoted.js';
import { execute, viaOption } from './execute.js';

export function statementSubmit(host: Host): Command {
  return commandOf<Pick<Delivery, 'via'>>(
    {
      usage: 'submit <file>',
      description:
        'Register signed statements, each in its own transaction, as any member of the calibration level: the registry judges their signatures, not who submits them. What is there already is left out.',
      example: 'statement submit acceptance.json --via nmi-south',
      configure: viaOption,
      async run(invocation, [file = ''], delivery) {
        const items = await readItems(file);
        return execute(invocation, { ...delivery, from: word(file) }, async (session) => {
          const reader = await session.reader();
          const plans = await Promise.all(items.map((item) => planFor(reader, item)));
          return {
            items: plans.flatMap(({ left }) => left),
            document: {
              statements: plans.map(({ statement: { type, author, number, subject }, isThere }) => ({
                ...{ type, author, number, subject },
                alreadyRegistered: isThere,
              })),
            },
            sentence: plans.map(sentenceOf).join('\n  '),
          };
        });
      },
    },
    host,
  );
}

/** A statement of a file, and the part of it that is to be registered. */
interface Plan {
  readonly statement: Statement;
  readonly isThere: boolean;
  readonly left: readonly Item[];
}

/** A file that was submitted in part can be submitted again: skip what is registered; an acceptance may still be missing. */
async function planFor(reader: TraceCal, item: Item): Promise<Plan> {
  const statement = readStatement(item.statement);
  if (!(await reader.isRegistered(item.statement))) {
    return { statement, isThere: false, left: [item] };
  }
  const { acceptance } = item;
  const isAcceptanceLeft = acceptance !== undefined && !(await reader.isRegistered(acceptance));
  return { statement, isThere: true, left: isAcceptanceLeft ? [{ statement: acceptance }] : [] };
}

function sentenceOf({ statement: { type, author, subject }, isThere, left }: Plan): string {
  const said = `${type} of ${author} about ${subject.kind} ${subject.id}`;
  if (!isThere) return `${said} is registered.`;
  return left.length === 0
    ? `${said} was there already.`
    : `${said} was there already; its owner's acceptance is registered.`;
}
