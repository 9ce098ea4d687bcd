import { printable } from '@tracecal/gateway-client';
import type { Issuing, IssuedReport } from '@tracecal/gateway-client/application';
import type { LeftOut } from '@tracecal/gateway-client/dcc';
import type { Command } from 'commander';
import type { Style } from '../style.js';
import type { Terminal } from '../terminal.js';
import { acceptanceHint } from '../view/acceptance.js';
import { committedJson, committedLines } from '../view/committed.js';
import { noteLines } from '../view/noteLines.js';
import { omittedLines } from '../view/omitted.js';
import { deliveryOptions } from './execute.js';

export interface IssuingOptions extends Pick<Issuing, 'via' | 'signOnly'> {
  /** `--no-accept` makes it false. */
  readonly accept: boolean;
}

export function issuingOptions(command: Command): Command {
  return deliveryOptions(acceptOption(command));
}

function acceptOption(command: Command): Command {
  return command.option(
    '--no-accept',
    "leave it to the device's owner to accept the report later, even if the key of one of its officers is here",
  );
}

export function issuingOf({ via, signOnly, accept }: IssuingOptions): Issuing {
  return {
    ...(via !== undefined && { via }),
    ...(signOnly !== undefined && { signOnly }),
    unaccepted: !accept,
  };
}

export interface Issued extends IssuedReport {
  readonly omitted: readonly LeftOut[];
  readonly notes: readonly string[];
}

/** Reports the result for a report. */
export function tellIssued(
  terminal: Terminal,
  { committed, reference, accepted, missing, omitted, notes }: Issued,
  document: object,
  { sentence, signOnly }: { readonly sentence: string; readonly signOnly: string | undefined },
): void {
  const transaction = committed ? committedJson(committed) : { signed: signOnly, missing };
  terminal.result({ ...reference, ...document, accepted, omitted, notes, ...transaction }, (style: Style) =>
    [
      `${style.green('✓')} ${committed ? sentence : `Signed into ${signOnly ?? ''}.`}`,
      ...(missing.length > 0 ? [`Signatures are missing of ${missing.join(', ')}.`] : []),
      ...notes.flatMap((note) => noteLines(printable(note), style)),
      ...(accepted ? [] : [acceptanceHint(reference.report, style)]),
      ...omittedLines(omitted, style),
      ...(committed ? committedLines(committed, style) : []),
    ].join('\n'),
  );
}
