import assert from 'node:assert/strict';
import { resultSchema } from '@tracecal/core/model';
import {
  DCC_ERRORS,
  DccError,
  draftCertificate,
  inspectBytes,
  readCertificate,
  reportsOf,
} from '@tracecal/gateway-client/dcc';
import type { CertificateReports } from '@tracecal/gateway-client/dcc';
import fc from 'fast-check';
import { exampleCertificates } from '../../support/exampleCertificates.js';
import { property } from '../../support/property.js';
import { quantity, real, smallCertificate, text } from '../../support/smallCertificate.js';

/** An edit of a file: bytes at a place are replaced. */
interface Edit {
  readonly at: number;
  readonly remove: number;
  readonly insert: Uint8Array;
}

const TROUBLE = [
  '<',
  '>',
  '&',
  '"',
  '</',
  '<!--',
  ']]>',
  'NaN',
  '1e999',
  '-',
  '\u0000',
  '\\',
  '{',
  ' ',
  '999999999999',
];

const inserted = fc.oneof(
  fc.uint8Array({ maxLength: 4 }),
  fc.constantFrom(...TROUBLE).map((text) => new TextEncoder().encode(text)),
);
const edit: fc.Arbitrary<Edit> = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  remove: fc.nat({ max: 40 }),
  insert: inserted,
});

/** What a report would hold has the registry's shape, and what has none is a refusal that says why. */
function assertRegistrable({ items, refusals }: CertificateReports): void {
  assert.ok(items.length > 0 || refusals.length > 0);
  for (const { results } of items) {
    assert.ok(results.every((result) => resultSchema.safeParse(result).success));
  }
}

function apply(file: Uint8Array, { at, remove, insert }: Edit): Uint8Array {
  const place = Math.floor(at * file.length);
  return Buffer.concat([file.subarray(0, place), insert, file.subarray(place + remove)]);
}

describe('a damaged certificate', () => {
  const examples = [...exampleCertificates().values()];

  it('is read or refused with a code, never anything else', () => {
    property(
      fc.tuple(fc.constantFrom(...examples), fc.array(edit, { minLength: 1, maxLength: 4 })),
      ([file, edits]) => {
        const bytes = edits.reduce(apply, file);
        const inspected = inspectBytes(bytes, 'damaged.xml');
        if (inspected.error) {
          assert.ok(Object.hasOwn(DCC_ERRORS, inspected.error.code));
          assert.doesNotMatch(inspected.error.message, /\p{Cc}/u);
        } else {
          const draft = draftCertificate(readCertificate(bytes));
          // Every number of it is finite, for JSON has no other.
          assert.deepEqual(JSON.parse(JSON.stringify(draft)), draft);
          assertRegistrable(reportsOf(draft));
        }
        JSON.parse(JSON.stringify(inspected));
      },
    );
  });

  it('of more parts than can be compared is refused before any is', () => {
    const many = (count: number, part: string) => part.repeat(count);
    const data = many(600, quantity('T', real('1', '\\kelvin')));
    assert.throws(
      () => draftCertificate(readCertificate(smallCertificate({ data }))),
      (error) => error instanceof DccError && error.code === 'XML_TOO_MANY',
    );
    const item = many(20_000, `<dcc:item>${text('name', 'I')}</dcc:item>`);
    const result = `<dcc:result>${text('name', 'R')}<dcc:data>${quantity('T', real('1', '\\kelvin'))}</dcc:data></dcc:result>`;
    const whole = smallCertificate({ item })
      .toString()
      .replace('</dcc:results>', `${many(500, result)}</dcc:results>`);
    assert.throws(
      () => draftCertificate(readCertificate(Buffer.from(whole))),
      (error) => error instanceof DccError && error.code === 'XML_TOO_MANY',
    );
  });

  it('may end anywhere', () => {
    property(fc.tuple(fc.constantFrom(...examples), fc.double({ min: 0, max: 1, noNaN: true })), ([file, share]) => {
      const cut = file.subarray(0, Math.floor(share * (file.length - 2)));
      assert.equal(inspectBytes(cut, 'cut.xml').ok, false);
    });
  });
});
