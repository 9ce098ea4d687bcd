/** What signed measurements and the boot gate are to show. A line without a test is not kept yet. */
describe('Signed measurements and the boot gate', () => {
  describe('A measurement', () => {
    it('loses its support when a standard above is revoked later: affected batches and values are listed');
    it('passes the filter only if it verifies; the others are dropped and counted, with the reason');
    it('comes through a restart of the filter once, and under back-pressure');
  });
  it('measurement record --every keeps verdicts on record as a service');
  describe('The gate', () => {
    it('writes a ticket of at most 512 bytes that a reader in C checks with one signature');
    it('signs with a device key in a token (PKCS#11)');
  });
  it('demo --field plays it in under a minute');
});
