import assert from 'node:assert/strict';
import { sufficesForCommit } from '@tracecal/network/channel';
import { defaultConsortiumFile, readConsortium, type Channel } from '@tracecal/network/topology';

describe("The organisations whose peers make a chaincode definition a channel's own", () => {
  const consortium = readConsortium(defaultConsortiumFile());

  function channel(name: string): Channel {
    return consortium.channels.find((each) => each.name === name)!;
  }

  function suffices(on: Channel, ...ids: readonly string[]): boolean {
    const mspIds = consortium.organisations.filter(({ id }) => ids.includes(id)).map(({ mspId }) => mspId);
    return sufficesForCommit(consortium, on, new Set(mspIds));
  }

  it('are a majority of the institutes on the calibration level, whoever else is there', () => {
    const calibration = channel('calibration');
    assert.equal(suffices(calibration, 'nmi-north'), false);
    assert.equal(suffices(calibration, 'nmi-north', 'lab-alpha', 'lab-beta', 'oem-a', 'monitor'), false);
    assert.equal(suffices(calibration, 'nmi-north', 'nmi-east'), true);
  });

  it('are a majority of the writers elsewhere', () => {
    const site = { ...channel('measurement-a'), writers: ['oem-a', 'oem-b', 'lab-alpha'] };
    assert.equal(suffices(site, 'oem-a', 'monitor'), false);
    assert.equal(suffices(site, 'oem-a', 'lab-alpha'), true);
    assert.equal(suffices(channel('measurement-a'), 'oem-a'), true);
  });
});
