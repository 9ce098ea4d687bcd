import type { Session } from '@tracecal/gateway-client/application';
import type { DataDirectory } from '../data/dataDirectory.js';

/** From good to bad. A warning is for what works today, or what a user may want so. */
export const FINDING_LEVELS = ['ok', 'warn', 'fail'] as const;
export type FindingLevel = (typeof FINDING_LEVELS)[number];

export interface Finding {
  readonly level: FindingLevel;
  readonly message: string;
  /** What to do about it: a command. */
  readonly next?: string;
}

/** What checks look at. */
export interface Examined {
  readonly data: DataDirectory;
  readonly now: Date;
  readonly nodeVersion: string;
  /** Bytes that are free on the disk of a folder. */
  readonly freeBytes: (folder: string) => Promise<number>;
  /** Whether somebody listens on a port of this machine. */
  readonly isTaken: (port: number) => Promise<boolean>;
  /** The session of the user, opened once; it throws where no network was ever started or described here. */
  readonly session: () => Session;
  /** How long the registry took to answer, in milliseconds; asked once. It throws where it does not answer. */
  readonly answered: () => Promise<number>;
}

/** One thing that has to be right. What it throws is a failure, too. */
export interface Check {
  readonly name: string;
  readonly run: (examined: Examined) => Promise<readonly Finding[]> | readonly Finding[];
}

/** The finding of a check that needs the registry where it does not answer: another check has said why. */
export async function withRegistry(
  { answered, session }: Examined,
  ask: (session: Session) => Promise<readonly Finding[]>,
): Promise<readonly Finding[]> {
  try {
    await answered();
  } catch {
    return [{ level: 'warn', message: 'not checked: the registry does not answer' }];
  }
  return ask(session());
}

const DAY_MS = 86_400_000;
const SOON_DAYS = 30;

/** A finding about when something ends. Only what has ended or ends soon is worth a line of its own. */
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
