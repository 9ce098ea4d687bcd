/** What signed measurements and the boot gate are to show. A line without a test is not kept yet. */
describe('Signed measurements and the boot gate', () => {
  describe('A measurement', () => {
    it('loses its support when a standard above is revoked later: affected batches and values are listed');
    it('passes the filter only if it verifies; the others are dropped and counted, with the reason');
    it('comes through a restart of the filter once, and under back-pressure');
  });
  it('measurement record --every keeps verdicts on record as a service');
  describe('The gate', () => {
    it('starts a command only if all devices of a set verify, offline, and passes signals and exit code through');
    it('has an exit code for every outcome, 100 to 109, and writes one journal line');
    it('refuses older bundles and logs than it has seen, also without a clock');
    it('runs in grace and says so; an officer can override it by a signed token, which is logged');
    it('watches: stops, marks or calls when a new head or an hour brings another verdict');
    it('refreshes by outgoing connections only, and keeps the old files if anything fails');
    it('writes a ticket of at most 512 bytes that a reader in C checks with one signature');
    it('runs under systemd and in a container');
    it('signs with a device key in a token (PKCS#11)');
  });
  it('demo --field plays it in under a minute');
});
