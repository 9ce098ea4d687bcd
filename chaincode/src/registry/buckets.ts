import { BUCKET_PLACES, MAX_BUCKET_ANSWERS, MAX_DEVICES } from '@tracecal/core/contracts';
import type { BucketAnswer, BucketsAnswer, DevicesPlaced, Page } from '@tracecal/core/contracts';
import { ownValue, parseAs, registrantOf, RegistryError } from '@tracecal/core/model';
import { registryOf } from '@tracecal/core/open';
import { bucketDepth, bucketEntries, digestOfDevice, digestsUnder, keys } from '@tracecal/core/registry';
import type { Context } from 'fabric-contract-api';
import { z } from 'zod';
import { identifier, pageSize, QUESTION_LIMITS } from '../contract/index.js';
import type { Configuration } from './configuration.js';
import { requireNonce } from './evidence.js';
import { founded, requireFounding } from './founding.js';
import { listedIds } from './listed.js';
import { requireCalibrationLevel } from './members.js';
import { required, StateWriter } from './state.js';
import type { StateReader } from './state.js';

/** A device in the order of digests. */
interface Placed {
  readonly device: string;
}

/** Devices with a place, by the organisation that registered them. */
type Counts = Readonly<Record<string, number>>;

const placing = z.strictObject({ devices: z.array(identifier).min(1).max(MAX_DEVICES) });
const PLACING_LIMITS = { maxLength: 131_072, maxDepth: 4 };

const unplaced = z.strictObject({ pageSize, bookmark: z.union([z.literal(''), identifier]).default('') });

/**
 * Gives devices a place in the order of digests, where a bucket finds them without reading all. Registrations do not write it: the same
 * transaction writes the same, whichever version executes it. A device without a place is missing in its bucket, and any member can add it.
 *
 * @throws RegistryError `INPUT_INVALID`, `NOT_FOUND`, `NOT_AUTHORISED`
 */
export async function placeDevices(
  { stub, clientIdentity }: Context,
  configuration: Configuration,
  json: string,
): Promise<DevicesPlaced> {
  const devices = [...new Set(parseAs(placing, 'list of devices', json, PLACING_LIMITS).devices)];
  const mspId = clientIdentity.getMSPID();
  const state = new StateWriter(stub);
  await state.readAhead([
    ...[keys.registry(), keys.msp(mspId), keys.placeCounts()],
    ...devices.flatMap((id) => [keys.device(id), placeOf(id)]),
  ]);
  await requireFounding(state, configuration);
  await founded(state);
  await requireCalibrationLevel(state, mspId, []);
  const counts: Record<string, number> = { ...(await countsIn(state)) };
  let placed = 0;
  for (const id of devices) {
    await required('device', id, state.device(id));
    if ((await state.read<Placed>(placeOf(id))) !== undefined) continue;
    const registrant = registrantOf(id);
    counts[registrant] = (ownValue(counts, registrant) ?? 0) + 1;
    state.write(placeOf(id), { device: id } satisfies Placed);
    placed += 1;
  }
  if (placed > 0) state.write(keys.placeCounts(), counts);
  await state.concludeUnannounced();
  return { placed };
}

/** @param nonce A word of the asker, endorsed with the question. @throws RegistryError `INPUT_INVALID` */
export async function getBuckets(state: StateReader, nonce: string): Promise<BucketsAnswer> {
  requireNonce(nonce);
  const { number, opened } = await state.epoch();
  const registry = await registryOf(state);
  return { type: 'tracecal-buckets/1', registry, epoch: { number, opened }, depth: bucketDepth(await countsIn(state)) };
}

/**
 * The verdicts about all devices of a bucket, as of the transaction's time.
 *
 * @throws RegistryError `INPUT_INVALID`, also for a prefix of another length than all buckets have: who asks for a longer one hides among
 * fewer devices
 */
export async function getBucket(
  state: StateReader,
  { prefix, part, nonce }: { readonly prefix: string; readonly part: string; readonly nonce: string },
): Promise<BucketAnswer> {
  requireNonce(nonce);
  const { registry, epoch, depth } = await getBuckets(state, nonce);
  if (!/^[01]*$/.test(prefix) || prefix.length !== depth) {
    throw new RegistryError(
      'INPUT_INVALID',
      `the prefix of a bucket has ${depth} digits 0 or 1 at present: ask again.`,
    );
  }
  const before = partNumber(part) * BUCKET_PLACES;
  // One more than is shown: then the bucket goes on.
  const found = await state.between<Placed>(keys.places(), ...digestsUnder(prefix), before + BUCKET_PLACES + 1);
  const devices = found.slice(before, before + BUCKET_PLACES).map(({ value }) => value.device);
  await state.prefetch(devices);
  return {
    type: 'tracecal-bucket/1',
    registry,
    epoch,
    asOf: state.now,
    prefix,
    part,
    more: found.length > before + BUCKET_PLACES ? '1' : '0',
    entries: await bucketEntries(state, devices, state.now),
  };
}

/** A page of the ids of devices without a place. */
export async function getUnplaced(state: StateReader, json: string): Promise<Page<string>> {
  const wanted = parseAs(unplaced, 'question', json, QUESTION_LIMITS);
  const { ids, bookmark } = await listedIds(state, { ...wanted, kind: 'device' });
  await state.readAhead(ids.map(placeOf));
  const items: string[] = [];
  for (const id of ids) {
    if ((await state.read<Placed>(placeOf(id))) === undefined) items.push(id);
  }
  return { items, bookmark };
}

function partNumber(part: string): number {
  const number = /^\d\d$/.test(part) ? Number(part) : NaN;
  if (!(number < MAX_BUCKET_ANSWERS)) {
    throw new RegistryError(
      'INPUT_INVALID',
      `a bucket is answered in parts from 00 to ${MAX_BUCKET_ANSWERS - 1}: devices after these have to be asked for in another way.`,
    );
  }
  return number;
}

function placeOf(id: string) {
  return keys.place(digestOfDevice(id));
}

async function countsIn(state: StateReader): Promise<Counts> {
  return (await state.read<Counts>(keys.placeCounts())) ?? {};
}
