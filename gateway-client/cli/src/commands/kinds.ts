import type { SignerKind } from '@tracecal/core/signing';
import { SUBJECTS } from '@tracecal/gateway-client/application';
import type { NamedKind } from '@tracecal/gateway-client/application';
import { Argument, Option } from 'commander';

/** The registry calls technicians and officers persons; people may say what they are. */
const ROLES = ['technician', 'officer'] as const;

export const KIND_WORDS = [...SUBJECTS, ...ROLES] as const;
export type KindWord = (typeof KIND_WORDS)[number];

export function kindOf(word: string): NamedKind {
  return SUBJECTS.find((kind) => kind === word) ?? 'person';
}

/** Says of what kind an id is, where the same id names several things. */
export function kindOption(): Option {
  return new Option('--kind <kind>', 'what the id is of (default: whatever has this id)').choices(KIND_WORDS);
}

/** The kinds that an id may be of. */
export function kindsOf(word: KindWord | undefined): readonly NamedKind[] {
  return word === undefined ? SUBJECTS : [kindOf(word)];
}

const SIGNER_KINDS = ['organisation', 'officer', 'technician', 'device'] as const satisfies readonly SignerKind[];

/** What has a key of the calibration chain. */
export function signerKindArgument(): Argument {
  return new Argument('<kind>', 'whose key').choices(SIGNER_KINDS);
}

/** The kind that commander has found to be one. */
export function signerKind(word: string): SignerKind {
  return SIGNER_KINDS.find((kind) => kind === word) ?? 'organisation';
}
