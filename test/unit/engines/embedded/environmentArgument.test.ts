import { parseEnvironmentArguments, UsageError } from '@tracecal/network/embedded';
import assert from 'node:assert/strict';

describe("A variable for a chaincode's processes on the command line", () => {
  it('goes to the chaincode that is named, and may be followed by others', () => {
    const texts = ['registry:TRACECAL_FOUNDING=ab=cd', 'registry:SITE=', 'monitoring:SITE=a: b'];
    assert.deepEqual(parseEnvironmentArguments(texts), {
      registry: { TRACECAL_FOUNDING: 'ab=cd', SITE: '' },
      monitoring: { SITE: 'a: b' },
    });
  });

  for (const text of ['TRACECAL_FOUNDING=ab', 'registry:founding=ab', 'registry:TRACECAL_FOUNDING', '']) {
    it(`is refused as "${text}"`, () => {
      assert.throws(() => parseEnvironmentArguments([text]), UsageError);
    });
  }
});
