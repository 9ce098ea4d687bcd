import { parseChaincodeArgument, UsageError } from '@tracecal/network/embedded';
import assert from 'node:assert/strict';

describe('A chaincode on the command line', () => {
  it('is a service that somebody else runs, with the default policy of the channel or its own', () => {
    const { name, channels, endorsement, service } = parseChaincodeArgument('mine@calibration=localhost:9999');
    assert.deepEqual(
      { name, channels, endorsement, service },
      {
        name: 'mine',
        channels: ['calibration'],
        endorsement: '/Channel/Application/Endorsement',
        service: { address: 'localhost:9999' },
      },
    );
    const own = parseChaincodeArgument("mine@calibration=localhost:9999,policy=OR('NmiNorthMSP.peer')");
    assert.equal(own.endorsement, "OR('NmiNorthMSP.peer')");
  });

  for (const [text, reason] of [
    ['mine', /write NAME@CHANNEL=HOST:PORT/],
    ['lscc@calibration=localhost:9999', /its name must not be cscc, escc, lscc/],
    ['a__b@calibration=localhost:9999', /its name must be letters and digits/],
    ['mine@calibration=localhost:99999', /port of at most 65535/],
  ] as const) {
    it(`is held to the same rules as one in the description: ${text}`, () => {
      assert.throws(
        () => parseChaincodeArgument(text),
        (error) => error instanceof UsageError && reason.test(error.message),
      );
    });
  }
});
