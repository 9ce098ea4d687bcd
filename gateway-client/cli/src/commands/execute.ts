import type { Item } from '@tracecal/gateway-client';
import { deliver, requireDeliverable } from '@tracecal/gateway-client/application';
import type { Delivery, Session } from '@tracecal/gateway-client/application';
import type { Command } from 'commander';
import type { Invocation } from '../command.js';
import { EXIT } from '../exit.js';
import { withSession } from '../session.js';
import type { TimeFor } from '../session.js';
import { deliveredJson, deliveredText } from '../view/delivered.js';

/** Adds the options of every command that signs statements. */
export function deliveryOptions(command: Command): Command {
  return viaOption(command).option(
    '--sign-only <file>',
    'sign with the keys that are here and write a file, for others to sign and submit (`tracecal statement`)',
  );
}

export function viaOption(command: Command): Command {
  return command.option(
    '--via <organisation>',
    'whose Fabric identity sends the transaction (default: that of --as, or any here); it signs no statement',
  );
}

/** Statements that a command signed, and the message to show once they are registered. */
export interface Deed {
  readonly items: readonly Item[];
  /** Further members of the `--json` document, besides the transactions. */
  readonly document: object;
  readonly sentence: string;
  /** Asks the user for confirmation before anything is sent; throws if they decline. */
  readonly confirm?: () => Promise<void>;
  /** Runs after they are registered. */
  readonly done?: () => Promise<void>;
}

/** Signs the statements, submits them or writes them to a file, and reports the result. */
export async function execute(
  { terminal, ...place }: Invocation,
  delivery: Delivery,
  prepare: (session: Session) => Promise<Deed>,
  timeFor?: TimeFor,
): Promise<number> {
  const work = async (session: Session) => {
    requireDeliverable(session, delivery);
    const prepared = await prepare(session);
    await prepared.confirm?.();
    const outcome = await deliver(session, prepared.items, delivery);
    if (outcome.file === null) {
      await prepared.done?.();
    }
    return { deed: prepared, delivered: outcome };
  };
  const { deed, delivered } = await withSession(place, work, timeFor);
  terminal.result({ ...deed.document, ...deliveredJson(delivered) }, (style) =>
    deliveredText(delivered, deed.sentence, style),
  );
  return EXIT.yes;
}
