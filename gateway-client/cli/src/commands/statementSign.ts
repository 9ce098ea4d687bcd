import { readStatement } from '@tracecal/gateway-client';
import type { Item } from '@tracecal/gateway-client';
import {
  ApplicationError,
  CalibrationKeys,
  missingSignatures,
  offlineSigning,
  readFounding,
  readItems,
  rewriteItems,
  signAs,
} from '@tracecal/gateway-client/application';
import type { SigningSession } from '@tracecal/gateway-client/application';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { withSession } from '../session.js';
import { counted } from '../view/counts.js';
import { word } from '../text/quoted.js';

interface Options {
  readonly founding?: string;
}

export function statementSign(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'sign <file>',
      description:
        "Add an organisation's signatures (--as) to the statements in a file, after you have read what they say (`tracecal statement show`).",
      example: 'statement sign transfer.json --as oem-b',
      configure: (command) =>
        command.option(
          '--founding <file>',
          "founding of the registry, to sign with an organisation's own key on a machine without a network",
        ),
      async run({ terminal, ...place }, [file = ''], { founding }) {
        const { as: organisation } = place;
        if (organisation === undefined) {
          throw new ApplicationError('USAGE', 'Say with --as which organisation signs.');
        }
        if (file === '-') {
          throw new ApplicationError('USAGE', 'The signatures are put into the file itself: name one instead of -.');
        }
        const items = await readItems(file);
        requireNotAnchored(items, file);
        const work = async (session: SigningSession) => {
          const signed: Item[] = [];
          for (const item of items) {
            signed.push({ ...item, statement: await signAs(session, item.statement, organisation) });
          }
          await requireAdded(session, items, signed, organisation);
          await rewriteItems(file, signed);
          const left = await Promise.all(signed.map(({ statement }) => missingSignatures(session, statement)));
          return { added: signaturesIn(signed) - signaturesIn(items), missing: [...new Set(left.flat())] };
        };
        const { added, missing } = await (founding === undefined
          ? withSession(place, work)
          : work(offlineSigning(readFounding(founding), new CalibrationKeys(place.data.keys))));
        terminal.result({ file, as: organisation, added, missing }, (style) =>
          [
            `${style.green('✓')} ${counted(added, 'signature')} of ${organisation} added to ${file}.`,
            missing.length === 0
              ? `Any member of the calibration level can submit it: ${style.hint(`statement submit ${word(file)}`)}.`
              : `Signatures are missing of ${missing.join(', ')}.`,
          ].join('\n'),
        );
        return EXIT.yes;
      },
    },
    host,
  );
}

/**
 * The proof covers the signatures of that time.
 * @throws ApplicationError `INPUT_INVALID`
 */
function requireNotAnchored(items: readonly Item[], file: string): void {
  if (items.some(({ anchor }) => anchor !== undefined)) {
    throw new ApplicationError(
      'INPUT_INVALID',
      `${file} is anchored: a further signature would make it another report.`,
    );
  }
}

function signaturesIn(items: readonly Item[]): number {
  return items.reduce((sum, { statement }) => sum + statement.signatures.length, 0);
}

/** @throws ApplicationError `INPUT_INVALID` if nothing here is for the organisation to sign, `KEYS_MISSING` if its keys are elsewhere */
async function requireAdded(
  { keys }: Pick<SigningSession, 'keys'>,
  before: readonly Item[],
  after: readonly Item[],
  organisation: string,
): Promise<void> {
  if (signaturesIn(after) > signaturesIn(before)) {
    return;
  }
  const people = [...(await keys.ids('officer')), ...(await keys.ids('technician'))];
  const isHere = keys.has('organisation', organisation) || people.some((id) => id.startsWith(`${organisation}/`));
  const about = before.map(({ statement }) => readStatement(statement).subject.id).join(', ');
  throw isHere
    ? new ApplicationError(
        'INPUT_INVALID',
        `${organisation} has nothing to sign about ${about}, or has already signed it.`,
      )
    : new ApplicationError('KEYS_MISSING', `No key of ${organisation} is in ${keys.folder}.`);
}
