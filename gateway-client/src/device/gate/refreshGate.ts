import { randomInt } from 'node:crypto';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { atomicWrite, makeFolder } from '../../client/atomicWrite.js';
import { Deadline } from '../../client/deadline.js';
import { TraceCalError } from '../../client/errors.js';
import { exactText } from '../../client/exactText.js';
import { readTrustFile } from '../../client/trust/trustFile.js';
import type { Trust } from '../../client/trust/trust.js';
import { withOnlyFiles } from '../../files/index.js';
import { latestFile } from '../../proof/latestFile.js';
import { logFolder, MOST_LOG_FILE_BYTES } from '../../proof/logFolder.js';
import { readSeen } from '../../proof/seenFile.js';
import { MOST_BUNDLE_BYTES, readBundle } from '../../proof/verify/bundle.js';
import { epochFile, HEAD_FILE } from '../../proof/verify/log/index.js';
import type { HeadSeen, LogFiles } from '../../proof/verify/index.js';
import { gateAsked, memoryOf, sentenceOf } from './checkGate.js';
import type { GateFiles } from './checkGate.js';
import { decide } from './decide.js';
import type { GateDecision } from './decide.js';
import { lackingEpochs } from './lackingEpochs.js';
import { opens } from './outcomes.js';
import type { GateOutcome } from './outcomes.js';
import { devicesOf } from './setFile.js';
import { Site } from './site.js';

const MOST_HEAD_BYTES = 8_388_608;

export interface RefreshOptions {
  /** Addresses of sites: the first that answers with what holds is taken. */
  readonly from: readonly string[];
  /** Fetch no bundles. */
  readonly isLogOnly?: boolean;
  /** The longest wait before the first question. */
  readonly jitterMs?: number;
  /** How long all questions together may take, after the wait. Each site has an equal part of it. */
  readonly timeoutMs?: number;
  /** Gets each sentence of {@link Refreshed.leaks} before a site is asked what it learns from. It is true also if the site fails. */
  readonly onLeak?: (sentence: string) => void;
}

type Leak = (sentence: string) => void;

/** What was fetched, and what it told whom. */
export interface Refreshed {
  readonly from: string;
  /** Files of epochs, and bundles, that are new here. */
  readonly epochs: number;
  readonly bundles: number;
  /** What a gate would decide with them now. */
  readonly outcome: GateOutcome;
  /** What the sites that were asked have learned, in sentences. */
  readonly leaks: readonly string[];
  /** Why sites before this one were of no use. */
  readonly failed: readonly string[];
}

/** Files that are here, and files that were fetched. */
interface Fetched {
  readonly head: string;
  readonly epochs: ReadonlyMap<number, string>;
  readonly bundles: ReadonlyMap<string, string>;
}

interface Local {
  readonly files: GateFiles;
  readonly folder: string;
  readonly log: LogFiles;
  readonly trust: Trust;
  readonly seen: HeadSeen | null;
  /** With the text of the bundle, which is undefined before the first one has come. */
  readonly devices: readonly { readonly device: string; readonly path: string; readonly text: string | undefined }[];
}

export const USUAL_JITTER_MS = 30_000;
export const USUAL_TIMEOUT_MS = 60_000;

/**
 * Fetches the change log, and bundles, by outgoing connections only. Everything is fetched and checked before the first file is replaced,
 * and only epochs are kept that lead to what trusted institutes have signed; the old files stay if anything fails. It remembers nothing: only a gate does.
 *
 * @throws TraceCalError `UNAVAILABLE`, `TIMED_OUT`, `ANSWER_INVALID` or `INPUT_INVALID`, with the failure of the last site
 */
export function refreshGate(files: GateFiles, options: RefreshOptions): Promise<Refreshed> {
  return withOnlyFiles(() => refreshed(files, options));
}

