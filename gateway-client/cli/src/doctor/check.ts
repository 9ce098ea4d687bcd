import type { Session } from '@tracecal/gateway-client/application';
import type { NetworkStatus } from '@tracecal/network/control';
import type { DataDirectory } from '../data/dataDirectory.js';
import type { OtherClock } from '../view/clockWords.js';

/** From good to bad. A warning is something that works today, or that a user may intend. */
export const FINDING_LEVELS = ['ok', 'warn', 'fail'] as const;
export type FindingLevel = (typeof FINDING_LEVELS)[number];

export interface Finding {
  readonly level: FindingLevel;
  readonly message: string;
  /** The command that repairs it. */
  readonly next?: string;
}

/** Input of the checks. */
export interface Examined {
  readonly data: DataDirectory;
  readonly now: Date;
  readonly nodeVersion: string;
  /** Bytes that are free on the disk of a folder. */
  readonly freeBytes: (folder: string) => Promise<number>;
  /** Whether somebody listens on a port of this machine. */
  readonly isTaken: (port: number) => Promise<boolean>;
  /** Reads the connection profile that takes the place of a network in the data directory, if the user gave one. */
  readonly profile: (() => Promise<string | object>) | undefined;
  /** The session of the user, opened once; it throws where no network was ever started or described here. */
  readonly session: () => Promise<Session>;
  /** What runs on the data directory, asked once. Throws if its process hangs. */
  readonly running: () => Promise<NetworkStatus | undefined>;
  /** The clocks of other members' peers, where a member's data directory leads to them; empty otherwise. */
  readonly clocks: () => Promise<readonly OtherClock[]>;
  /** Response time of the registry in milliseconds, measured once. Throws if the registry does not answer. */
  readonly answered: () => Promise<number>;
}

/** One check. An exception counts as a failed finding. */
export interface Check {
  readonly name: string;
  readonly run: (examined: Examined) => Promise<readonly Finding[]> | readonly Finding[];
}

/** Result of a check that needs the registry, if the registry does not answer: another check reports why. */
export async function withRegistry(
  { answered, session }: Examined,
  ask: (session: Session) => Promise<readonly Finding[]>,
): Promise<readonly Finding[]> {
  try {
    await answered();
  } catch {
    return [{ level: 'warn', message: 'not checked: the registry does not answer' }];
  }
  return ask(await session());
}

const DAY_MS = 86_400_000;
export const SOON_DAYS = 30;

/** A finding about an expiry date. It gets its own line only if the date has passed or is near. */
export function endFinding(what: string, ends: Date | undefined, now: Date, next?: string): Finding | undefined {
  if (!ends || Number.isNaN(ends.getTime())) {
    return { level: 'fail', message: `the certificate of ${what} cannot be read` };
  }
  const day = ends.toISOString().slice(0, 10);
  const left = ends.getTime() - now.getTime();
  if (left > SOON_DAYS * DAY_MS) {
    return undefined;
  }
  const message = `the certificate of ${what} ${left < 0 ? 'ended' : 'ends'} on ${day}`;
  return { level: left < 0 ? 'fail' : 'warn', message, ...(next !== undefined && { next }) };
}
