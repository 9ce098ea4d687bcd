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