async function refreshed(files: GateFiles, options: RefreshOptions): Promise<Refreshed> {
  const { from, isLogOnly = false, jitterMs = USUAL_JITTER_MS, timeoutMs = USUAL_TIMEOUT_MS, onLeak } = options;
  const local = await localOf(files);
  if (from.length === 0) {
    throw new TraceCalError('INPUT_INVALID', 'Nobody is named who could be asked: give the address of a site.');
  }
  await pause(jitterMs > 0 ? randomInt(jitterMs) : 0);
  const sites = sitesOf(from, timeoutMs);
  const leaks: string[] = [];
  const leak: Leak = (sentence) => {
    leaks.push(sentence);
    onLeak?.(sentence);
  };
  const failed = new Set<string>();
  let failure: unknown;
  for (const [place, site] of sites.entries()) {
    try {
      const fetched = await fetchedFrom([site, ...sites.slice(place + 1)], local, { isLogOnly, leak, failed });
      return { from: site().address.href, ...(await taken(local, fetched)), leaks, failed: [...failed] };
    } catch (error) {
      failure = error;
      failed.add(sentenceOf(error));
    }
  }
  throw failure;
}

/** Sites that are made when they are first asked. Each has an equal part of the time that is left then: a slow one does not take that of the others. */
function sitesOf(from: readonly string[], timeoutMs: number): readonly SiteMaker[] {
  const deadline = new Deadline(timeoutMs);
  const made = new Map<number, Site>();
  return from.map((address, place) => () => {
    const site = made.get(place) ?? new Site(address, deadline.leftMs / (from.length - made.size));
    made.set(place, site);
    return site;
  });
}

/** No site has a bundle of a device: the log alone can be fetched all the same. */
export class BundleMissing extends TraceCalError {}

async function localOf(files: GateFiles): Promise<Local> {
  const { log: folder } = files;
  const memory = memoryOf(files);
  if (folder === undefined || memory === undefined) {
    throw new TraceCalError('INPUT_INVALID', 'The folder of the change log is not named.');
  }
  const named = await devicesOf(files);
  return {
    files,
    folder,
    log: logFolder(folder),
    trust: await readTrustFile(files.trust),
    seen: await readSeen(memory),
    devices: await Promise.all(
      named.map(async ({ device, bundle: path }) => ({
        device,
        path,
        text: await exactText(path, MOST_BUNDLE_BYTES).catch(() => undefined),
      })),
    ),
  };
}

interface Fetching {
  readonly isLogOnly: boolean;
  readonly leak: Leak;
  readonly failed: Set<string>;
}

type SiteMaker = () => Site;

/** The log of the first site, and the bundles that it has; those that it lacks from the next ones. */
async function fetchedFrom(
  [first, ...others]: readonly [SiteMaker, ...SiteMaker[]],
  local: Local,
  fetching: Fetching,
): Promise<Fetched> {
  const { isLogOnly, leak } = fetching;
  const site = first();
  const { origin } = site.address;
  leak(`${origin} learns the address of this machine, and when it asks.`);
  const head = await required(site, `log/${HEAD_FILE}`, MOST_HEAD_BYTES);
  const bundles = isLogOnly ? new Map<string, string>() : await bundlesFrom(site, others, local, fetching);
  const needed = [...bundles.values(), ...local.devices.flatMap(({ text }) => text ?? [])].flatMap(epochsOf);
  let isTold = false;
  const get = (epoch: number): Promise<string> => {
    if (!isTold) {
      leak(`${origin} learns that the log here lacked epoch ${epoch}, and which earlier ones.`);
      isTold = true;
    }
    return required(site, `log/${epochFile(epoch)}`, MOST_LOG_FILE_BYTES);
  };
  const from = needed.length === 0 ? undefined : Math.min(...needed);
  const offered = { head, here: local.log, get, from, name: origin };
  const epochs = await lackingEpochs(offered, gateAsked(local.files, local), local.trust.heartbeats.k);
  return { head, epochs, bundles };
}

