import type { Command } from 'commander';
import { printable } from '../../client/index.js';
import { inspectFile } from '../../dcc/index.js';
import type { InspectedQuantity, Inspection } from '../../dcc/index.js';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import type { Style } from '../style.js';

export function dccInspect(host: Host): Command {
  return commandOf(
    {
      usage: 'inspect <files...>',
      description: 'What digital calibration certificates say. Needs no network. Exit code 2 if one cannot be read.',
      example: 'dcc inspect certificate.xml',
      async run({ terminal }, files) {
        const inspections: Inspection[] = [];
        for (const file of files) {
          terminal.progress(`Reading ${file}`);
          inspections.push(await inspectFile(file));
        }
        terminal.result(inspections, (style) => inspections.map((each) => describe(each, style)).join('\n\n'));
        return inspections.every(({ ok }) => ok) ? EXIT.yes : EXIT.input;
      },
    },
    host,
  );
}

function describe(inspection: Inspection, style: Style): string {
  const { file, error, performed, parents, results, unsupported } = inspection;
  if (error) {
    return `${style.red('✗')} ${style.bold(printable(file))}\n  ${printable(error.message)} [${error.code}]`;
  }
  const [item] = inspection.items;
  const lines: readonly (readonly [string, string])[] = [
    ['certificate', `${inspection.uniqueIdentifier ?? ''} (DCC ${inspection.schemaVersion ?? ''})`],
    ['laboratory', [inspection.laboratory ?? 'not named', inspection.country].filter(Boolean).join(', ')],
    ['item', [item?.name, item?.manufacturer, item?.model, item?.serial].filter(Boolean).join(', ')],
    ['performed', performed ? `${performed.begin} to ${performed.end}` : 'not stated'],
    ...parents.map(
      (parent) =>
        [
          'rests on',
          `${parent.referralID ?? 'a certificate without a number'} (${parent.equipment ?? 'equipment not named'}${parent.analogue ? ', on paper' : ''})`,
        ] as const,
    ),
    ...results.flatMap((result) =>
      result.quantities.map((quantity) => ['result', describeQuantity(quantity, result.name)] as const),
    ),
    ...(inspection.signed ? [['signed', 'it carries a signature, which was not checked'] as const] : []),
    ...unsupported.map(({ path, reason }) => ['not read', `${path}: ${reason}`] as const),
  ];
  return [
    `${style.green('✓')} ${style.bold(printable(file))}`,
    ...lines.map(([title, text]) => `  ${style.dim(title.padEnd(12))}${printable(text)}`),
  ].join('\n');
}

function describeQuantity({ name, unit, points, complex, words }: InspectedQuantity, result: string | null): string {
  const what = name ?? result ?? 'quantity';
  const count = points.length + complex.length;
  if (count === 0) {
    return `${what}: ${words ?? 'no values'}`;
  }
  const stated = points.filter(({ uncertainty }) => uncertainty !== null).length;
  return `${what}: ${count} ${count === 1 ? 'value' : 'values'} in ${unit ?? 'several units'}, ${stated} with uncertainty`;
}
