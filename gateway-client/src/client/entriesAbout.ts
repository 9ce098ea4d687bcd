import { entriesOf } from '@tracecal/core/model';
import type { Entry, Subject } from '@tracecal/core/model';
import type { Answers } from './answers.js';
import { undefinedIfNotFound } from './undefinedIfNotFound.js';

/** Who answers with records. */
interface Records {
  getRegistry(): Promise<Answers['getRegistry']>;
  getOrganisation(id: string): Promise<Answers['getOrganisation']>;
  getTechnician(id: string): Promise<Answers['getTechnician']>;
  getDevice(id: string): Promise<Answers['getDevice']>;
  getReport(id: string): Promise<Answers['getReport']>;
  getConsents(owner: string, laboratory: string): Promise<Answers['getConsents']>;
  getReviews(amendment: string, laboratory: string): Promise<Answers['getReviews']>;
  getConfirmations(report: string): Promise<Answers['getConfirmations']>;
}

/** Everything that an author could have said about a subject, wherever it is kept. */
export async function entriesAbout(reader: Records, author: string, { kind, id }: Subject): Promise<readonly Entry[]> {
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
      return entriesAboutReport(reader, author, id);
  }
}

/** What others say about an amendment that their reports rest on, or about a transcription, stands for itself. */
async function entriesAboutReport(reader: Records, author: string, id: string): Promise<readonly Entry[]> {
  const [report, reviews, confirmations] = await Promise.all([
    reader.getReport(id),
    reader.getReviews(id, author),
    reader.getConfirmations(id),
  ]);
  return [...entriesOf.report(report.record), ...reviews, ...confirmations];
}

/** The statement that brings a person into being is numbered like those after it. */
async function entriesAboutPerson(reader: Records, id: string): Promise<readonly Entry[]> {
  const person = await undefinedIfNotFound(reader.getTechnician(id));
  return person ? entriesOf.person(person.record) : [];
}

/** The institutes' decisions about one another are the registry's, and consents stand for themselves. */
async function entriesAboutOrganisation(reader: Records, author: string, id: string): Promise<readonly Entry[]> {
  const [organisation, registry, consents] = await Promise.all([
    reader.getOrganisation(id),
    reader.getRegistry(),
    reader.getConsents(author, id),
  ]);
  return [...entriesOf.organisation(organisation.record), ...entriesOf.registry(registry.record), ...consents];
}
