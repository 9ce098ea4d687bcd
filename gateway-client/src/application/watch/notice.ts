import { createHash } from 'node:crypto';
import type { EventName } from '@tracecal/core/contracts';
import type { CalendarDate, Instant, SubjectKind } from '@tracecal/core/model';
import type { VerdictStatus } from '@tracecal/core/trace';

/**
 * Kinds of notice. A device came (`new`) or went (`gone`); a report of it waits for its owner's decision (`waiting`) or counts now
 * (`accepted`); something that it depends on was revoked, suspended, amended or the like (`affected`); its verdict changed only because
 * something expired (`changed`); it is due (`due`).
 */
export const NOTICE_KINDS = ['new', 'gone', 'waiting', 'accepted', 'affected', 'changed', 'due'] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];

/** The registered statement, its author, and its place on the ledger. */
export interface Cause {
  readonly event: EventName;
  readonly kind: SubjectKind;
  readonly id: string;
  readonly by: string;
  readonly txId: string;
  readonly block: number;
}

/** The verdict of a device, asked after the event that caused the question. */
export interface Standing {
  readonly status: VerdictStatus;
  /** Whether its owner's policy allows relying on it. */
  readonly fulfilled: boolean;
  readonly reason: string;
}

export interface DueNotice {
  readonly state: 'due-soon' | 'overdue';
  readonly date: CalendarDate | null;
  readonly report: string | null;
  readonly quantities: readonly string[];
}

/** One message about one device. */
export interface Notice {
  /** Equal for the same event, also when the notice is repeated. */
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
  /** True if it may have been sent before: an earlier attempt ended, or its result is unknown. */
  readonly repeated: boolean;
}

export type Told = Pick<Notice, 'what' | 'device' | 'owner'> &
  Partial<Pick<Notice, 'verdict' | 'before' | 'cause' | 'report' | 'due'>>;

export function noticeOf({ what, device, owner, ...told }: Told, time: Instant): Notice {
  const { verdict = null, before = null, cause = null, report = null, due = null } = told;
  // A cause happens once. A notice without a cause is identified by its day.
  const occasion = cause ? [cause.txId, cause.kind, cause.id] : [time.slice(0, 10), verdict?.status, before, due];
  const id = createHash('sha256')
    .update(JSON.stringify([what, device, report, ...occasion]))
    .digest('hex')
    .slice(0, 32);
  return { id, time, what, device, owner, verdict, before, cause, report, due, repeated: false };
}
