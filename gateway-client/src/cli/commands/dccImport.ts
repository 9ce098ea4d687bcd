import type { Command } from 'commander';
import { Option } from 'commander';
import { DEVICE_KINDS, registrantOf } from '@tracecal/chaincode/model';
import type { DeviceKind } from '@tracecal/chaincode/model';
import { printable } from '../../client/index.js';
import { inOrderOfDescent, readCandidate } from '../certificates/candidate.js';
import type { Candidate } from '../certificates/candidate.js';
import { importCertificate } from '../certificates/importCertificate.js';
import type { Imported, ImportRole } from '../certificates/importCertificate.js';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT, exitOfError } from '../exit.js';
import { describeFailure } from '../failure.js';
import type { Failure } from '../failure.js';
import { requireDeliverable } from '../operations/deliver.js';
import { withSession } from '../session.js';
import type { Session } from '../session.js';
import type { Style } from '../style.js';
import { committedJson } from '../view/committed.js';
import { omittedLines } from '../view/omitted.js';
import { viaOption } from './carryOut.js';
import { acceptanceHint, acceptOption } from './issuing.js';

interface Options {
  readonly technician: string;
  readonly imprinter?: string;
  readonly owner?: string;
  readonly kind: DeviceKind;
  readonly accept: boolean;
  readonly via?: string;
}

type Outcome =
  | { readonly file: string; readonly ok: true; readonly imported: Imported }
  | { readonly file: string; readonly ok: false; readonly error: Failure; readonly exit: number };

export function dccImport(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'import <files...>',
      description:
        'Make digital calibration certificates reports: register their devices, map their parents, sign, issue, and accept them for their owners.',
      example: 'dcc import certificate.xml --technician t-alpha --kind standard',
      configure: (command) =>
        viaOption(acceptOption(command))
          .requiredOption('--technician <id>', 'who signs the reports; their organisation issues them')
          .option('--imprinter <technician>', 'who certifies the keys of devices that are new (default: the same)')
          .option('--owner <organisation>', "owner of devices that are new (default: the imprinter's organisation)")
          .addOption(
            new Option('--kind <kind>', 'what devices are that are new').choices(DEVICE_KINDS).default('field'),
          ),
      async run({ terminal, ...place }, files, options) {
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
    const imported = await importCertificate(session, candidate, await roleOf(session, options));
    return { file: candidate.file, ok: true, imported };
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
    ...(options.via !== undefined && { via: options.via }),
  };
}

/** One bad file does not keep the others out; a fault of the program does. */
function failed(file: string, error: unknown): Outcome {
  if (!(error instanceof Error && 'code' in error)) {
    throw error;
  }
  return { file, ok: false, error: describeFailure(error), exit: exitOfError(error) };
}

function document(outcome: Outcome) {
  if (!outcome.ok) {
    return { file: outcome.file, ok: false, error: outcome.error };
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
    return `${style.red('✗')} ${printable(outcome.file)}\n    ${printable(message)} [${code}]`;
  }
  const { file, report, device, results, accepted, omitted, parents } = outcome.imported;
  const rests = parents.map((parent) =>
    parent.kind === 'report' ? parent.report : `${parent.certificate} (${parent.kind})`,
  );
  return [
    `${style.green('✓')} ${printable(file)}`,
    `    ${style.dim('report')} ${report} ${style.dim('of')} ${device}${style.dim(`, ${results} ${results === 1 ? 'result' : 'results'}`)}`,
    ...rests.map((parent) => `    ${style.dim('rests on')} ${printable(parent)}`),
    ...(accepted ? [] : [`    ${acceptanceHint(report)}`]),
    ...omittedLines(omitted, style),
  ].join('\n');
}
