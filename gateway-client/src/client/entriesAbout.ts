import { entriesOf } from '@tracecal/core/model';
import type { Entry, Subject } from '@tracecal/core/model';
import type { Answers } from './answers.js';
import { undefinedIfNotFound } from './undefinedIfNotFound.js';

/** The queries that return records. */
interface Records {
  getRegistry(): Promise<Answers['getRegistry']>;
  getOrganisation(id: string): Promise<Answers['getOrganisation']>;
  getTechnician(id: string): Promise<Answers['getTechnician']>;
  getDevice(id: string): Promise<Answers['getDevice']>;
  getReport(id: string): Promise<Answers['getReport']>;
  getConsents(owner: string, laboratory: string): Promise<Answers['getConsents']>;
  getReviews(amendment: string, laboratory: string): Promise<Answers['getReviews']>;
  getConfirmations(report: string): Promise<Answers['getConfirmations']>;
  getVouchings(report: string): Promise<Answers['getVouchings']>;
}

/** All statements that an author may have made about a subject, in every record that could contain them. */
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

/** Reviews of reports that depend on an amendment, confirmations of a transcription, and vouchings are stored separately. */
async function entriesAboutReport(reader: Records, author: string, id: string): Promise<readonly Entry[]> {
  const [report, reviews, confirmations, vouchings] = await Promise.all([
    reader.getReport(id),
    reader.getReviews(id, author),
    reader.getConfirmations(id),
    reader.getVouchings(id),
  ]);
  return [...entriesOf.report(report.record), ...reviews, ...confirmations, ...vouchings];
}

/** The statement that creates a person is numbered in the same way as those after it. */
async function entriesAboutPerson(reader: Records, id: string): Promise<readonly Entry[]> {
  const person = await undefinedIfNotFound(reader.getTechnician(id));
  return person ? entriesOf.person(person.record) : [];
}

/** The institutes' decisions about one another are in the registry's record, and consents are stored separately. */
async function entriesAboutOrganisation(reader: Records, author: string, id: string): Promise<readonly Entry[]> {
  const [organisation, registry, consents] = await Promise.all([
    reader.getOrganisation(id),
    reader.getRegistry(),
    reader.getConsents(author, id),
  ]);
  return [...entriesOf.organisation(organisation.record), ...entriesOf.registry(registry.record), ...consents];
}
