import type { Command } from 'commander';
import { Option } from 'commander';
import { DEVICE_KINDS, registrantOf } from '@tracecal/chaincode/model';
import type { DeviceKind } from '@tracecal/chaincode/model';
import { printable } from '../../client/index.js';
import { inOrderOfDescent, readCandidate } from '../certificates/candidate.js';
import type { Candidate } from '../certificates/candidate.js';
import { HalfImported, importCertificate, signCertificate } from '../certificates/importCertificate.js';
import type { Imported, ImportRole, SignedImport } from '../certificates/importCertificate.js';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { CliError } from '../errors.js';
import { EXIT, exitOfError } from '../exit.js';
import { describeFailure } from '../failure.js';
import type { Failure } from '../failure.js';
import { deliver, requireDeliverable } from '../operations/deliver.js';
import type { Delivered } from '../operations/deliver.js';
import { withSession } from '../session.js';
import type { Session } from '../session.js';
import type { Style } from '../style.js';
import { committedJson } from '../view/committed.js';
import { deliveredJson, deliveredText } from '../view/delivered.js';
import { omittedLines } from '../view/omitted.js';
import { acceptanceHint, issuingOptions } from './issuing.js';
import type { IssuingOptions } from './issuing.js';

interface Options extends IssuingOptions {
  readonly technician: string;
  readonly imprinter?: string;
  readonly owner?: string;
  readonly kind: DeviceKind;
}

type Outcome =
  | { readonly file: string; readonly ok: true; readonly imported: Imported }
  | { readonly file: string; readonly ok: true; readonly signed: SignedImport; readonly delivered: Delivered }
  | {
      readonly file: string;
      readonly ok: false;
      readonly error: Failure;
      readonly exit: number;
      /** Registered before the report was refused. */
      readonly device: string | null;
    };

export function dccImport(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'import <files...>',
      description:
        'Make digital calibration certificates reports: register their devices, map their parents, sign, issue, and accept them for their owners.',
      example: 'dcc import certificate.xml --technician t-alpha --kind standard',
      configure: (command) =>
        issuingOptions(command)
          .requiredOption('--technician <id>', 'who signs the reports; their organisation issues them')
          .option('--imprinter <technician>', 'who certifies the keys of devices that are new (default: the same)')
          .option('--owner <organisation>', "owner of devices that are new (default: the imprinter's organisation)")
          .addOption(
            new Option('--kind <kind>', 'what devices are that are new').choices(DEVICE_KINDS).default('field'),
          ),
      async run({ terminal, ...place }, files, options) {
        requireOne(files, options);
        const outcomes = await withSession(place, async (session) => {
          requireDeliverable(session, options);
          const { candidates, refused } = await readAll(files);
          const results: Outcome[] = [...refused];
          for (const candidate of inOrderOfDescent(candidates)) {
            terminal.progress(`Importing ${candidate.file}`);
            results.push(await attempt(session, candidate, options));
          }
          return results;
        });
        terminal.result(outcomes.map(document), (style) =>
          outcomes.map((outcome) => describe(outcome, style)).join('\n'),
        );
        return Math.max(EXIT.yes, ...outcomes.map((outcome) => (outcome.ok ? EXIT.yes : outcome.exit)));
      },
    },
    host,
  );
}

/** What rests on a certificate is found in the registry: a second file could not rest on the first. */
function requireOne(files: readonly string[], { signOnly }: Options): void {
  if (signOnly !== undefined && files.length > 1) {
    throw new CliError('USAGE', 'With --sign-only, give one certificate at a time.');
  }
}

async function readAll(files: readonly string[]) {
  const candidates: Candidate[] = [];
  const refused: Outcome[] = [];
  for (const file of files) {
    try {
      candidates.push(await readCandidate(file));
    } catch (error) {
      refused.push(failed(file, error));
    }
  }
  return { candidates, refused };
}

async function attempt(session: Session, candidate: Candidate, options: Options): Promise<Outcome> {
  try {
    const { file } = candidate;
    const role = await roleOf(session, options);
    if (options.signOnly === undefined) {
      return { file, ok: true, imported: await importCertificate(session, candidate, role, options.via) };
    }
    const signed = await signCertificate(session, candidate, role);
    return { file, ok: true, signed, delivered: await deliver(session, signed.items, options) };
  } catch (error) {
    return failed(candidate.file, error);
  }
}

async function roleOf({ keys }: Session, options: Options): Promise<ImportRole> {
  const technician = await keys.find('technician', options.technician);
  const imprinter = options.imprinter === undefined ? technician : await keys.find('technician', options.imprinter);
  return {
    technician,
    imprinter,
    owner: options.owner ?? registrantOf(imprinter),
    kind: options.kind,
    unaccepted: !options.accept,
  };
}

/** One bad file does not keep the others out; a fault of the program does. */
function failed(file: string, thrown: unknown): Outcome {
  const [error, device] = thrown instanceof HalfImported ? [thrown.cause, thrown.device] : [thrown, null];
  if (!(error instanceof Error && 'code' in error)) {
    throw error;
  }
  return { file, ok: false, error: describeFailure(error), exit: exitOfError(error), device };
}

function document(outcome: Outcome) {
  if (!outcome.ok) {
    return { file: outcome.file, ok: false, error: outcome.error, registeredDevice: outcome.device };
  }
  if ('signed' in outcome) {
    const { items, ...signed } = outcome.signed;
    const deviceSigned = items.length > 1;
    return { ok: true, error: null, ...signed, deviceSigned, ...deliveredJson(outcome.delivered) };
  }
  const { committed, deviceCommitted, ...imported } = outcome.imported;
  return {
    ok: true,
    error: null,
    ...imported,
    deviceRegistered: deviceCommitted !== null,
    ...committedJson(committed),
  };
}

function describe(outcome: Outcome, style: Style): string {
  if (!outcome.ok) {
    const { message, code } = outcome.error;
    return [
      `${style.red('✗')} ${printable(outcome.file)}`,
      `    ${printable(message)} [${code}]`,
      ...(outcome.device === null ? [] : [`    Its device ${outcome.device} was registered before that, and stays.`]),
    ].join('\n');
  }
  const { file, report, device, results, accepted, omitted, otherFiles, parents } =
    'signed' in outcome ? outcome.signed : outcome.imported;
  const rests = parents.map((parent) =>
    parent.kind === 'report' ? parent.report : `${parent.certificate} (${parent.kind})`,
  );
  return [
    `${style.green('✓')} ${printable(file)}`,
    `    ${style.dim('report')} ${report} ${style.dim('of')} ${device}${style.dim(`, ${results} ${results === 1 ? 'result' : 'results'}`)}`,
    ...rests.map((parent) => `    ${style.dim('rests on')} ${printable(parent)}`),
    ...otherFiles.map(
      ({ certificate, report: other }) =>
        `    ${printable(certificate)} is registered as ${other}, but from another file than the certificate names`,
    ),
    ...(accepted ? [] : [`    ${acceptanceHint(report)}`]),
    ...omittedLines(omitted, style),
    ...('signed' in outcome ? [deliveredText(outcome.delivered, '', style)] : []),
  ].join('\n');
}
