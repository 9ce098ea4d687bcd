import { Option } from 'commander';
import { SUBJECT_KINDS } from '@tracecal/chaincode/model';
import type { SubjectKind } from '@tracecal/chaincode/model';
import type { Subject, TraceCal } from '../../client/index.js';
import { CliError } from '../errors.js';
import { ifThere } from '../ifThere.js';

/** Says of what kind an id is, where the same id names several things. */
export function kindOption(): Option {
  return new Option('--kind <kind>', 'what the id is of (default: whatever has this id)').choices(SUBJECT_KINDS);
}

/** What an id names: the only thing of that id, or the one of the kind that the user gave. */
export async function subjectOf(reader: TraceCal, id: string, kind: SubjectKind | undefined): Promise<Subject> {
  if (kind !== undefined) {
    return { kind, id };
  }
  const found = await Promise.all(SUBJECT_KINDS.map(async (each) => ((await exists(reader, each, id)) ? [each] : [])));
  const [only, ...others] = found.flat();
  if (only === undefined) {
    throw new CliError('INPUT_INVALID', `Nothing with the id ${id} is registered.`);
  }
  if (others.length > 0) {
    throw new CliError('USAGE', `${id} is the id of a ${[only, ...others].join(' and a ')}: say which with --kind.`);
  }
  return { kind: only, id };
}

async function exists(reader: TraceCal, kind: SubjectKind, id: string): Promise<boolean> {
  const ask = {
    report: () => reader.getReport(id),
    device: () => reader.getDevice(id),
    technician: () => reader.getTechnician(id),
    organisation: () => reader.getOrganisation(id),
  };
  return (await ifThere<unknown>(ask[kind]())) !== undefined;
}
