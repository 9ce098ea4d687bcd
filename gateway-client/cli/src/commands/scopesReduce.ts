import type { AffectedDevice } from '@tracecal/core/contracts';
import { accreditorOf, dependingOn, linesToReduce, reductionItems } from '@tracecal/gateway-client/application';
import type { Delivery, GrantedLine, Session } from '@tracecal/gateway-client/application';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host, Invocation } from '../command.js';
import { lastDay, quantity as kind } from '../parse.js';
import { withSession } from '../session.js';
import { devicesText, namedDevices } from '../view/consequencesText.js';
import { counted } from '../view/counts.js';
import { execute, deliveryOptions } from './execute.js';
import type { Deed } from './execute.js';
import {
  confirmationIn,
  confirmationOptions,
  MOST_COUNTED,
  requireAskable,
  requireConfirmed,
  tellDryRun,
} from './confirmation.js';
import type { Confirmation } from './confirmation.js';

interface Options extends Delivery, Confirmation {
  readonly quantity: string;
  readonly until: string;
  readonly grantedBy?: string;
}

/** Lines that end, and whom this concerns. */
interface Ending {
  readonly lines: readonly GrantedLine[];
  /** Devices that depend on the organisation's work, of any kind. */
  readonly devices: readonly AffectedDevice[];
  readonly isComplete: boolean;
}

export function scopesReduce(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'reduce <organisation>',
      description: 'End an accreditation for a quantity before its time. What was calibrated until then stays covered.',
      example: 'scopes reduce lab-alpha --quantity temperature --until 2026-03-31 --dry-run',
      configure: (command) =>
        confirmationOptions(
          deliveryOptions(
            command
              .requiredOption('--quantity <word>', 'what it is no longer accredited for', kind)
              .requiredOption('--until <date>', 'the last day; today at the earliest', lastDay)
              .option(
                '--granted-by <organisation>',
                'whose lines; by default those of the organisation that reduces them',
              ),
          ),
        ),
      async run(invocation, [organisation = ''], { quantity, until, grantedBy, yes, dryRun, ...delivery }) {
        const { terminal } = invocation;
        const confirmation = confirmationIn({ yes, dryRun });
        requireAskable(terminal, confirmation);
        const what = { quantity, until, ...(grantedBy !== undefined && { grantor: grantedBy }) };
        const ending = async (session: Session, author: string, most?: number): Promise<Ending> => ({
          lines: await linesToReduce(session, organisation, { grantor: author, ...what }),
          ...(await dependingOn(await session.reader(), { kind: 'organisation', id: organisation }, most)),
        });
        const describe = (found: Ending) => endingText(found, organisation, what);
        if (dryRun) {
          return preview(
            invocation,
            async (session) => ending(session, await accreditorOf(session, organisation)),
            (found) => ({ document: { organisation, quantity, until }, text: describe(found) }),
          );
        }
        const prepare = async (session: Session): Promise<Deed> => {
          const author = await accreditorOf(session, organisation);
          const { items, lines } = await reductionItems(session, organisation, author, what);
          return {
            items,
            confirm: () =>
              requireConfirmed(terminal, confirmation, async () =>
                describe(await ending(session, author, MOST_COUNTED)),
              ),
            document: { organisation, quantity, until, lines },
            sentence: `${organisation} is accredited for ${quantity} until ${until} (${counted(lines, 'line')}).`,
          };
        };
        // No time limit while a person answers.
        return execute(invocation, delivery, prepare, yes ? 'all' : 'each');
      },
    },
    host,
  );
}

async function preview(
  { terminal, ...place }: Invocation,
  endingOf: (session: Session) => Promise<Ending>,
  tell: (found: Ending) => { readonly document: object; readonly text: string },
): Promise<number> {
  const found = await withSession(place, endingOf, 'each');
  const { document, text } = tell(found);
  const { lines, devices, isComplete } = found;
  return tellDryRun(terminal, { ...document, lines: lines.map(({ line }) => line), devices, isComplete }, text);
}

function endingText(
  { lines, devices, isComplete }: Ending,
  organisation: string,
  { quantity, until }: { readonly quantity: string; readonly until: string },
): string {
  const ends = `${counted(lines.length, 'line')} of ${organisation} for ${quantity} ${lines.length === 1 ? 'ends' : 'end'} on ${until}, for good.`;
  const depend = devices.length === 1 && isComplete ? 'depends' : 'depend';
  const names = devices.length === 0 ? '' : ` (${namedDevices(devices)})`;
  return `${ends} ${devicesText(devices.length, isComplete)}${names} ${depend} on its work: what it calibrates until that day stays covered, what it calibrates later is not.`;
}
