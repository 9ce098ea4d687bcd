import { printable } from '@tracecal/gateway-client';
import type { Notice, NoticeKind } from '@tracecal/gateway-client/application';
import type { Style } from '../style.js';
import { paintOf } from './paint.js';

const WORDS: Readonly<Record<NoticeKind, string>> = {
  new: 'is new here',
  gone: 'is no longer here',
  waiting: 'has a report that waits for its owner',
  accepted: 'has a report that counts now',
  affected: 'is affected',
  changed: 'has another verdict',
  due: 'is due',
};

/** One notice for people: what happened to which device, how it stands now, and why. */
export function noticeText(notice: Notice, style: Style): string {
  const { time, device, owner, repeated } = notice;
  const again = repeated ? style.dim(' (may have been said before)') : '';
  return [
    `${style.dim(time)}  ${style.bold(printable(device))} (${printable(owner)}) ${wordsFor(notice)}${again}`,
    ...verdictLines(notice, style),
    ...dueLines(notice),
    ...causeLines(notice, style),
  ].join('\n');
}

/** The first look at a device has no earlier verdict. */
function wordsFor({ what, before }: Notice): string {
  return what === 'changed' && before === null ? 'is not as its owner requires' : WORDS[what];
}

function verdictLines({ verdict, before }: Notice, style: Style): readonly string[] {
  if (!verdict) {
    return [];
  }
  const { status, fulfilled, reason } = verdict;
  const was = before === null || before === status ? '' : ` (was ${before})`;
  const unmet = fulfilled || status === 'FAILED' ? '' : ', which its owner does not accept';
  return [`  ${paintOf(status, style)(status)}${was}${unmet}: ${printable(reason)}`];
}

function dueLines({ due, report }: Notice): readonly string[] {
  if (!due) {
    return report === null ? [] : [`  report ${printable(report)}`];
  }
  const kinds = due.quantities.length === 0 ? '' : ` for ${due.quantities.map((kind) => printable(kind)).join(', ')}`;
  const state = due.state === 'overdue' ? 'overdue since' : 'due on';
  return [`  ${state} ${due.date ?? 'an unknown day'}${kinds}, by report ${printable(due.report ?? '-')}`];
}

function causeLines({ cause }: Notice, style: Style): readonly string[] {
  if (!cause) {
    return [];
  }
  const { event, kind, id, by, block, txId } = cause;
  const said = printable(`${event}: ${kind} ${id}, by ${by}`);
  return [style.dim(`  ${said}; block ${block}, transaction ${txId}`)];
}
