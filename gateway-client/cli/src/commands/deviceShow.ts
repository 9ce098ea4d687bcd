import type { DeviceAnswer } from '@tracecal/core/contracts';
import { dateOf, instantOf } from '@tracecal/core/model';
import { printable } from '@tracecal/gateway-client';
import { dueDates, keyFacts, registeredId } from '@tracecal/gateway-client/application';
import type { DueDate, KeyFacts } from '@tracecal/gateway-client/application';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { withSession } from '../session.js';
import type { Style } from '../style.js';
import { hanging, wrap } from '../text/wrap.js';
import { dueTable, noIntervalHint } from '../view/dueTable.js';
import { scopesWords, underPseudonym } from '../view/pseudonymText.js';
import { requirementLines } from '../view/requirementsText.js';
import { keyLines, standingLines } from '../view/standingText.js';

export function deviceShow(host: Host): Command {
  return commandOf(
    {
      usage: 'show <id>',
      description:
        'What a device is, whose it is, how it stands, what its owner requires, and when its calibrations are due.',
      example: 'device show sensor-17',
      reads: true,
      async run({ terminal, ...place }, [given = '']) {
        const found = await withSession(place, async (session) => {
          const reader = await session.reader();
          const device = await reader.getDevice(await registeredId(session, 'device', given));
          const question = { asOf: dateOf(instantOf(Date.now())), withinDays: null };
          const key = keyFacts(session.keys, 'device', device.id, device.record.imprints);
          return { device, key, due: await dueDates(reader, [device.id], question) };
        });
        terminal.result({ ...found.device, key: found.key, due: found.due }, (style) => describe(found, style));
        return EXIT.yes;
      },
    },
    host,
  );
}

interface Found {
  readonly device: DeviceAnswer;
  readonly key: KeyFacts | null;
  readonly due: readonly DueDate[];
}

function describe({ device, key, due }: Found, style: Style): string {
  const {
    id,
    kind,
    serial,
    model,
    manufacturer,
    owner,
    organisation,
    technician,
    intervalDays,
    requirements,
    impediments,
    pseudonym,
  } = device;
  const own = intervalDays === null ? [] : [`interval: ${intervalDays} ${intervalDays === 1 ? 'day' : 'days'}`];
  return [
    style.bold(printable(id)),
    ...[
      pseudonym
        ? `${kind === 'field' ? 'field device' : 'standard'}, ${underPseudonym(organisation, pseudonym, { manufacturer, model, serial })}`
        : `${kind === 'field' ? 'field device' : 'standard'}: ${manufacturer} ${model}, serial number ${serial}`,
      ...(pseudonym ? [scopesWords(pseudonym)] : []),
      `owner: ${owner}; registered by ${organisation}`,
      ...standingLines(impediments),
      `imprinted by ${technician}`,
      ...keyLines(key),
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
