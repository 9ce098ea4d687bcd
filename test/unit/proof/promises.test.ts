/** What proofs and private reads are to show. A line without a test is not kept yet. */
describe('Proof for anyone', () => {
  describe('A bundle', () => {
    it('is checked by one file of at most 300 kB, which runs in a browser');
    it('has a published JSON Schema, as its verdict has');
    it(
      'with tier endorsed holds the parts of the proposal, one payload and its endorsements, and names the NMIs that learnt the question',
    );
    it('with tier endorsed holds the digests of all records inside the endorsed payload');
    it(
      'with tier recorded holds a salted Merkle root in a block, the signatures of the orderers and the configuration chain',
    );
    it('is not taken if it comes from another device, channel, time or nonce');
    it('is not taken with re-cut envelopes or moved metadata bytes');
    it('is not taken with duplicate signers, a client as endorser, emptied policies or flipped flags');
    it('is not taken with a policy of the time of Raft, or with trust from before a rotation');
    it('of an embedded network is not taken for the word of many members');
    it('of no tier says anything else when any of its regions is mutated, by twelve operators');
    it('says the same on blocks of real Fabric and of the embedded network, and not with one damaged bit');
    it('is published as static files with a page that checks it, print it, and works with the network off');
    it('answers the nonce of an outsider by tier endorsed, rate-limited and without an account');
  });

  describe('One trust format', () => {
    it('names roots, endorsers, and the channel with its configuration block');
    it('moves forward along the signed configuration chain');
    it('has a fingerprint that is short enough to print');
  });

  describe('The change log', () => {
    it('is a file an epoch with immutable names, and one head with the heartbeats; entries name digests only');
    it('makes a bundle fresh with k of n NMIs over one digest');
    it('keeps two digests of one epoch as evidence');
    it('gives no better verdict with an older bundle than a trace over the whole ledger');
    it('accepts only heads that are newer than the newest one seen, for those who have no clock');
  });

  describe('A replica', () => {
    it('verifies hash chain, quorum, configuration, endorsement, key policies and read versions of every block');
    it('survives SIGKILL and goes on');
    it('finds a peer that forks, truncates or forges');
    it('answers traces of the command line and of the SDK and asks nobody');
  });

  describe('A prefix bucket', () => {
    it('has a fixed size, and is endorsed as one answer');
    it('is read with an identity that all readers share');
  });

  it(
    'Reads that nobody sees are guessed no better than by chance over the strongest way, and the weakest says what it leaks',
  );
});
