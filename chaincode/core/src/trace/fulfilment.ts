import { instantOf, millisecondsOf } from '../model/index.js';
import type { Requirements } from '../model/index.js';
import { statusOf } from './conclude.js';
import { CONFORMITY_WORDS } from './conformity.js';
import { contradictions } from './freshness.js';
import type { Outcome } from './judge/outcome.js';
import type { OpenDevice } from './open/opened.js';
import { ownerOn } from './open/ownership.js';
import type { RequirementsSet } from './open/requirements.js';
import type { TraceOptions } from './options.js';
import type { CheckName, Edge, Fulfilment, HeartbeatSeen, ResultVerdict, Unmet } from './verdict.js';

/** The findings of a trace that requirements refer to. */
export interface Traced {
  readonly options: TraceOptions;
  readonly standing: Outcome;
  readonly results: readonly ResultVerdict[];
  readonly edges: readonly Edge[];
  readonly heartbeats: readonly HeartbeatSeen[];
  /** Sentences about what is overdue by the owner's own interval, whatever interval the question sets. */
  readonly overdue: readonly string[];
  /** Results of current reports of which the asker sees nothing, or not all. */
  readonly closed: readonly ClosedResults[];
}

export interface ClosedResults {
  readonly report: string;
  readonly quantity: string;
  readonly issuer: string;
  /** Whether some of them were disclosed: others may be chosen because they are better. */
  readonly isPartShown: boolean;
}

/** Limit of unmet requirements in a verdict. */
const MOST_UNMET = 64;

/** Compares an owner's requirements for a device with the findings of a trace. */
export function fulfilmentOf(device: OpenDevice, said: RequirementsSet | undefined, traced: Traced): Fulfilment {
  const required = [...interval(traced), ...(said ? unmetOf(said, traced) : [])];
  const unmet = [...required, ...(stands(traced.standing, said?.body) ? [] : status(traced.standing, required))];
  return {
    owner: ownerOn(device, traced.options.asOf) ?? device.owner,
    number: said?.number ?? null,
    fulfilled: unmet.length === 0,
    unmet: unmet.slice(0, MOST_UNMET),
  };
}

/** An ATTESTED verdict has an accreditation as its reason only if it rests on no other word. */
function stands({ outcome, because }: Outcome, required: Requirements | undefined): boolean {
  return (
    outcome === 'sound' ||
    (outcome === 'attested' && because?.basis === 'accreditation' && required?.accreditation === 'accept')
  );
}

/** The status alone may be unmet: it is named too, unless another requirement named it. */
function status(standing: Outcome, told: readonly Unmet[]): readonly Unmet[] {
  const because = standing.because?.reason ?? '';
  return told.some(({ reason }) => reason === because)
    ? []
    : [{ requirement: 'status', reason: `It is ${statusOf(standing)}: ${because}` }];
}

function unmetOf({ owner, body }: RequirementsSet, traced: Traced): readonly Unmet[] {
  return [
    ...accreditation(body, traced),
    ...traced.results
      .filter(({ counted }) => counted)
      .flatMap((result) => [...conformity(body, owner, result), ...ratio(body, owner, result)]),
    ...traced.closed.flatMap((each) => untold(body, owner, each)),
    ...strict(body, traced),
    ...freshness(body, owner, traced),
  ];
}

function accreditation({ accreditation: policy }: Requirements, { edges }: Traced): readonly Unmet[] {
  return policy === 'refuse' ? unmetBy('accreditation', edges, ({ basis }) => basis === 'accreditation') : [];
}

/** By the owner's interval: the asker's interval neither replaces it nor adds to it. */
function interval({ overdue }: Traced): readonly Unmet[] {
  return [...new Set(overdue)].map((reason) => ({ requirement: 'interval', reason }));
}

function conformity({ conformity: wanted }: Requirements, owner: string, result: ResultVerdict): readonly Unmet[] {
  const { name, report, conformity: found } = result;
  if (
    wanted === undefined ||
    found === 'conforms' ||
    (wanted === 'stated' && found !== null && found !== 'contradicted')
  ) {
    return [];
  }
  const says = found === null ? 'says nothing about conformity' : CONFORMITY_WORDS[found];
  const reason = `Result ${name} of report ${report} ${says}, and ${owner} requires ${WANTED[wanted]}.`;
  return [{ requirement: 'conformity', reason }];
}

/** Nobody vouches for what the owner requires of the numbers, and a part that somebody chose does not show it. */
function untold(
  { conformity: wanted, minimumTur }: Requirements,
  owner: string,
  { report, quantity, issuer, isPartShown }: ClosedResults,
): readonly Unmet[] {
  const what = isPartShown ? 'a whole disclosure' : 'a disclosure';
  const where = isPartShown ? ', and only a part of it was disclosed' : '';
  const reasonFor = (required: string) =>
    `Report ${report} gives ${quantity} in confidence${where}, and ${owner} requires ${required}: ask ${issuer} for ${what}.`;
  return [
    ...(wanted === undefined ? [] : [{ requirement: 'conformity', reason: reasonFor(WANTED[wanted]) } as const]),
    ...(minimumTur === undefined
      ? []
      : [{ requirement: 'tur', reason: reasonFor(`a test uncertainty ratio of at least ${minimumTur}`) } as const]),
  ];
}

const WANTED = { stated: 'a statement of conformity', conforms: 'that it conforms' } as const;

function ratio({ minimumTur }: Requirements, owner: string, result: ResultVerdict): readonly Unmet[] {
  const { name, report, tur } = result;
  if (minimumTur === undefined || (tur !== null && tur >= minimumTur)) {
    return [];
  }
  const has = tur === null ? 'gives no test uncertainty ratio' : `has a test uncertainty ratio of ${rounded(tur)}`;
  return [
    {
      requirement: 'tur',
      reason: `Result ${name} of report ${report} ${has}, and ${owner} requires at least ${minimumTur}.`,
    },
  ];
}

/** Rounds down, so that a ratio below the requirement is never shown as equal to it. */
function rounded(value: number): number {
  return Math.floor(value * 100) / 100;
}

function strict({ strict: checks = [] }: Requirements, { edges }: Traced): readonly Unmet[] {
  const asked: readonly CheckName[] = checks;
  return unmetBy('strict', edges, ({ check }) => asked.includes(check));
}

/** The heartbeats must not be older than this at the moment asked about (or at the asker's own time), and must all sign the same digest. */
function freshness(
  { maxAgeSeconds }: Requirements,
  owner: string,
  { heartbeats, options: { asOf, freshness: asked } }: Traced,
): readonly Unmet[] {
  if (maxAgeSeconds === undefined) {
    return [];
  }
  const oldest = instantOf(millisecondsOf(asked?.now ?? asOf) - maxAgeSeconds * 1000);
  const newest = heartbeats.reduce((last, { time }) => (time > last ? time : last), '');
  const seen = newest === '' ? 'no heartbeat was seen' : `the newest heartbeat is from ${newest}`;
  const reasons = [
    ...contradictions(heartbeats).map(({ reason }) => reason),
    ...(newest >= oldest ? [] : [`${owner} requires a heartbeat from ${oldest} or later: ${seen}.`]),
  ];
  return reasons.map((reason) => ({ requirement: 'freshness', reason }));
}

function unmetBy(
  requirement: Unmet['requirement'],
  edges: readonly Edge[],
  isUnmet: (finding: Edge['findings'][number]) => boolean,
): readonly Unmet[] {
  const reasons = edges.flatMap(({ findings }) => findings.filter(isUnmet).map(({ reason }) => reason));
  return [...new Set(reasons)].map((reason) => ({ requirement, reason }));
}