/** @throws TraceCalError `ANSWER_INVALID` where no site has one of them: half of a set is no set */
async function bundlesFrom(
  site: Site,
  others: readonly SiteMaker[],
  { devices }: Local,
  { leak, failed }: Fetching,
): Promise<ReadonlyMap<string, string>> {
  const bundles = new Map<string, string>();
  const lacking = () => devices.filter(({ device }) => !bundles.has(device));
  const ask = async (asked: Site): Promise<void> => {
    leak(`${asked.address.origin} learns which devices are here: it is asked for the bundles of ${lacking().length}.`);
    for (const { device } of lacking()) {
      const text = await asked.file(latestFile(device), MOST_BUNDLE_BYTES);
      if (text !== undefined) {
        bundles.set(device, text);
      }
    }
  };
  await ask(site);
  for (const other of others) {
    if (lacking().length > 0) {
      try {
        await ask(other());
      } catch (error) {
        failed.add(sentenceOf(error));
      }
    }
  }
  const [none, ...more] = lacking();
  if (none) {
    throw new BundleMissing(
      'ANSWER_INVALID',
      `${site.address.origin} has no bundle of ${none.device}${more.length > 0 ? `, nor of ${more.length} more` : ''}${others.length > 0 ? ', and no site after it has one' : ''}: publish it there, or fetch the log alone.`,
    );
  }
  return bundles;
}

async function required(site: Site, path: string, mostBytes: number): Promise<string> {
  const text = await site.file(path, mostBytes);
  if (text === undefined) {
    throw new TraceCalError('ANSWER_INVALID', `${new URL(path, site.address).href} is not there.`);
  }
  return text;
}

/** A bundle that cannot be read is judged later, with the others. */
function epochsOf(bundle: string): readonly number[] {
  try {
    return [readBundle(bundle).epoch.number];
  } catch {
    return [];
  }
}

/** Checks what was fetched beside what is here, then writes it: the log first, its head after its epochs, then the bundles. */
async function taken(local: Local, fetched: Fetched): Promise<Pick<Refreshed, 'epochs' | 'bundles' | 'outcome'>> {
  const log: LogFiles = {
    head: () => Promise.resolve(fetched.head),
    epoch: async (number) => fetched.epochs.get(number) ?? (await local.log.epoch(number)),
  };
  const chosen: Chosen[] = [];
  for (const each of local.devices) {
    chosen.push(await better(local, log, each, fetched.bundles.get(each.device)));
  }
  const whole = await decide(chosen, gateAsked(local.files, { ...local, log }));
  requireUsable(whole);
  for (const folder of [join(local.folder, 'epochs'), ...chosen.map(({ path }) => dirname(path))]) {
    await makeFolder(folder);
  }
  for (const [epoch, text] of fetched.epochs) {
    await atomicWrite(join(local.folder, epochFile(epoch)), text);
  }
  await atomicWrite(join(local.folder, HEAD_FILE), fetched.head);
  const added = chosen.filter(({ isNew }) => isNew);
  for (const { path, bundle } of added) {
    await atomicWrite(path, bundle);
  }
  return { epochs: fetched.epochs.size, bundles: added.length, outcome: whole.outcome };
}

interface Chosen {
  readonly device: string;
  readonly path: string;
  readonly bundle: string;
  readonly isNew: boolean;
}

/** A site may offer an older bundle: what is here stays where it is the better one. */
async function better(
  local: Local,
  log: LogFiles,
  { device, path, text }: Local['devices'][number],
  offered: string | undefined,
): Promise<Chosen> {
  const own = text === undefined ? undefined : await decided(local, log, device, text);
  const other = offered === undefined || offered === text ? undefined : await decided(local, log, device, offered);
  const isNew = other !== undefined && !(own && opens(own.outcome) && !opens(other.outcome));
  const [bundle, decision] = isNew ? [offered, other] : [text, own];
  if (bundle === undefined || decision === undefined) {
    throw new TraceCalError('ANSWER_INVALID', `There is no bundle of ${device} yet, and the site has none.`);
  }
  requireUsable(decision);
  return { device, path, bundle, isNew };
}

function decided(local: Local, log: LogFiles, device: string, bundle: string): Promise<GateDecision> {
  return decide([{ device, bundle }], gateAsked(local.files, { ...local, log }));
}

/** Bad news is taken, too: a log that shows a revocation must not be kept away. What cannot be read, or is older, is not. */
function requireUsable({ outcome, devices, seen }: GateDecision): void {
  if (outcome === 'broken' || outcome === 'rolled-back') {
    throw new TraceCalError(
      'ANSWER_INVALID',
      devices.find((each) => each.outcome === outcome)?.why ?? 'Nothing was fetched.',
    );
  }
  if (seen === null) {
    throw new TraceCalError('ANSWER_INVALID', 'Nobody who is trusted has signed the log of the site.');
  }
}
