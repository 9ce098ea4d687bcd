import assert from 'node:assert/strict';
import { isSameName, mayBeSameName } from '@tracecal/core/model';

const KNOWN = 'Physikalisch-Technische Bundesanstalt (PTB)';

describe('The name of a laboratory on a certificate', () => {
  it('is the known one with or without its abbreviation, or that alone', () => {
    for (const stated of [
      KNOWN,
      'Physikalisch-Technische Bundesanstalt',
      'Physikalisch-technische Bundesanstalt (Berlin)',
      'PTB',
      'PTB (Braunschweig)',
    ]) {
      assert.ok(isSameName(KNOWN, stated), stated);
    }
  });

  it('is not the known one because that stands in parentheses', () => {
    for (const stated of ['Somebody else (PTB)', 'Somebody else (Physikalisch-Technische Bundesanstalt)']) {
      assert.ok(!isSameName(KNOWN, stated), stated);
      assert.ok(!isSameName('PTB', stated), stated);
    }
  });

  it('is not that of another site, nor of another legal form in front', () => {
    for (const [known, stated] of [
      ['TÜV (Nord)', 'TÜV (Süd)'],
      ['Messtechnik (Werk 1) GmbH', 'Messtechnik (Werk 2) GmbH'],
      ['SE Kalibrier AG', 'Kalibrier'],
    ] as const) {
      assert.ok(!isSameName(known, stated), stated);
      assert.ok(isSameName(known, known.toUpperCase()), known);
    }
    assert.ok(isSameName('Kalibrier', 'Kalibrier GmbH & Co. KG'));
  });

  it('may be like another that nobody knows, whichever has the abbreviation', () => {
    assert.ok(mayBeSameName('PTB', KNOWN));
    assert.ok(mayBeSameName(KNOWN, 'PTB'));
    assert.ok(!mayBeSameName(KNOWN, 'Somebody else'));
  });
});
