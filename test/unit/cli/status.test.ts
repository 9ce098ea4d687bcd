import assert from 'node:assert/strict';
import { configurationWarning } from '@tracecal/cli';

describe('tracecal status', () => {
  it("warns of a channel's configuration that fills more than half of the largest message", () => {
    assert.equal(configurationWarning(5 * 1024 * 1024), undefined);
    assert.match(configurationWarning(5 * 1024 * 1024 + 1)!, /5242881 bytes.*remove-org/);
  });
});
