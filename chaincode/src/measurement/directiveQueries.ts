import type { AnswerRecord, DirectiveHead, DirectiveRecord, Page } from '@tracecal/core/contracts';
import { MAX_DIRECTED } from '@tracecal/core/directives';
import { parseAs, RegistryError, shapes } from '@tracecal/core/model';
import { z } from 'zod';
import {
  bookmark,
  fabricBookmark,
  identifier,
  opaqueBookmark,
  pageSize,
  QUESTION_LIMITS,
  timelinePage,
  timelineQuestion,
} from '../contract/index.js';
import type { LedgerReader } from '../contract/index.js';
import { keys } from './keys.js';

const deviceSchema = z.strictObject({ device: identifier, pageSize, bookmark });
const headsSchema = z.strictObject({ devices: z.array(identifier).min(1).max(MAX_DIRECTED) });
const answersSchema = z.strictObject({ directive: shapes.sha256, pageSize, bookmark });

interface Pointer {
  readonly digest: string;
}

/** The directives that were given in a period, oldest first. */
export async function listDirectives(state: LedgerReader, json: string): Promise<Page<DirectiveRecord>> {
  const timeline = { all: keys.allGiven(), from: keys.givenFrom };
  const { items, bookmark: next } = await timelinePage<Pointer>(state, timeline, timelineQuestion(json));
  return {
    items: await recordsOf(
      state,
      items.map(({ value }) => value),
    ),
    bookmark: next,
  };
}

/** The numbered directives about a device, in order. */
export async function getDirectives(state: LedgerReader, json: string): Promise<Page<DirectiveRecord>> {
  const question = parseAs(deviceSchema, 'question', json, QUESTION_LIMITS);
  const prefix = keys.directedOf(question.device);
  const page = await state.page<Pointer>(prefix, question.pageSize, fabricBookmark(question.bookmark));
  return {
    items: await recordsOf(
      state,
      page.items.map(({ value }) => value),
    ),
    bookmark: opaqueBookmark(page.bookmark),
  };
}

/** The newest directive about each device, in the requested order; null for a device without any. */
export async function getDirectiveHeads(state: LedgerReader, json: string): Promise<readonly (DirectiveHead | null)[]> {
  const { devices } = parseAs(headsSchema, 'question', json, QUESTION_LIMITS);
  await state.readAhead(devices.map((device) => keys.directiveHead(device)));
  return Promise.all(
    devices.map(async (device) => (await state.read<DirectiveHead>(keys.directiveHead(device))) ?? null),
  );
}

/** The answers to a directive, by device, and for each device in the order in which they came. */
export async function getAnswers(state: LedgerReader, json: string): Promise<Page<AnswerRecord>> {
  const question = parseAs(answersSchema, 'question', json, QUESTION_LIMITS);
  const prefix = keys.answersTo(question.directive);
  const page = await state.page<AnswerRecord>(prefix, question.pageSize, fabricBookmark(question.bookmark));
  return { items: page.items.map(({ value }) => value), bookmark: opaqueBookmark(page.bookmark) };
}

async function recordsOf(state: LedgerReader, pointers: readonly Pointer[]): Promise<readonly DirectiveRecord[]> {
  await state.readAhead(pointers.map(({ digest }) => keys.directive(digest)));
  return Promise.all(
    pointers.map(async ({ digest }) => {
      const record = await state.read<DirectiveRecord>(keys.directive(digest));
      if (!record) {
        throw new RegistryError('INTERNAL', `directive ${digest} is listed and not there.`);
      }
      return record;
    }),
  );
}
