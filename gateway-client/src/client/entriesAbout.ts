import type { Entry, Subject } from '@tracecal/chaincode/model';
import { entriesOf } from '@tracecal/chaincode/model';
import { TraceCalError } from './errors.js';
import type { RegistryReader } from './registryReader.js';

/** Everything that an author could have said about a subject, wherever it is kept. */
export async function entriesAbout(
  reader: RegistryReader,
  author: string,
  { kind, id }: Subject,
): Promise<readonly Entry[]> {
  switch (kind) {
    case 'registry':
      return entriesOf.registry((await reader.getRegistry()).record);
    case 'organisation':
      return entriesAboutOrganisation(reader, author, id);
    case 'person':
      return entriesAboutPerson(reader, id);
    case 'device':
      return entriesOf.device((await reader.getDevice(id)).record);
    case 'report':
      return entriesOf.report((await reader.getReport(id)).record);
  }
}

/** The statement that brings a person into being is numbered like those after it. */
async function entriesAboutPerson(reader: RegistryReader, id: string): Promise<readonly Entry[]> {
  const person = await orIfNotFound(reader.getTechnician(id), undefined);
  return person ? entriesOf.person(person.record) : [];
}

/** The institutes' decisions about one another are the registry's, and consents stand for themselves. */
async function entriesAboutOrganisation(reader: RegistryReader, author: string, id: string): Promise<readonly Entry[]> {
  const [organisation, registry, consents] = await Promise.all([
    reader.getOrganisation(id),
    reader.getRegistry(),
    reader.getConsents(author, id),
  ]);
  return [...entriesOf.organisation(organisation.record), ...entriesOf.registry(registry.record), ...consents];
}

export async function orIfNotFound<T, U>(answer: Promise<T>, otherwise: U): Promise<T | U> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof TraceCalError && error.code === 'NOT_FOUND') {
      return otherwise;
    }
    throw error;
  }
}
