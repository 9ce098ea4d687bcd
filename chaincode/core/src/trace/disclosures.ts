import { frozen, RegistryError } from '../model/index.js';
import type { DisclosedLeaf, Disclosure, StatementOf } from '../model/index.js';
import { openDisclosure } from '../signing/index.js';
import type { Shown } from '../signing/index.js';
import type { RecordSource } from './source.js';

/** The records of a source, and what somebody may know beside them. Several disclosures of the same results show all that each shows. */
export function withDisclosures(source: RecordSource, disclosures: readonly Disclosure[]): RecordSource {
  if (disclosures.length === 0) {
    return source;
  }
  const known = new Map(joinedDisclosures(disclosures).map((each) => [resultsName(each.report, each.quantity), each]));
  known.forEach(frozen);
  return {
    ...withoutDisclosures(source),
    disclosed: (report, quantity) => Promise.resolve(known.get(resultsName(report, quantity))),
  };
}

/**
 * One disclosure for each kind of quantity of each report, which shows all that these show.
 *
 * @throws RegistryError `INPUT_INVALID` if two contradict each other
 */
export function joinedDisclosures(disclosures: readonly Disclosure[]): readonly Disclosure[] {
  const all = new Map<string, Disclosure>();
  for (const each of disclosures) {
    const name = resultsName(each.report, each.quantity);
    const before = all.get(name);
    all.set(name, before ? joined(before, each) : each);
  }
  return [...all.values()];
}

/** The records of a source, and nothing that somebody may know beside them. */
export function withoutDisclosures(source: RecordSource): RecordSource {
  return {
    channel: source.channel,
    founding: () => source.founding(),
    organisation: (id) => source.organisation(id),
    person: (id) => source.person(id),
    device: (id) => source.device(id),
    report: (id) => source.report(id),
    results: (report, quantity) => source.results(report, quantity),
    settled: (device, report) => source.settled(device, report),
    consents: (owner, laboratory) => source.consents(owner, laboratory),
    reviews: (amendment, laboratory) => source.reviews(amendment, laboratory),
    confirmations: (report) => source.confirmations(report),
    vouchings: (report) => source.vouchings(report),
    heartbeat: (institute) => source.heartbeat(institute),
    drawn: source.drawn,
  };
}

export function disclosedIn(source: RecordSource, report: string, quantity: string): Promise<Disclosure | undefined> {
  return source.disclosed?.(report, quantity) ?? Promise.resolve(undefined);
}

const opened = new WeakMap<Disclosure, { readonly digest: string; readonly shown: Shown | undefined }>();

/** What a report signs, and its digest. */
interface SignedReport {
  readonly digest: string;
  readonly statement: Pick<StatementOf<'report'>, 'registry' | 'subject' | 'body'>;
}

/**
 * What a disclosure shows of a report's sealed results. Nobody signs a disclosure: it counts as far as it leads to the root that the report
 * signs, and undefined means that it does not.
 */
export function shownBy(disclosure: Disclosure, report: SignedReport): Shown | undefined {
  const known = opened.get(disclosure);
  if (known?.digest === report.digest) {
    return known.shown;
  }
  const shown = opens(disclosure, report);
  opened.set(disclosure, { digest: report.digest, shown });
  return shown;
}

function opens(
  disclosure: Disclosure,
  { statement: { registry, subject, body }, digest }: SignedReport,
): Shown | undefined {
  const signed = body.results.find(({ quantity }) => quantity === disclosure.quantity);
  const isMeant = disclosure.registry === registry && disclosure.report === subject.id && disclosure.digest === digest;
  const shown = signed && isMeant ? openDisclosure(disclosure, signed) : undefined;
  // The registry compares this where it sees the results.
  const areNamed = shown?.results.every(
    ({ support }) => support?.uses.every(({ source }) => source < body.parents.length) ?? true,
  );
  return shown && areNamed === true ? frozen(shown) : undefined;
}

/** @throws RegistryError `INPUT_INVALID` for disclosures of different trees */
function joined(one: Disclosure, other: Disclosure): Disclosure {
  const isSame =
    one.registry === other.registry &&
    one.digest === other.digest &&
    one.root === other.root &&
    one.size === other.size;
  if (!isSame) {
    throw new RegistryError(
      'INPUT_INVALID',
      `two disclosures about ${one.quantity} of report ${one.report} contradict each other: give the one that its issuer made.`,
    );
  }
  const leaves = new Map<number, DisclosedLeaf>([...one.leaves, ...other.leaves].map((leaf) => [leaf.index, leaf]));
  return { ...one, leaves: [...leaves.values()].sort((a, b) => a.index - b.index) };
}

/** One name for the results of one kind of a report. */
export function resultsName(report: string, quantity: string): string {
  return JSON.stringify([report, quantity]);
}
