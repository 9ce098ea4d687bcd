import type { SignerKind } from '@tracecal/core/signing';
import { SUBJECTS } from '@tracecal/gateway-client/application';
import type { NamedKind } from '@tracecal/gateway-client/application';
import { Argument, Option } from 'commander';

/** The registry has only "person" for technicians and officers; users may write the role. */
const ROLES = ['technician', 'officer'] as const;

export const KIND_WORDS = [...SUBJECTS, ...ROLES] as const;
export type KindWord = (typeof KIND_WORDS)[number];

export function kindOf(word: string): NamedKind {
  return SUBJECTS.find((kind) => kind === word) ?? 'person';
}

/** Names the kind of an id, for an id that names several things. */
export function kindOption(): Option {
  return new Option('--kind <kind>', 'kind of the thing with this id (default: any kind)').choices(KIND_WORDS);
}

/** The kinds that an id may be of. */
export function kindsOf(word: KindWord | undefined): readonly NamedKind[] {
  return word === undefined ? SUBJECTS : [kindOf(word)];
}

const SIGNER_KINDS = ['organisation', 'officer', 'technician', 'device'] as const satisfies readonly SignerKind[];

/** Kinds that have a key of the calibration chain. */
export function signerKindArgument(): Argument {
  return new Argument('<kind>', 'whose key').choices(SIGNER_KINDS);
}

/** The signer kind of a word that commander has validated. */
export function signerKind(word: string): SignerKind {
  return SIGNER_KINDS.find((kind) => kind === word) ?? 'organisation';
}
