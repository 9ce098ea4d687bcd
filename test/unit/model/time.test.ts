import assert from 'node:assert/strict';
import { instantOf, isCalendarDate, isInstant, parseAsOf, plusDays } from '@tracecal/core/model';

describe('Dates and instants', () => {
  it('accept only days and moments that exist', () => {
    assert.ok(isCalendarDate('2024-02-29'));
    assert.ok(isInstant('2026-03-01T23:59:59Z'));
    for (const text of ['2026-02-30', '2026-2-3', '2026-03-01T00:00:00Z', '', '0000-00-00']) {
      assert.ok(!isCalendarDate(text), text);
    }
    for (const text of ['2026-03-01', '2026-03-01T24:00:00Z', '2026-03-01T10:00:00+01:00', '2026-03-01T10:00:00.5Z']) {
      assert.ok(!isInstant(text), text);
    }
  });

  it('read an as-of date as the end of that day, and say what is expected otherwise', () => {
    assert.equal(parseAsOf('2026-03-01'), '2026-03-01T23:59:59Z');
    assert.equal(parseAsOf('2026-03-01T09:30:00Z'), '2026-03-01T09:30:00Z');
    assert.throws(() => parseAsOf('yesterday'), { code: 'TIME_INVALID', message: /write 2026-03-01 or/ });
  });

  it('count days over months and leap years', () => {
    assert.equal(plusDays('2024-02-28', 2), '2024-03-01');
    assert.equal(plusDays('2025-12-31', 365), '2026-12-31');
  });

  it('have no form for what is no time', () => {
    assert.equal(instantOf(Number.NaN), '');
    assert.equal(instantOf(1e20), '');
  });
});
