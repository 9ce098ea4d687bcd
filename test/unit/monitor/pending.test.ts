// What the monitor is to do and does not do yet: each sentence becomes a test of its own beside what it is about.

describe("A monitor's feed", () => {
  it('gets values from a site by outgoing connections only, over MQTT or HTTPS');
  it('follows calibration and the channels of its sites, and knows recorded verdicts but no private reads');
});

describe('A monitor that listens', () => {
  it('finds measurements that are used though they are not traceable, and whether the site stopped it');
});

describe('tracecal monitor', () => {
  it('runs as a service by a file of settings');
  it('finds a liar and a drifting standard in the field demo; the operator quarantines, and the gate refuses');
  it('loses and doubles no conclusion when it is killed and started again at random');
  it('has its capacity in the bench: instruments a core, memory at 10,000 instruments');
});
