import type { Command } from 'commander';
import { Option } from 'commander';
import { DEVICE_KINDS, registrantOf } from '@tracecal/chaincode/model';
import type { DeviceKind } from '@tracecal/chaincode/model';
import { candidateOf, inOrderOfDescent, isNamedBy, readCandidate } from '../certificates/candidate.js';
import type { Candidate } from '../certificates/candidate.js';
import { certificateFiles } from '../certificates/certificateFiles.js';
import { givenParents } from '../certificates/givenParents.js';
import { HalfImported, importCertificate } from '../certificates/importCertificate.js';
import type { ImportRole } from '../certificates/importRole.js';
import { MAPPING_EXAMPLE, readMappingFile } from '../certificates/mappingFile.js';
import { signCertificate } from '../certificates/signCertificate.js';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { CliError } from '../errors.js';
import { EXIT, exitOfError } from '../exit.js';
import { describeFailure } from '../failure.js';
import { deliver, requireDeliverable } from '../operations/deliver.js';
import { registeredId } from '../operations/ids.js';
import { PAPER_EXAMPLE, PAPER_OPTION } from '../operations/paperParent.js';
import { collect } from '../parse.js';
import { withSession } from '../session.js';
import type { Session } from '../session.js';
import type { Terminal } from '../terminal.js';
import { importJson, importText } from '../view/imported.js';
import type { ImportOutcome } from '../view/imported.js';
import { issuingOptions } from './issuing.js';
import type { IssuingOptions } from './issuing.js';
import { sealTrustOf, sealTrustOptions } from './sealTrust.js';
import type { SealTrustOptions } from './sealTrust.js';

interface Options extends IssuingOptions, SealTrustOptions {
  readonly technician: string;
  readonly imprinter?: string;
  readonly owner?: string;
  readonly kind: DeviceKind;
  readonly mapping?: string;
  readonly parent?: readonly string[];
  readonly paperParent?: readonly string[];
  readonly amends?: string;
  readonly issuer?: string;
}

export function dccImport(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'import <files...>',
      description:
        'Make digital calibration certificates reports: register their devices, map their parents, sign, issue, and accept them for their owners. Of a folder all certificates in it and below; what is registered already is left as it is.',
      example: 'dcc import certificate.xml --technician t-alpha --kind standard',
      configure,
      async run({ terminal, ...place }, paths, options) {
        const files = await certificateFiles(paths);
        requireOne(files, options);
        const outcomes = await withSession(place, async (session) => {
          requireDeliverable(session, options);
          return importAll(session, files, options, terminal);
        });
        terminal.result(outcomes.map(importJson), (style) =>
          outcomes.map((outcome) => importText(outcome, style)).join('\n'),
        );
        return Math.max(EXIT.yes, ...outcomes.map((outcome) => (outcome.ok ? EXIT.yes : outcome.exit)));
      },
    },
    host,
  );
}

function configure(command: Command): Command {
  return sealTrustOptions(issuingOptions(command))
    .requiredOption('--technician <id>', 'who signs the reports; their organisation issues them')
    .option('--imprinter <technician>', 'who certifies the keys of devices that are new (default: the same)')
    .option('--owner <organisation>', "owner of devices that are new (default: the imprinter's organisation)")
    .addOption(new Option('--kind <kind>', 'what devices are that are new').choices(DEVICE_KINDS).default('field'))
    .option('--mapping <file>', 'what certificates do not tell, for one of them or for a series')
    .option('--parent <report>', 'report of a standard that was used; may be repeated', collect)
    .option('--paper-parent <facts>', PAPER_OPTION, collect)
    .option('--issuer <organisation>', 'the member that issued the certificate, where its name does not tell')
    .option('--amends <report>', 'the report that the certificate replaces, where it does not say so itself')
    .addHelpText('after', `\nA file for --mapping, of which only "version" is needed:\n${MAPPING_EXAMPLE}`)
    .addHelpText('after', `\nA file for --paper-parent:\n${PAPER_EXAMPLE}`);
}

