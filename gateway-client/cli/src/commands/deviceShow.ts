import type { DeviceAnswer } from '@tracecal/core/contracts';
import { dateOf, instantOf } from '@tracecal/core/model';
import { printable } from '@tracecal/gateway-client';
import { dueDates, registeredId } from '@tracecal/gateway-client/application';
import type { DueDate } from '@tracecal/gateway-client/application';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { withSession } from '../session.js';
import type { Style } from '../style.js';
import { hanging, wrap } from '../text/wrap.js';
import { counted } from '../view/counts.js';
import { dueTable, noIntervalHint } from '../view/dueTable.js';
import { requirementLines } from '../view/requirementsText.js';

export function deviceShow(host: Host): Command {
  return commandOf(
    {
      usage: 'show <id>',
      description: 'What a device is, whose it is, what its owner requires, and when its calibrations are due.',
      example: 'device show sensor-17',
      async run({ terminal, ...place }, [given = '']) {
        const found = await withSession(place, async (session) => {
          const reader = await session.reader();
          const device = await reader.getDevice(await registeredId(session, 'device', given));
          const question = { asOf: dateOf(instantOf(Date.now())), withinDays: null };
          return { device, due: await dueDates(reader, [device.id], question) };
        });
        terminal.result({ ...found.device, due: found.due }, (style) => describe(found.device, found.due, style));
        return EXIT.yes;
      },
    },
    host,
  );
}

function describe(device: DeviceAnswer, due: readonly DueDate[], style: Style): string {
  const { id, kind, serial, model, manufacturer, owner, organisation, intervalDays, requirements, impediments } =
    device;
  const own = intervalDays === null ? [] : [`interval: ${counted(intervalDays, 'day')}`];
  return [
    style.bold(printable(id)),
    ...[
      `${kind === 'field' ? 'field device' : 'standard'}: ${manufacturer} ${model}, serial number ${serial}`,
      `owner: ${owner}; registered by ${organisation}`,
      ...impediments.map(
        ({ state, by, reason, effective, until }) =>
          `${state} by ${by}, ${reason}, from ${effective}${until === null ? '' : ` until ${until}`}`,
      ),
      ...own,
      ...(requirements === null ? [] : requirementLines(requirements)),
    ].flatMap((line) => hanging('  ', style.text(printable(line)), style.columns)),
    ...(due.length > 0 ? ['', dueTable(due, style)] : []),
    ...noIntervalHint(
      due.some(({ state }) => state === 'no-interval'),
      style,
    ).flatMap((line) => wrap(style.dim(line), style.columns)),
  ].join('\n');
}
