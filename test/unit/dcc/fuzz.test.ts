import assert from 'node:assert/strict';
import { DCC_ERRORS, draftReport, inspectBytes, readCertificate } from '@tracecal/gateway-client/dcc';
import fc from 'fast-check';
import { exampleCertificates } from '../../support/exampleCertificates.js';
import { property } from '../../support/property.js';

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
          draftReport(readCertificate(bytes));
        }
        JSON.parse(JSON.stringify(inspected));
      },
    );
  });

  it('may end anywhere', () => {
    property(fc.tuple(fc.constantFrom(...examples), fc.double({ min: 0, max: 1, noNaN: true })), ([file, share]) => {
      const cut = file.subarray(0, Math.floor(share * (file.length - 2)));
      assert.equal(inspectBytes(cut, 'cut.xml').ok, false);
    });
  });
});
