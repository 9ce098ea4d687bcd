import { isKind } from '@tracecal/core/model';
import type { Entry, Vouching } from '@tracecal/core/model';
import { judgeDisclosed, newStatement, readStatement } from '@tracecal/gateway-client';
import type { TraceCal } from '@tracecal/gateway-client';
import { ApplicationError, registeredId, sign } from '@tracecal/gateway-client/application';
import type { Delivery } from '@tracecal/gateway-client/application';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { disclosureOption, disclosuresIn } from './disclosureOptions.js';
import type { DisclosureOptions } from './disclosureOptions.js';
import { deliveryOptions, execute } from './execute.js';

interface Options extends Delivery, DisclosureOptions {
  readonly withdraw?: true;
}

export function reportVouch(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'vouch <id>',
      description:
        'Judge confidential results by the rules of every trace and sign, as an organisation (--as), what that finds. Nobody learns the numbers by it. Nothing is signed if they are not sound.',
      example: 'report vouch lab-alpha/report-1 --disclosure for-lab-beta.json --as lab-beta',
      configure: (command) =>
        disclosureOption(deliveryOptions(command)).option(
          '--withdraw',
          'take back what your organisation signed before',
        ),
      run(invocation, [given = ''], { withdraw = false, disclosure, ...delivery }) {
        return execute(invocation, delivery, async (session) => {
          const author = session.actor;
          if (author === undefined) {
            throw new ApplicationError('USAGE', 'Say with --as which organisation vouches.');
          }
          const reader = await session.reader();
          const id = await registeredId(session, 'report', given);
          const body = withdraw
            ? withdrawn(id, author, await reader.getVouchings(id))
            : await judged(reader, id, { ...(disclosure && { disclosure }) });
          const subject = { kind: 'report', id } as const;
          const statement = newStatement('vouching', {
            registry: await session.registry(),
            author,
            subject,
            number: await reader.nextNumber(author, subject),
            body,
          });
          const found = body.judged.map(({ quantity, outcome }) => `${quantity} ${outcome}`).join(', ');
          return {
            items: [{ statement: await sign(session, statement) }],
            document: { report: id, by: author, judged: body.judged },
            sentence: withdraw
              ? `${author} no longer vouches for report ${id}.`
              : `${author} has read what report ${id} rests on in confidence, and finds ${found}.`,
          };
        });
      },
    },
    host,
  );
}

/** @throws ApplicationError `INPUT_INVALID` with the reasons if results are not sound */
async function judged(reader: TraceCal, id: string, options: DisclosureOptions): Promise<Vouching> {
  const { body, reasons } = await judgeDisclosed(reader, id, await disclosuresIn(options));
  const unsound = body.judged.filter(({ outcome }) => outcome === 'unsound');
  if (unsound.length > 0) {
    const why = unsound.map(({ quantity }) => reasons.get(quantity) ?? quantity).join(' ');
    throw new ApplicationError('INPUT_INVALID', `Nobody can vouch for report ${id}: ${why}`);
  }
  return body;
}

/** Nothing has to be read again for that. @throws ApplicationError `INPUT_INVALID` if the organisation does not vouch */
function withdrawn(id: string, author: string, said: readonly Entry[]): Vouching {
  const own = said.map(({ jws }) => readStatement(jws)).findLast((each) => each.author === author);
  if (!own || !isKind(own, 'vouching')) {
    throw new ApplicationError('INPUT_INVALID', `${author} does not vouch for report ${id}: nothing to take back.`);
  }
  const nothing = own.body.judged.map(({ quantity }) => ({ quantity, outcome: 'unsound', lines: [] }) as const);
  return { ...own.body, judged: nothing };
}