/** What rests on a certificate is found in the registry: a second file could not rest on the first. */
function requireOne(files: readonly string[], { signOnly, amends }: Options): void {
  if (signOnly !== undefined && files.length > 1) {
    throw new CliError('USAGE', 'With --sign-only, give one certificate at a time.');
  }
  if (amends !== undefined && files.length > 1) {
    throw new CliError('USAGE', 'With --amends, give one certificate at a time.');
  }
}

async function importAll(
  session: Session,
  files: readonly string[],
  options: Options,
  terminal: Terminal,
): Promise<readonly ImportOutcome[]> {
  const { candidates, refused } = await readAll(files, options);
  const outcomes: ImportOutcome[] = [...refused];
  const ordered = inOrderOfDescent(candidates);
  for (const [place, candidate] of ordered.entries()) {
    const count = ordered.length > 1 ? ` (${place + 1} of ${ordered.length})` : '';
    terminal.progress(`Importing ${candidate.file}${count}`);
    outcomes.push(
      ...(await attempt(
        session,
        candidate,
        { ...options, kind: kindAmong(candidate, ordered, options) },
        files.length === 1,
      )),
    );
  }
  return outcomes;
}

/** What another of the certificates rests on is a standard. */
function kindAmong(candidate: Candidate, all: readonly Candidate[], { kind }: Options): DeviceKind {
  return all.some(({ draft }) => draft.parents.some((parent) => isNamedBy(candidate, parent))) ? 'standard' : kind;
}

async function readAll(files: readonly string[], options: Options) {
  const mapping = options.mapping === undefined ? undefined : await readMappingFile(options.mapping);
  const candidates: Candidate[] = [];
  const refused: ImportOutcome[] = [];
  for (const file of files) {
    try {
      const candidate = await readCandidate(file);
      // Of several files, a mapping for one certificate is not for the others.
      const isOther =
        files.length > 1 && (mapping?.certificate ?? candidate.uniqueIdentifier) !== candidate.uniqueIdentifier;
      candidates.push(mapping && !isOther ? candidateOf(file, candidate.bytes, mapping) : candidate);
    } catch (error) {
      refused.push(failed(file, error));
    }
  }
  return { candidates, refused };
}

async function attempt(
  session: Session,
  candidate: Candidate,
  options: Options,
  isOnlyFile: boolean,
): Promise<readonly ImportOutcome[]> {
  try {
    const { file } = candidate;
    const role = await roleOf(session, options, isOnlyFile);
    if (options.signOnly === undefined) {
      const all = await importCertificate(session, candidate, role, options.via);
      return all.map((imported) => ({ file, ok: true, imported }));
    }
    const all = await signCertificate(session, candidate, role);
    const delivered = await deliver(
      session,
      all.flatMap(({ items }) => items),
      options,
    );
    return all.map((signed) => ({ file, ok: true, signed, delivered }));
  } catch (error) {
    return [failed(candidate.file, error)];
  }
}

async function roleOf(session: Session, options: Options, isOnlyFile: boolean): Promise<ImportRole> {
  const { keys } = session;
  const { parent = [], paperParent = [], amends, issuer } = options;
  const technician = await keys.find('technician', options.technician);
  const imprinter = options.imprinter === undefined ? technician : await keys.find('technician', options.imprinter);
  return {
    technician,
    imprinter,
    owner: options.owner ?? registrantOf(imprinter),
    kind: options.kind,
    parents: await givenParents(session, parent, paperParent, isOnlyFile),
    ...(options.anchors && { trust: await sealTrustOf(options) }),
    ...(issuer !== undefined && { issuer }),
    ...(amends !== undefined && { amends: await registeredId(session, 'report', amends) }),
    unaccepted: !options.accept,
  };
}

/** One bad file does not keep the others out; a fault of the program does. */
function failed(file: string, thrown: unknown): ImportOutcome {
  const [error, device] = thrown instanceof HalfImported ? [thrown.cause, thrown.device] : [thrown, null];
  if (!(error instanceof Error && 'code' in error)) {
    throw error;
  }
  return { file, ok: false, error: describeFailure(error), exit: exitOfError(error), device };
}
