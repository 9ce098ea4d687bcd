import { MAX_FINDINGS, subjectShape } from '@tracecal/core/contracts';
import type { Assessment, Page, RecordedFinding, Subject } from '@tracecal/core/contracts';
import { parseAs, RegistryError, shapes } from '@tracecal/core/model';
import type { Key } from '@tracecal/core/registry';
import { z } from 'zod';
import { QUESTION_LIMITS, timelineFields, timelinePage, timelineQuestion } from '../contract/index.js';
import type { LedgerReader, Timeline } from '../contract/index.js';
import { keys } from './keys.js';

/** Findings are larger than other records, so a page has fewer. */
const findingsSchema = z.strictObject({
  subject: z.optional(subjectShape),
  ...timelineFields,
  pageSize: z.int().min(1).max(MAX_FINDINGS).default(MAX_FINDINGS),
});

const findingSchema = z.strictObject({ id: shapes.sha256 });

/** The assessments of a period, oldest first. */
export async function getAssessments(state: LedgerReader, json: string): Promise<Page<Assessment>> {
  const timeline = { all: keys.assessments(), from: keys.assessmentFrom };
  const page = await timelinePage<Assessment>(state, timeline, timelineQuestion(json));
  return { ...page, items: page.items.map(({ value }) => value) };
}

/** The findings that were recorded in a period, oldest first: all of them, or those about one subject. */
export async function getFindings(state: LedgerReader, json: string): Promise<Page<RecordedFinding>> {
  const { subject, ...question } = parseAs(findingsSchema, 'question', json, QUESTION_LIMITS);
  const page = await timelinePage<{ readonly id: string }>(state, timelineOf(subject), question);
  const places = page.items.map(({ value: { id } }) => keys.finding(id));
  await state.readAhead(places);
  return { ...page, items: await Promise.all(places.map((place) => foundAt(state, place))) };
}

function timelineOf(subject: Subject | undefined): Timeline {
  return subject === undefined
    ? { all: keys.allFound(), from: keys.foundFrom }
    : { all: keys.allFoundAbout(subject), from: (time) => keys.foundAboutFrom(subject, time) };
}

/** A finding by its id. @throws RegistryError `NOT_FOUND` */
export async function getFinding(state: LedgerReader, json: string): Promise<RecordedFinding> {
  const { id } = parseAs(findingSchema, 'question', json, QUESTION_LIMITS);
  const found = await state.read<RecordedFinding>(keys.finding(id));
  if (!found) {
    throw new RegistryError('NOT_FOUND', `no finding ${id} is recorded here.`);
  }
  return found;
}

async function foundAt(state: LedgerReader, place: Key): Promise<RecordedFinding> {
  const found = await state.read<RecordedFinding>(place);
  if (!found) {
    throw new RegistryError('INTERNAL', `finding ${place.attributes.join(' ')} is listed and not there.`);
  }
  return found;
}
