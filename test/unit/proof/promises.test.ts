/** What proofs and private reads are to show. A line without a test is not kept yet. */
describe('Proof for anyone', () => {
  describe('A bundle', () => {
    it('is checked by one file of at most 300 kB, which runs in a browser');
  });
});
