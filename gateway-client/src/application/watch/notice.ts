import { createHash } from 'node:crypto';
import type { EventName } from '@tracecal/core/contracts';
import type { CalendarDate, Instant, SubjectKind } from '@tracecal/core/model';
import type { VerdictStatus } from '@tracecal/core/trace';

/**
 * What a notice is about: a device came (`new`) or went (`gone`); a report of it waits for its owner's word (`waiting`) or counts now
 * (`accepted`); something that it depends on was revoked, suspended, amended or the like (`affected`); its verdict is another one
 * without any of that, because something has expired (`changed`); it is due (`due`).
 */
export const NOTICE_KINDS = ['new', 'gone', 'waiting', 'accepted', 'affected', 'changed', 'due'] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];

/** What was registered, by whom, and where on the ledger. */
export interface Cause {
  readonly event: EventName;
  readonly kind: SubjectKind;
  readonly id: string;
  readonly by: string;
  readonly txId: string;
  readonly block: number;
}

/** A device's standing by a question that was asked after whatever gave reason to ask it. */
export interface Standing {
  readonly status: VerdictStatus;
  /** Whether it may be relied on by its owner's policy. */
  readonly fulfilled: boolean;
  readonly reason: string;
}

export interface DueNotice {
  readonly state: 'due-soon' | 'overdue';
  readonly date: CalendarDate | null;
  readonly report: string | null;
  readonly quantities: readonly string[];
}

/** One thing to be said about one device. */
export interface Notice {
  /** The same for the same thing, however often it is said. */
  readonly id: string;
  readonly time: Instant;
  readonly what: NoticeKind;
  readonly device: string;
  readonly owner: string;
  readonly verdict: Standing | null;
  /** The status when it was last asked; null if it never was. */
  readonly before: VerdictStatus | null;
  readonly cause: Cause | null;
  readonly report: string | null;
  readonly due: DueNotice | null;
  /** It may have been said before: a service ended, or was not sure, while it was saying it. */
  readonly repeated: boolean;
}

export type Told = Pick<Notice, 'what' | 'device' | 'owner'> &
  Partial<Pick<Notice, 'verdict' | 'before' | 'cause' | 'report' | 'due'>>;

export function noticeOf({ what, device, owner, ...told }: Told, time: Instant): Notice {
  const { verdict = null, before = null, cause = null, report = null, due = null } = told;
  // What has a cause happened once; what has none happens on a day.
  const occasion = cause ? [cause.txId, cause.kind, cause.id] : [time.slice(0, 10), verdict?.status, before, due];
  const id = createHash('sha256')
    .update(JSON.stringify([what, device, report, ...occasion]))
    .digest('hex')
    .slice(0, 32);
  return { id, time, what, device, owner, verdict, before, cause, report, due, repeated: false };
}
