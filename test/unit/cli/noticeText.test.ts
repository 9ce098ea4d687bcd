import assert from 'node:assert/strict';
import { noticeText } from '@tracecal/cli';
import type { Notice } from '@tracecal/gateway-client/application';
import { WIDE } from '../../support/wide.js';

describe('A notice of a device that is due', () => {
  it('names the kinds of quantity that are due, all of them', () => {
    const notice = {
      ...{ time: '2026-12-01T00:00:00Z', what: 'due', device: 'lab/a', owner: 'lab', report: 'lab/A-1' },
      due: { state: 'overdue', date: '2026-11-30', report: 'lab/A-1', quantities: ['temperature', 'mass'] },
      ...{ verdict: null, before: null, cause: null, repeated: false },
    } as unknown as Notice;
    assert.match(noticeText(notice, WIDE), /overdue since 2026-11-30 for temperature, mass, by report lab\/A-1$/);
  });
});

describe('A notice of a verdict that its owner does not accept', () => {
  const notice = (before: string | null) =>
    ({
      ...{ time: '2026-12-01T00:00:00Z', what: 'changed', device: 'lab/a', owner: 'lab', report: null, due: null },
      verdict: { status: 'INCOMPLETE', fulfilled: false, reason: 'a report is missing' },
      ...{ before, cause: null, repeated: false },
    }) as unknown as Notice;

  it('speaks of another verdict only if there was one before', () => {
    assert.match(noticeText(notice(null), WIDE), /lab\/a \(lab\) is not as its owner requires\n/);
    assert.match(noticeText(notice('TRACEABLE'), WIDE), /lab\/a \(lab\) has another verdict\n.*was TRACEABLE/);
  });
});
