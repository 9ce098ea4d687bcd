import { entriesOf, RegistryError } from '@tracecal/core/model';
import { keys } from '@tracecal/core/registry';
import { requireNext, requireRoom } from '../numbers.js';
import { requireWord } from '../registration.js';
import type { Details, Registration } from '../registration.js';
import { required } from '../state.js';

/** Registers an owner's requirements for its devices; they replace the previous ones. */
export async function setRequirements({ state, word }: Registration<'requirements'>): Promise<Details> {
  const { author, subject } = word.statement;
  if (author !== subject.id) {
    throw new RegistryError(
      'NOT_AUTHORISED',
      `${subject.id} itself says what it requires of its devices, not ${author}.`,
    );
  }
  const before = await required('organisation', author, state.organisation(author));
  requireNext(word, entriesOf.organisation(before));
  requireRoom(word, before.requirements);
  await requireWord(state, word);
  state.write(keys.organisation(author), { ...before, requirements: [...before.requirements, word.entry] });
  return {};
}
