import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dateOf, instantOf } from '@tracecal/core/model';
import type { Jws } from '@tracecal/core/model';
import { readTrustFile, trustedRoots } from '@tracecal/gateway-client';
import type { Measurement } from '@tracecal/gateway-client';
import { anchorLog, heartbeat, proveMeasurement, writeNewFile } from '@tracecal/gateway-client/application';
import type { Session } from '@tracecal/gateway-client/application';
import { affectedValues, measurementsIn, requireIncluded, verifyMeasurement } from '@tracecal/gateway-client/device';
import type { Affected } from '@tracecal/gateway-client/device';
import { readBundle } from '@tracecal/gateway-client/proof/verify';
import { writeExamples } from '../../examples/write.js';
import { castOn } from '../cast.js';
import { importExamples } from '../examples.js';
import { registerCast } from '../hierarchy.js';
import { revokeStandard } from '../play.js';
import type { Scene } from '../play.js';
import type { Anchored, Boot, FieldStory, Passage, Proved, Shown } from './fieldStory.js';
import { FieldGate } from './fieldGate.js';
import { Instrument } from './instrument.js';
import type { Taken } from './instrument.js';
import { forged, receive } from './plant.js';

/** The viewer: every chapter is told as soon as it has happened. */
export interface FieldAudience {
  step(what: string): void;
  boots(boots: readonly Boot[]): void;
  shown(shown: readonly Shown[]): void;
  passage(passage: Passage): void;
  anchored(anchored: readonly Anchored[]): void;
  proved(proved: Proved): void;
  revoked(revoked: FieldStory['revoked']): void;
  bootsAfter(boots: readonly Boot[]): void;
  passageAfter(passage: Passage): void;
  affected(affected: FieldStory['affected']): void;
  provedAfter(proved: Proved): void;
}

/** Readings of an instrument, before and after the standard is revoked. */
const [READINGS, LATER_READINGS] = [20, 5];
/** The number of the value that is shown to an outsider. */
const SHOWN = 3;

/** Plays a day in the field on a running network: instruments boot, measure and are checked; then a standard falls. */
export async function playField(
  { session, data }: Pick<Scene, 'session' | 'data'>,
  audience: FieldAudience,
): Promise<Omit<FieldStory, 'network'>> {
  const step = (what: string): void => {
    audience.step(what);
  };
  const today = dateOf(instantOf(Date.now()));
  await registerCast(session, castOn(today), step);
  await writeExamples(data.examples, today);
  const examples = await importExamples(session, data.examples, step);
  step('Sealing the epoch');
  await heartbeat(session);

  const folder = join(data.root, 'field');
  await mkdir(folder, { mode: 0o700 });
  const instruments = examples
    .filter(({ kind }) => kind === 'field')
    .map(({ imported }) => new Instrument(imported, folder));
  const [first] = instruments;
  if (!first) {
    throw new Error('No example is a field device.');
  }
  const gate = new FieldGate(session, await readTrustFile(data.trustFile), join(folder, 'log'));

  await gate.refresh(instruments);
  const boots = await gate.open(instruments);
  audience.boots(boots);

  for (const instrument of instruments) {
    await instrument.calibrate(await gate.proven(instrument));
  }
  const taken = await measured(session, instruments, READINGS);
  const shown = [...taken].flatMap(([device, each]) => shownBy(device, each));
  audience.shown(shown);

  step('Filtering');
  const honest = [...taken.values()].flatMap((each) => each.map(({ signed }) => signed.jws));
  const passage = await receive(instruments, gate.trust, withFaults(honest));
  audience.passage(passage);

  step('Anchoring');
  const anchored = await anchorAll(session, instruments);
  audience.anchored(anchored);
  const proved = await prove(session, gate, first, join(folder, 'value-before.json'));
  audience.proved(proved);

  const revoked = await revokeStandard(session, examples);
  audience.revoked(revoked);

  await gate.refresh(instruments);
  const bootsAfter = await gate.open(instruments);
  audience.bootsAfter(bootsAfter);

  step('Filtering again');
  // A gate would have stopped it. What becomes of its values if somebody goes on all the same?
  const later = await measured(session, instruments, LATER_READINGS);
  const sent = [...later.values()].flatMap((each) => each.map(({ signed }) => signed.jws));
  const passageAfter = await receive(instruments, gate.trust, sent, honest);
  audience.passageAfter(passageAfter);

  const affected = await Promise.all(instruments.map((instrument) => affectedOf(gate, instrument)));
  audience.affected(affected);
  const provedAfter = await prove(session, gate, first, join(folder, 'value-after.json'));
  audience.provedAfter(provedAfter);

  return {
    ...{ boots, shown, passage, anchored, proved },
    ...{ revoked, bootsAfter, passageAfter, affected, provedAfter },
  };
}

/** Readings of all instruments, by device. */
async function measured(
  session: Session,
  instruments: readonly Instrument[],
  count: number,
): Promise<ReadonlyMap<string, readonly Taken[]>> {
  const taken = new Map<string, readonly Taken[]>();
  for (const instrument of instruments) {
    taken.set(instrument.device, await instrument.measure(count, session));
  }
  return taken;
}

function shownBy(device: string, [first, ...others]: readonly Taken[]): readonly Shown[] {
  return first ? [{ device, measurements: 1 + others.length, shown: first.shown, first: first.signed.content }] : [];
}

/** What a plant's network brings beside what was sent: the first value once more, and the last one changed. */
function withFaults(honest: readonly Jws[]): readonly Jws[] {
  const [first, last] = [honest[0], honest.at(-1)];
  return [...honest, ...(first ? [first] : []), ...(last ? [forged(last)] : [])];
}

async function anchorAll(session: Session, instruments: readonly Instrument[]): Promise<readonly Anchored[]> {
  const anchored: Anchored[] = [];
  for (const { owner, log } of instruments) {
    const site = await session.measurement(session.siteChannel('measurement', undefined, owner));
    const batches = await anchorLog(site, log);
    anchored.push(...batches.map((batch) => ({ owner, batch })));
  }
  return anchored;
}

/** Makes a file about one value, and checks it as somebody would who has the file and the roots. */
async function prove(
  session: Session,
  gate: FieldGate,
  { log, bundle, owner }: Instrument,
  file: string,
): Promise<Proved> {
  const { text } = await proveMeasurement(log, SHOWN, readBundle(await readFile(bundle, 'utf8')));
  await writeNewFile(file, text);
  const { trust } = gate;
  const report = await verifyMeasurement(text, { roots: trustedRoots(trust), registry: trust.registry });
  const site = await session.measurement(session.siteChannel('measurement', undefined, owner));
  return {
    file,
    bytes: Buffer.byteLength(text),
    report,
    anchored: report.root !== null && (await isAnchored(text, site)),
  };
}

async function isAnchored(proof: string, site: Measurement): Promise<boolean> {
  const { root, size } = requireIncluded(proof).inclusion;
  const { done } = await site.getMeasurementsAnchors(root, size).next();
  return done !== true;
}

/** What its calibration supports of all that an instrument has measured, as the records stand now. */
async function affectedOf(gate: FieldGate, instrument: Instrument): Promise<Affected> {
  const { calibration } = await gate.proven(instrument);
  return affectedValues(measurementsIn(instrument.log, null), calibration);
}
