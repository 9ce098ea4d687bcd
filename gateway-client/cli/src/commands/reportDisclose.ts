import { ORGANISATION_ID } from '@tracecal/core/model';
import type { Disclosure } from '@tracecal/core/model';
import { disclosuresOf, disclosureText, undefinedIfNotFound } from '@tracecal/gateway-client';
import {
  ApplicationError,
  discloseTo,
  noSuchOrganisation,
  readersNamed,
  registeredId,
  requireNewFile,
  writeNewFile,
} from '@tracecal/gateway-client/application';
import type { Choice, KeptReport, Session } from '@tracecal/gateway-client/application';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { collect, quantity } from '../parse.js';
import { withSession } from '../session.js';
import { storeOption } from './storeOption.js';
import type { StoreOption } from './storeOption.js';

interface Options extends StoreOption {
  readonly to: string;
  readonly result?: readonly string[];
  readonly quantity?: string;
}

/** What was disclosed, and where it is. */
interface Disclosed {
  readonly disclosures: readonly Disclosure[];
  readonly file: string;
  /** The organisation that it was encrypted to; null: whoever has the file can read it. */
  readonly reader: string | null;
}

export function reportDisclose(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'disclose <id>',
      description:
        'Give one reader confidential results of a report that was issued here: encrypted to an organisation whose key is here (`keys add`), or as a file that whoever has it can read. The reader checks them against what the report signs.',
      example: 'report disclose report-1 --to lab-beta',
      reads: true,
      configure: (command) =>
        storeOption(command)
          .requiredOption('--to <reader>', 'an organisation of the registry, or a new file to write')
          .option('--quantity <word>', 'the kind of quantity, where the report keeps several confidential', quantity)
          .option('--result <name>', 'only this result; may be repeated (default: all)', collect),
      async run({ terminal, ...place }, [given = ''], { to, store, quantity: kind, result: results }) {
        const choice: Choice = { ...(kind !== undefined && { quantity: kind }), ...(results && { results }) };
        const { disclosures, file, reader } = await withSession(place, async (session): Promise<Disclosed> => {
          const isReader = await isOrganisation(session, to);
          if (!isReader) {
            requireNewFile(to);
          }
          const { id, digest } = await (await session.reader()).getReport(await registeredId(session, 'report', given));
          const kept = await session.confidential.get(id, digest);
          requireGiven(kept, choice);
          if (!isReader) {
            return { disclosures: [await intoFile(kept, choice, to)], file: to, reader: null };
          }
          const [known] = await readersNamed(session, [to]);
          if (!known) {
            throw new Error('A reader was named, and none found.');
          }
          const told = await discloseTo(session, kept, known, { ...choice, ...(store !== undefined && { store }) });
          return { ...told, reader: to };
        });
        const shown = disclosures.flatMap(({ leaves }) => leaves.flatMap(({ result }) => result?.name ?? []));
        const kinds = disclosures.map((each) => each.quantity);
        const [{ report } = { report: '' }] = disclosures;
        const isComplete = disclosures.every(({ leaves, size }) => leaves.length === size);
        const quantities = reader === null ? { quantity: kinds[0] } : { quantities: kinds, reader };
        terminal.result({ report, ...quantities, results: shown, isComplete, file }, () =>
          [
            `${kinds.join(', ')} of report ${report} is in ${file}: ${shown.join(', ')}.`,
            reader === null
              ? 'Whoever has this file can read that: send it only to its reader.'
              : `Only ${reader} can open that: copy the file to it, or let it fetch it.`,
          ].join('\n'),
        );
        return EXIT.yes;
      },
    },
    host,
  );
}

/** @throws ApplicationError `USAGE` for a word that is neither: a mistyped organisation must not become a file that anybody can read */
async function isOrganisation(session: Session, to: string): Promise<boolean> {
  const isWord = ORGANISATION_ID.test(to);
  if (isWord && (await undefinedIfNotFound((await session.reader()).getOrganisation(to)))) {
    return true;
  }
  if (isWord && !to.includes('.')) {
    throw new ApplicationError(
      'USAGE',
      `${await noSuchOrganisation(session, to)} If you mean a file that whoever has it can read, write ./${to}.`,
    );
  }
  return false;
}

/** @throws ApplicationError `USAGE` for a kind or a result that the report does not keep confidential */
function requireGiven({ report, sealed }: KeptReport, { quantity: kind, results: names }: Choice): void {
  const meant = sealed.filter((each) => kind === undefined || each.quantity === kind);
  if (meant.length === 0) {
    const kinds = sealed.map((each) => each.quantity).join(', ');
    throw new ApplicationError('USAGE', `Report ${report} keeps ${kinds} confidential: name one of them (--quantity).`);
  }
  const all = meant.flatMap(({ leaves }) => leaves.flatMap(({ result }) => result?.name ?? []));
  const strange = names?.find((name) => !all.includes(name));
  if (strange !== undefined) {
    throw new ApplicationError('USAGE', `Report ${report} gives no result "${strange}", but ${all.join(', ')}.`);
  }
}

async function intoFile(kept: KeptReport, { quantity: kind, results: names }: Choice, to: string): Promise<Disclosure> {
  const meant = kept.sealed.filter((each) => kind === undefined || each.quantity === kind);
  if (meant.length > 1) {
    const kinds = meant.map((each) => each.quantity).join(', ');
    throw new ApplicationError(
      'USAGE',
      `Report ${kept.report} keeps ${kinds} confidential: name one of them (--quantity).`,
    );
  }
  const [only] = disclosuresOf({ ...kept, sealed: meant }, names && (({ name }) => names.includes(name)));
  if (!only) {
    throw new ApplicationError('USAGE', `Report ${kept.report} gives nothing to disclose.`);
  }
  await writeNewFile(to, disclosureText(only));
  return only;
}
