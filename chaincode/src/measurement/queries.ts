import { MAX_BATCHES, MAX_MEASUREMENTS } from '@tracecal/core/contracts';
import type { MeasurementsAnchor, Page, RecordedTrace, TraceBatch, TraceEntry } from '@tracecal/core/contracts';
import { parseAs, RegistryError, shapes } from '@tracecal/core/model';
import { z } from 'zod';
import { identifier, QUESTION_LIMITS, timelineFields, timelinePage, timelineQuestion } from '../contract/index.js';
import type { LedgerReader } from '../contract/index.js';
import { keys } from './keys.js';

export const batchId = z.string().regex(/^\S{20}\/[0-9a-zA-Z-]{1,128}$/, 'must be the id of a batch');

const tracesSchema = z.strictObject({ device: identifier, ...timelineFields });
const anchorsSchema = z.strictObject({
  root: shapes.sha256,
  size: z.int().min(1).max(MAX_MEASUREMENTS),
  ...timelineFields,
});
const batchesSchema = z.strictObject({ ids: z.array(batchId).min(1).max(MAX_BATCHES) });
const BATCHES_LIMITS = { maxLength: 65_536, maxDepth: 4 };

/** A device's recorded verdicts, oldest first. */
export async function getTraces(state: LedgerReader, json: string): Promise<Page<TraceEntry>> {
  const { device, ...question } = parseAs(tracesSchema, 'question', json, QUESTION_LIMITS);
  const timeline = { all: keys.traces(device), from: (asOf: string) => keys.traceFrom(device, asOf) };
  const page = await timelinePage<RecordedTrace>(state, timeline, question);
  return {
    ...page,
    items: page.items.map(({ time, txId, value }) => ({ ...value, asOf: time, batch: `${time}/${txId}` })),
  };
}

/**
 * A page of the times that a root was written for so many measurements, oldest first: however often somebody writes it again, the first
 * time stays on the first page.
 *
 * @throws RegistryError `INPUT_INVALID`; `NOT_FOUND` if it was never written, where no period is asked about
 */
export async function getMeasurementsAnchors(state: LedgerReader, json: string): Promise<Page<MeasurementsAnchor>> {
  const { root, size, ...question } = parseAs(anchorsSchema, 'question', json, QUESTION_LIMITS);
  const timeline = {
    all: keys.measurementsOf(root, size),
    from: (time: string) => keys.measurementsFrom(root, size, time),
  };
  const page = await timelinePage<MeasurementsAnchor>(state, timeline, question);
  const isOfPeriod = question.from !== undefined || question.to !== undefined;
  // In another period it may be there: as other lists do, a period without any gives an empty page.
  if (!isOfPeriod && page.items.length === 0 && page.bookmark === '' && question.bookmark === '') {
    throw new RegistryError('NOT_FOUND', `no ${size} measurements with the root ${root} are anchored here.`);
  }
  return { ...page, items: page.items.map(({ value }) => value) };
}

/** The batches of a period, oldest first. */
export async function listBatches(state: LedgerReader, json: string): Promise<Page<TraceBatch>> {
  const timeline = { all: keys.batches(), from: keys.batchFrom };
  const page = await timelinePage<TraceBatch>(state, timeline, timelineQuestion(json));
  return { ...page, items: page.items.map(({ value }) => value) };
}

/** Batches by their ids, in the requested order. @throws RegistryError `NOT_FOUND` */
export async function getBatches(state: LedgerReader, json: string): Promise<readonly TraceBatch[]> {
  const { ids } = parseAs(batchesSchema, 'question', json, BATCHES_LIMITS);
  const batches: TraceBatch[] = [];
  for (const id of ids) {
    const [asOf = '', txId = ''] = id.split('/');
    const batch = await state.read<TraceBatch>(keys.batch(asOf, txId));
    if (!batch) {
      throw new RegistryError('NOT_FOUND', `no batch ${id} is recorded here.`);
    }
    batches.push(batch);
  }
  return batches;
}
