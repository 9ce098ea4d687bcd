import assert from 'node:assert/strict';
import { jwsPayload, payloadDigest, payloadText } from '@tracecal/core/signing';

describe('A payload that is not base64url', () => {
  const content = { about: 'a report' };
  const wrong = { payload: JSON.stringify(content), signatures: [] };

  it('is refused', () => {
    assert.throws(() => payloadText(wrong), { code: 'SIGNATURE_INVALID' });
  });

  it('does not have the digest of the payload that it would be if it were encoded', () => {
    assert.notEqual(payloadDigest(wrong), payloadDigest({ payload: jwsPayload(content), signatures: [] }));
  });
});
