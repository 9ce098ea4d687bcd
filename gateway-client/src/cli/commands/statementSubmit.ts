import type { Command } from 'commander';
import { readStatement } from '../../client/index.js';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import type { Delivery } from '../operations/deliver.js';
import { readItems } from '../operations/statementFile.js';
import { carryOut, viaOption } from './carryOut.js';

export function statementSubmit(host: Host): Command {
  return commandOf<Pick<Delivery, 'via'>>(
    {
      usage: 'submit <file>',
      description:
        'Register signed statements, each in its own transaction, as any member of the calibration level: the registry judges their signatures, not who submits them.',
      example: 'statement submit acceptance.json --via nmi-south',
      configure: viaOption,
      async run(invocation, [file = ''], delivery) {
        const items = await readItems(file);
        const statements = items.map(({ statement: jws }) => readStatement(jws));
        return carryOut(invocation, delivery, () =>
          Promise.resolve({
            items,
            document: {
              statements: statements.map(({ type, author, number, subject }) => ({ type, author, number, subject })),
            },
            sentence: statements
              .map(
                ({ type, author, subject }) =>
                  `${type} of ${author} about ${subject.kind} ${subject.id} is registered.`,
              )
              .join('\n  '),
          }),
        );
      },
    },
    host,
  );
}
