import { IDENTIFIER, isInstant, ORGANISATION_ID, OWNED_ID } from '@tracecal/core/model';
import type { Instant } from '@tracecal/core/model';
import { ApplicationError } from '@tracecal/gateway-client/application';
import { z } from 'zod';
import { sliceSchema, userKeySchema } from '../slices/index.js';

const positive = z.number().positive();
const word = z.string().regex(IDENTIFIER);
const organisation = z.string().regex(ORGANISATION_ID);
const device = z.string().regex(OWNED_ID);
const instant = z.custom<Instant>(
  (value) => typeof value === 'string' && isInstant(value),
  'write a time like 2026-03-01T00:00:00Z',
);
const path = z.string().min(1).max(4096);
const fingerprint = z.string().regex(/^[0-9a-f]{64}$/, 'write 64 hexadecimal digits');
const text = z.string().min(1).max(256);
/** Only this machine, or what the operator's firewall lets in. */
const listen = z.strictObject({ host: text.default('127.0.0.1'), port: z.int().min(0).max(65_535) });

const instrument = z.strictObject({
  device,
  site: word,
  department: word.exactOptional(),
  kind: word.exactOptional(),
  model: text.exactOptional(),
  firmware: text.exactOptional(),
  batch: text.exactOptional(),
  laboratory: organisation.exactOptional(),
  line: z.strictObject({ name: text, position: z.int().min(0) }).exactOptional(),
  largestError: positive.exactOptional(),
  due: instant.exactOptional(),
  checkStandard: device.exactOptional(),
});

const receiver = z.strictObject({
  name: text,
  url: z.string().max(2048),
  secretFile: path,
  authoritiesFile: path.exactOptional(),
});

const api = z.strictObject({
  listen,
  tls: z.strictObject({ keyFile: path, certificateFile: path }).exactOptional(),
  officers: z
    .array(z.strictObject({ name: text, key: userKeySchema, slice: sliceSchema }))
    .min(1)
    .max(1000),
  /** Whose roots are trusted when a bundle is checked. */
  trustFile: path.exactOptional(),
  /** The holder of each client certificate, by its SHA-256. */
  certificates: z.record(fingerprint, text).default({}),
});

const schema = z.strictObject({
  /** The id of this monitor. */
  monitor: organisation,
  /** Folder of what the monitor keeps, from the folder of the settings. */
  store: path,
  /** Each site that it looks after, with the organisation that operates it. */
  sites: z.record(word, z.strictObject({ operator: organisation })),
  instruments: z.array(instrument).min(1).max(100_000),
  /** How the fleet is looked at. */
  look: z
    .strictObject({
      everySeconds: z.int().min(1).max(86_400).default(3600),
      /** The same finding about the same subject is not concluded again for so long. */
      quietDays: z.number().min(0).max(366).default(7),
      /** Values that are older are not looked at. */
      historyDays: z.number().min(1).max(3660).default(400),
      /** Values that are an instrument's base. */
      base: z.int().min(3).max(1000).default(20),
    })
    .prefault({}),
  /** A plan of probes: see docs/monitoring.md. */
  probes: z.unknown().optional(),
  alerts: z.array(receiver).max(20).default([]),
  metrics: z.strictObject({ listen }).exactOptional(),
  api: api.exactOptional(),
});

/** What `tracecal monitor` reads from its file. */
export type Settings = z.infer<typeof schema>;

/** @throws ApplicationError `INPUT_INVALID` with the first thing that is wrong */
export function settingsOf(value: unknown): Settings {
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw refused(`at ${issue?.path.map(String).join('.') ?? ''}: ${issue?.message ?? 'wrong shape'}`);
  }
  const { sites, instruments } = parsed.data;
  const seen = new Set<string>();
  for (const { device: id, site } of instruments) {
    if (!Object.hasOwn(sites, site))
      throw refused(`${id} is at the site ${site}, which is not among the sites: add it`);
    if (seen.has(id)) throw refused(`it names ${id} twice: leave one of them out`);
    seen.add(id);
  }
  requireLoopback(parsed.data);
  return parsed.data;
}

/** Tokens and answers would cross a network in plain text. */
function requireLoopback({ api: offered }: Settings): void {
  if (!offered || offered.tls || offered.listen.host === '::1' || offered.listen.host.startsWith('127.')) return;
  throw refused(`the API listens on ${offered.listen.host} without TLS: name a key and a certificate under api.tls`);
}

function refused(why: string): ApplicationError {
  return new ApplicationError('INPUT_INVALID', `The settings of the monitor cannot be used: ${why}.`);
}
