/** Reads of one identity on one channel on one day, by the log of a peer. */
export interface ReadCount {
  /** Subject of the certificate that asked, as the peer writes it. */
  readonly identity: string;
  readonly channel: string;
  /** UTC: `2026-03-01`. */
  readonly day: string;
  readonly count: number;
}

/** What a line of the log says about one call. */
interface Call {
  readonly identity: string;
  readonly channel: string;
  readonly day: string;
}

const UNKNOWN = 'unknown';
/** A call that a peer has served as endorser or as gateway; both write it at the level info. */
const CALL = 'unary call completed';
const READS = /^(Evaluate|ProcessProposal)$/;

/**
 * Counts reads in lines of a peer's log, in its JSON format or its console format. The peer has to log `comm.grpc.server` at the level info.
 * Where a line does not name a channel, it is `unknown`. Lines that are about something else, or that cannot be read, do not count.
 */
export function readsIn(lines: Iterable<string>): readonly ReadCount[] {
  const counts = new Map<string, ReadCount>();
  for (const line of lines) {
    const call = callOf(line);
    if (!call) continue;
    const key = JSON.stringify(call);
    counts.set(key, { ...call, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  return [...counts.values()];
}

function callOf(line: string): Call | undefined {
  const entry = line.trimStart().startsWith('{') ? jsonEntry(line) : consoleEntry(line);
  if (!entry || !READS.test(entry.fields['grpc.method'] ?? '')) return undefined;
  const { fields, time } = entry;
  const day = typeof time === 'string' && /^\d{4}-\d{2}-\d{2}/.test(time) ? time.slice(0, 10) : undefined;
  if (day === undefined) return undefined;
  return { identity: fields['grpc.peer_subject'] ?? UNKNOWN, channel: fields['channel'] ?? UNKNOWN, day };
}

interface Entry {
  readonly time: string | undefined;
  readonly fields: Readonly<Record<string, string | undefined>>;
}

/** Colours of a terminal. */
// eslint-disable-next-line no-control-regex -- escapes are what it looks for
const COLOUR = /\u001b\[[0-9;]*m/g;
const FIELD = /([\w.]+)=(?:"((?:[^"\\]|\\.)*)"|(\S+))/g;

/** `2026-03-01 10:00:00.000 UTC 0001 INFO [comm.grpc.server] 1 -> unary call completed grpc.service=... grpc.peer_subject="CN=..."` */
function consoleEntry(line: string): Entry | undefined {
  const text = line.replace(COLOUR, '');
  const at = text.indexOf(CALL);
  if (at < 0) return undefined;
  const found = [...text.slice(at + CALL.length).matchAll(FIELD)];
  return {
    time: /\d{4}-\d{2}-\d{2}/.exec(text.slice(0, at))?.[0],
    fields: Object.fromEntries(found.map(([, name = '', quoted, bare]) => [name, quoted ?? bare])),
  };
}

function jsonEntry(line: string): Entry | undefined {
  const parsed = parsedObject(line);
  if (!parsed || !String(parsed['msg']).includes(CALL)) return undefined;
  const fields = Object.fromEntries(
    Object.entries(parsed).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  );
  const { ts } = parsed;
  return { time: typeof ts === 'number' ? dayOf(ts) : fields['ts'], fields };
}

function dayOf(seconds: number): string | undefined {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

function parsedObject(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return Object(JSON.parse(line)) as Readonly<Record<string, unknown>>;
  } catch {
    return undefined;
  }
}
