import { ApplicationError, readersNamed } from '@tracecal/gateway-client/application';
import type { Readership, Session } from '@tracecal/gateway-client/application';
import type { Command } from 'commander';
import { collect, quantities as parseQuantities } from '../parse.js';
import { storeOption } from './storeOption.js';
import type { StoreOption } from './storeOption.js';

/** What a new report keeps confidential, and for whom. */
export interface PrivateOptions extends StoreOption {
  readonly private?: readonly string[] | true;
  readonly reader?: readonly string[];
}

export function privateOptions(command: Command): Command {
  return storeOption(
    command
      .option(
        '--private [kinds]',
        'keep the results out of the ledger, or those of some kinds, e.g. temperature,mass: only whom you give a disclosure reads them',
        (text: string) => parseQuantities(text),
      )
      .option(
        '--reader <organisation>',
        'with --private: encrypt them to this organisation, whose key is here (`keys add`); may be repeated',
        collect,
      ),
  );
}

/** Of commands that amend. */
export function publicOption(command: Command): Command {
  return command.option('--public', 'put on the ledger what the replaced report keeps confidential, for good');
}

/**
 * Whom confidential results are encrypted to, checked before anything is signed.
 *
 * @throws ApplicationError `USAGE`, `INPUT_INVALID`; TraceCalError as `verifyReaderKey`
 */
export async function readershipOf(
  session: Session,
  { private: kinds, reader = [], store }: PrivateOptions,
): Promise<{ readonly readership?: Readership }> {
  const [option] = [...(reader.length > 0 ? ['--reader'] : []), ...(store === undefined ? [] : ['--store'])];
  if (option !== undefined && kinds === undefined) {
    throw new ApplicationError('USAGE', `${option} is for confidential results: add --private.`);
  }
  if (store !== undefined && reader.length === 0) {
    throw new ApplicationError('USAGE', 'With --store, say for whom (--reader).');
  }
  return reader.length === 0
    ? {}
    : { readership: { readers: await readersNamed(session, reader), ...(store !== undefined && { store }) } };
}
