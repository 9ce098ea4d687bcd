import { dateOf, instantOf } from '@tracecal/core/model';
import { dueDates, LISTED_STATES, ownedDevices, ownersOf } from '@tracecal/gateway-client/application';
import type { DueDate, ListedState } from '@tracecal/gateway-client/application';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { date, daysAhead } from '../parse.js';
import { withSession } from '../session.js';
import type { Style } from '../style.js';
import { wrap } from '../text/wrap.js';
import { counted } from '../view/counts.js';
import { dueCounts, dueTable, noIntervalHint } from '../view/dueTable.js';

interface Options {
  readonly within?: number;
  readonly owner?: string;
  readonly asOf?: string;
  readonly all?: true;
}

const HELP = `
A calibration is due when the interval has passed since its last day: the interval of the device, or else the one that its owner requires for the kind of quantity. Without either interval, it is due on the day that its certificate names.
States: overdue; due soon; valid; no interval (nobody says when); not calibrated (no report is accepted, or the owner rejected it afterwards).
Revoked devices are left out. --as-of uses what is registered now.`;

/** The `due --json` document. */
interface Found {
  readonly asOf: string;
  /** Null: the setting of each owner. */
  readonly withinDays: number | null;
  readonly owners: readonly string[];
  readonly counts: Readonly<Record<ListedState, number>>;
  readonly devices: readonly DueDate[];
}

export function due(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'due',
      description: 'Devices whose recalibration is overdue or due soon, the earliest first.',
      example: 'due --within 60d --owner oem-a',
      reads: true,
      configure: (command) =>
        command
          .option('--within <days>', 'how far ahead "soon" reaches (default: as the owner says, or 30d)', daysAhead)
          .option('--owner <organisation>', 'whose devices (default: of --as, or of all whose keys are here)')
          .option('--as-of <date>', 'as if it were this day (default: today)', date)
          .option('--all', 'list valid calibrations too, and devices that have no interval or no calibration')
          .addHelpText('after', HELP),
      async run({ terminal, ...place }, _args, { within: withinDays = null, owner, all, ...options }) {
        const question = { asOf: options.asOf ?? dateOf(instantOf(Date.now())), withinDays };
        const found = await withSession(place, async (session) => {
          const owners = await ownersOf(session, owner);
          const reader = await session.reader();
          const devices = (await ownedDevices(reader, owners)).map(({ id }) => id);
          return { owners, dates: await dueDates(reader, devices, question) };
        });
        const { owners, dates } = found;
        const devices = all ? dates : dates.filter(({ state }) => state === 'overdue' || state === 'due-soon');
        terminal.result({ ...question, owners, counts: countsOf(dates), devices } satisfies Found, (style) =>
          describe({ ...question, owners, counts: countsOf(dates), devices }, style),
        );
        return EXIT.yes;
      },
    },
    host,
  );
}

function countsOf(dates: readonly DueDate[]): Readonly<Record<ListedState, number>> {
  const counts = LISTED_STATES.map((state) => [state, dates.filter((each) => each.state === state).length] as const);
  return Object.fromEntries(counts) as Record<ListedState, number>;
}

function describe({ asOf, withinDays, owners, counts, devices }: Found, style: Style): string {
  const whose = owners.join(', ');
  const told = dueCounts(counts) || 'no devices';
  const summary = [`${whose}, ${asOf}: ${told}.`, ...noIntervalHint(counts['no-interval'] > 0, style)]
    .flatMap((line) => wrap(style.dim(line), style.columns))
    .join('\n');
  const until = withinDays === null ? 'soon' : `within ${counted(withinDays, 'day')}`;
  return devices.length === 0
    ? `Nothing is overdue or due ${until}.\n${summary}`
    : `${dueTable(devices, style)}\n\n${summary}`;
}
