import { ocspResponse, revocationList, timestampToken } from '../../support/seals/evidence.js';
import { failsAt, isOpenAt, isVerified, laboratory, middle, root } from '../../support/seals/expectations.js';
import { sealed, STAMPED, stampAuthority, stampRoot, trust, withLists } from '../../support/seals/expectations.js';
import { revocationValues, signatureTimestamp } from '../../support/seals/signedCertificate.js';

const OCSP_SIGNING = '1.3.6.1.5.5.7.3.9';
const TIME_STAMPING = '1.3.6.1.5.5.7.3.8';

describe('the revocation data of a seal', () => {
  const withRevocation = (lists: readonly Buffer[], responses: readonly Buffer[] = []) =>
    sealed({
      unsigned: (value) =>
        signatureTimestamp(timestampToken(stampAuthority, value, STAMPED)) +
        revocationValues([revocationList(root), revocationList(stampRoot), ...lists], responses),
    });

  it('is asked for every certificate below the anchor', async () => {
    await isOpenAt('revocation', withRevocation([]), /covers the certificate "CN=Laboratory"/);
    const withoutRoot = sealed({
      unsigned: (value) =>
        signatureTimestamp(timestampToken(stampAuthority, value, STAMPED)) +
        revocationValues([revocationList(middle), revocationList(stampRoot)]),
    });
    await isOpenAt('revocation', withoutRoot, /covers the certificate "CN=Middle"/);
  });

  it('fails the seal when the signer was revoked before the proven time', async () => {
    const list = revocationList(middle, [{ holder: laboratory, at: '2025-06-09T00:00:00Z' }]);
    await failsAt('revocation', withRevocation([list]), /"CN=Laboratory" was revoked at 2025-06-09/);
    // Also if another list, older or forged to look clean, says nothing of it.
    await failsAt('revocation', withRevocation([revocationList(middle), list]));
  });

  it('fails the seal when an authority on the way was revoked', async () => {
    const list = revocationList(root, [{ holder: middle, at: '2025-06-09T00:00:00Z' }]);
    await failsAt('revocation', withRevocation([revocationList(middle), list]), /"CN=Middle" was revoked/);
  });

  it('leaves the seal as it is when the signer was revoked afterwards', async () => {
    const list = revocationList(middle, [{ holder: laboratory, at: '2025-06-11T00:00:00Z' }]);
    await isVerified(withRevocation([list]));
  });

  it('may come beside the file, in DER or PEM', async () => {
    const list = revocationList(middle);
    const pem = `-----BEGIN X509 CRL-----\n${list.toString('base64')}\n-----END X509 CRL-----\n`;
    for (const revocation of [list, Buffer.from(pem)]) {
      await isVerified(withRevocation([]), { ...trust, revocation: [revocation] });
    }
  });

  it('counts only for its time: a list that ended before proves nothing, a later one does', async () => {
    const ended = { thisUpdate: '2025-05-01T00:00:00Z', nextUpdate: '2025-06-01T00:00:00Z' };
    await isOpenAt('revocation', withRevocation([revocationList(middle, [], ended)]));
    const later = { thisUpdate: '2025-08-01T00:00:00Z', nextUpdate: '2025-09-01T00:00:00Z' };
    await isVerified(withRevocation([revocationList(middle, [], later)]));
  });

  it('counts without an end only if it is later than the proven time', async () => {
    const before = { thisUpdate: '2025-06-10T00:00:00Z', nextUpdate: null };
    await isOpenAt('revocation', withRevocation([revocationList(middle, [], before)]));
    await isOpenAt('revocation', withRevocation([], [ocspResponse(laboratory, before)]));
    const after = { thisUpdate: '2025-06-11T00:00:00Z', nextUpdate: null };
    await isVerified(withRevocation([revocationList(middle, [], after)]));
    await isVerified(withRevocation([], [ocspResponse(laboratory, after)]));
  });

  it('does not count from an authority that may not sign lists, or that only has the same key', async () => {
    const silent = root.issueAuthority('Silent', { keyUsage: [5] });
    const file = withLists([silent], silent.issue('Signer'), [revocationList(root), revocationList(silent)]);
    await isOpenAt('revocation', file, /covers the certificate "CN=Signer"/);
    const twin = root.issueAuthority('Twin', { key: middle.key });
    await isOpenAt('revocation', withRevocation([revocationList(twin)]));
  });

  it('does not count from a list made after the certificate expired', async () => {
    const short = middle.issue('Short', { notAfter: '2025-06-20T00:00:00Z' });
    const late = { thisUpdate: '2025-06-21T00:00:00Z', nextUpdate: '2025-07-21T00:00:00Z' };
    await isOpenAt('revocation', withLists([middle], short, [revocationList(root), revocationList(middle, [], late)]));
  });

  it('does not count when somebody else signed it', async () => {
    await isOpenAt('revocation', withRevocation([revocationList(middle, [], {}, root)]));
    await isOpenAt('revocation', withRevocation([Buffer.from('30030201ff', 'hex')]));
  });

  it('may be an OCSP response by the issuer, or by a responder that it authorised', async () => {
    await isVerified(withRevocation([], [ocspResponse(laboratory)]));
    const responder = middle.issue('Responder', { extendedKeyUsage: OCSP_SIGNING });
    await isVerified(withRevocation([], [ocspResponse(laboratory, { responder })]));
    const revokedAt = '2025-06-09T00:00:00Z';
    await failsAt('revocation', withRevocation([], [ocspResponse(laboratory, { responder, revokedAt })]));
  });

  it('does not count from responders that nobody authorised, or about other certificates', async () => {
    const unfit = middle.issue('Unfit', { extendedKeyUsage: TIME_STAMPING });
    const foreign = root.issue('Foreign', { extendedKeyUsage: OCSP_SIGNING });
    const expired = middle.issue('Expired', { extendedKeyUsage: OCSP_SIGNING, notAfter: '2025-05-31T00:00:00Z' });
    for (const responder of [unfit, foreign, expired, laboratory]) {
      await isOpenAt('revocation', withRevocation([], [ocspResponse(laboratory, { responder })]));
    }
    await isOpenAt('revocation', withRevocation([], [ocspResponse(middle.issue('Other'))]));
  });
});
