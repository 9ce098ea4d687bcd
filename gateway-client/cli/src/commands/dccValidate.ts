import { printable } from '@tracecal/gateway-client';
import { readBytes } from '@tracecal/gateway-client/application';
import { Validator } from '@tracecal/gateway-client/dcc';
import type { Finding, Validation } from '@tracecal/gateway-client/dcc';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import type { Style } from '../style.js';
import { hanging } from '../text/wrap.js';
import { tellFiles } from '../view/unreadFiles.js';

interface Options {
  readonly schemas?: string;
  readonly schematron?: string;
}

export function dccValidate(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'validate <files...>',
      description:
        'Check digital calibration certificates against their schema and against rules. Needs no network. Exit code 2 if one is not valid.',
      example: 'dcc validate certificate.xml --schemas xsd',
      acting: 'none',
      configure: (command) =>
        command
          .option('--schemas <folder>', 'where the schemas (XSD) lie, with what they import; any layout, all versions')
          .option('--schematron <file>', 'rules in Schematron with XPath 2'),
      async run({ terminal }, files, { schemas, schematron }) {
        const rules = schematron === undefined ? {} : { schematron: await readBytes(schematron) };
        const validator = await Validator.open({ ...(schemas === undefined ? {} : { schemas }), ...rules });
        const validations: Validation[] = [];
        try {
          for (const file of files) {
            terminal.progress(`Validating ${file}`);
            validations.push(await validator.file(file));
          }
        } finally {
          validator.close();
        }
        tellFiles(terminal, validations, describe, '\n');
        return validations.every(({ ok }) => ok) ? EXIT.yes : EXIT.input;
      },
    },
    host,
  );
}

const OUTCOMES: Readonly<Record<Validation['state'], string>> = {
  valid: 'valid',
  readable: 'readable; not compared with its schema (name the folder with --schemas)',
  invalid: 'not valid',
  unreadable: 'cannot be validated',
};

function describe({ file, ok, state, schemaVersion, findings }: Validation, style: Style): string {
  const mark = ok ? style.green('✓') : style.red('✗');
  const version = schemaVersion === null ? '' : ` (DCC ${printable(schemaVersion)})`;
  return [
    `${mark} ${style.bold(printable(file))}${version}: ${OUTCOMES[state]}`,
    ...findings.filter(({ level }) => level !== 'information').flatMap((finding) => describeFinding(finding, style)),
  ].join('\n');
}

function describeFinding({ level, line, reason }: Finding, style: Style): readonly string[] {
  const place = line === null ? 'file' : `line ${line}`;
  const prefix = level === 'warning' ? `${style.yellow('warning')}: ` : '';
  return hanging(`  ${style.dim(place.padEnd(12))}`, `${prefix}${style.text(printable(reason))}`, style.columns);
}
