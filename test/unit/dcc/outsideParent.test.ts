import assert from 'node:assert/strict';
import { outsideParent } from '@tracecal/gateway-client/dcc';
import type { ParentDraft } from '@tracecal/gateway-client/dcc';

const DIGEST = 'ab'.repeat(32);

function named(changes: Partial<ParentDraft>): ParentDraft {
  const nothing = { serial: null, manufacturer: null, model: null, certificate: null, sha256: null, analogue: false };
  return { equipment: 'Pt25', ...nothing, ...changes };
}

describe('a parent that is not registered', () => {
  it('is a certificate on paper where the certificate says so', () => {
    assert.deepEqual(outsideParent(named({ analogue: true, certificate: 'PTB 12345' })), {
      kind: 'paper',
      certificate: 'PTB 12345',
      laboratory: '',
      equipment: 'Pt25',
    });
  });

  it('is a file elsewhere, with the digest that the certificate states', () => {
    assert.deepEqual(outsideParent(named({ certificate: 'PTB 12345', sha256: DIGEST })), {
      kind: 'external',
      certificate: 'PTB 12345',
      sha256: DIGEST,
      equipment: 'Pt25',
    });
  });

  it('has a name that the registry accepts, whatever the certificate calls it', () => {
    assert.equal(outsideParent(named({ certificate: ' PTB\u0007\n12345 ' })).certificate, 'PTB 12345');
    assert.equal(outsideParent(named({ certificate: 'x'.repeat(1000) })).certificate, 'x'.repeat(200));
    assert.equal(outsideParent(named({ certificate: ' ' })).certificate, 'not named');
    assert.equal(outsideParent(named({})).certificate, 'not named');
  });
});
