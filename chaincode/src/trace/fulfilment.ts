import { instantOf, millisecondsOf } from '../model/index.js';
import type { Requirements } from '../model/index.js';
import type { Outcome } from './judge/outcome.js';
import type { OpenDevice } from './open/opener.js';
import { ownerOn } from './open/ownership.js';
import type { RequirementsSet } from './open/requirements.js';
import type { TraceOptions } from './options.js';
import type { CheckName, Edge, Fulfilment, HeartbeatSeen, ResultVerdict, Unmet } from './verdict.js';

/** What a trace found, as far as requirements are about it. */
export interface Traced {
  readonly options: TraceOptions;
  readonly standing: Outcome;
  readonly results: readonly ResultVerdict[];
  readonly edges: readonly Edge[];
  readonly heartbeats: readonly HeartbeatSeen[];
}

/** Unmet requirements that a verdict has room for. */
const MOST_UNMET = 64;

/** What its owner requires of a device, held against what a trace found. */
export function fulfilmentOf(device: OpenDevice, said: RequirementsSet | undefined, traced: Traced): Fulfilment {
  const unmet = said ? unmetOf(said, traced) : [];
  return {
    owner: ownerOn(device, traced.options.asOf) ?? device.owner,
    number: said?.number ?? null,
    fulfilled: unmet.length === 0 && stands(traced.standing, said?.body),
    unmet: unmet.slice(0, MOST_UNMET),
  };
}

/** The reason of what is attested is an accreditation only where it rests on no other word. */
function stands({ outcome, because }: Outcome, required: Requirements | undefined): boolean {
  return (
    outcome === 'sound' ||
    (outcome === 'attested' && because?.basis === 'accreditation' && required?.accreditation === 'accept')
  );
}

function unmetOf({ owner, body }: RequirementsSet, traced: Traced): readonly Unmet[] {
  return [
    ...accreditation(body, traced),
    ...interval(traced),
    ...traced.results
      .filter(({ counted }) => counted)
      .flatMap((result) => [...conformity(body, owner, result), ...ratio(body, owner, result)]),
    ...strict(body, traced),
    ...freshness(body, owner, traced),
  ];
}

function accreditation({ accreditation: policy }: Requirements, { edges }: Traced): readonly Unmet[] {
  return policy === 'refuse' ? unmetBy('accreditation', edges, ({ basis }) => basis === 'accreditation') : [];
}

/** An interval of whoever asks is none of its owner's. */
function interval({ edges, options }: Traced): readonly Unmet[] {
  const own = options.intervalDays === null ? edges.filter(({ level }) => level === 1) : [];
  return unmetBy('interval', own, ({ check, outcome }) => check === 'interval' && outcome === 'failed');
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
  const says = found === null ? 'says nothing about conformity' : `is ${FOUND[found]}`;
  const reason = `Result ${name} of report ${report} ${says}: ${owner} requires ${WANTED[wanted]}.`;
  return [{ requirement: 'conformity', reason }];
}

const WANTED = { stated: 'a statement of conformity', conforms: 'that it conforms' } as const;
const FOUND = {
  conforms: 'in conformity',
  conditional: 'in conformity under a condition',
  'does-not': 'not in conformity',
  undecidable: 'not decidable by its numbers',
  contradicted: 'contradicted by its numbers',
  'stated-pass': 'stated as a pass without limits, so that it cannot be recomputed',
} as const;

function ratio({ minimumTur }: Requirements, owner: string, result: ResultVerdict): readonly Unmet[] {
  const { name, report, tur } = result;
  if (minimumTur === undefined || (tur !== null && tur >= minimumTur)) {
    return [];
  }
  const has = tur === null ? 'gives no test uncertainty ratio' : `has a test uncertainty ratio of ${rounded(tur)}`;
  return [
    {
      requirement: 'tur',
      reason: `Result ${name} of report ${report} ${has}: ${owner} requires at least ${minimumTur}.`,
    },
  ];
}

/** Never up to what is required. */
function rounded(value: number): number {
  return Math.floor(value * 100) / 100;
}

function strict({ strict: checks = [] }: Requirements, { edges }: Traced): readonly Unmet[] {
  const asked: readonly CheckName[] = checks;
  return unmetBy('strict', edges, ({ check }) => asked.includes(check));
}

/** The records have to be known up to so long before the moment asked about, or before the asker's own. */
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
  return newest >= oldest
    ? []
    : [{ requirement: 'freshness', reason: `${owner} requires a heartbeat from ${oldest} or later: ${seen}.` }];
}

function unmetBy(
  requirement: Unmet['requirement'],
  edges: readonly Edge[],
  isUnmet: (finding: Edge['findings'][number]) => boolean,
): readonly Unmet[] {
  const reasons = edges.flatMap(({ findings }) => findings.filter(isUnmet).map(({ reason }) => reason));
  return [...new Set(reasons)].map((reason) => ({ requirement, reason }));
}
