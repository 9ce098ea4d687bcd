import type { Assessment, Page } from '@tracecal/core/contracts';
import { timelinePage, timelineQuestion } from '../contract/index.js';
import type { LedgerReader } from '../contract/index.js';
import { keys } from './keys.js';

/** The assessments of a period, oldest first. */
export async function getAssessments(state: LedgerReader, json: string): Promise<Page<Assessment>> {
  const timeline = { all: keys.assessments(), from: keys.assessmentFrom };
  const page = await timelinePage<Assessment>(state, timeline, timelineQuestion(json));
  return { ...page, items: page.items.map(({ value }) => value) };
}
