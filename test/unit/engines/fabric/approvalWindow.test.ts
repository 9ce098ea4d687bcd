import assert from 'node:assert/strict';
import { ApprovalWindow } from '@tracecal/network/fabric';
import type { Channel } from '@tracecal/network/topology';
import { removeTemporaryFolders, temporaryFolder } from '../../../support/temporaryFolder.js';

const channel = (name: string): Channel => ({
  name,
  level: 'calibration',
  writers: ['nmi-north'],
  readers: ['oem-a'],
  batch: { maxMessages: 1, timeoutMs: 1 },
});
const calibration = channel('calibration');
const site = channel('measurement-a');

describe('The time in which readers approve a chaincode', () => {
  let folder: string;
  /** What was done, in order. */
  let done: string[];
  let window: ApprovalWindow;
  /** Whether the channel can be changed. */
  let reachable: boolean;

  const set = ({ name }: Channel, isApproving: boolean): Promise<void> => {
    if (!reachable) return Promise.reject(new Error('no orderer answers'));
    done.push(`${isApproving ? 'open' : 'close'} ${name}`);
    return Promise.resolve();
  };
  const approve = (what: string) => (): Promise<void> => {
    done.push(what);
    return Promise.resolve();
  };

  beforeEach(() => {
    folder = temporaryFolder();
    done = [];
    reachable = true;
    window = new ApprovalWindow(folder, set);
  });
  after(removeTemporaryFolders);

  it('begins before they approve and ends when they have', async () => {
    await window.during(calibration, approve('approved'));
    assert.deepEqual(done, ['open calibration', 'approved', 'close calibration']);
    assert.deepEqual(window.leftOpen([calibration]), []);
  });

  it('ends as well when they fail, with their failure', async () => {
    const failing = window.during(calibration, () => Promise.reject(new Error('the peer is away')));
    await assert.rejects(failing, /the peer is away/);
    assert.deepEqual(done, ['open calibration', 'close calibration']);
    assert.deepEqual(window.leftOpen([calibration]), []);
  });

  it('is one for each channel at a time, or the end of one would cut the next one off', async () => {
    let release = (): void => undefined;
    const waiting = new Promise<void>((resolve) => (release = resolve));
    const first = window.during(calibration, () => waiting);
    const second = window.during(calibration, approve('second'));
    await window.during(site, approve('elsewhere'));
    assert.ok(!done.includes('second'));
    release();
    await Promise.all([first, second]);
    assert.deepEqual(
      done.filter((what) => what !== 'elsewhere' && !what.endsWith(site.name)),
      ['open calibration', 'close calibration', 'open calibration', 'second', 'close calibration'],
    );
  });

  it('is closed once more at the next start when it was not seen to open: that update may be committed later', async () => {
    const late = new ApprovalWindow(folder, (channel, isApproving) =>
      isApproving ? Promise.reject(new Error('no answer in time')) : set(channel, isApproving),
    );
    await assert.rejects(late.during(calibration, approve('approved')), /no answer in time/);
    assert.deepEqual(done, ['close calibration']);
    assert.deepEqual(new ApprovalWindow(folder, set).leftOpen([calibration]), [calibration]);
  });

  it('that cannot be ended is said so, and is ended at the next start, twice to be sure', async () => {
    const cut = window.during(calibration, () => {
      reachable = false;
      return Promise.resolve();
    });
    await assert.rejects(cut, { code: 'APPROVAL_OPEN', message: /Restart the network/ });

    const again = new ApprovalWindow(folder, set);
    assert.deepEqual(again.leftOpen([site, calibration]), [calibration]);
    reachable = true;
    const confirm = await again.closeAgain([calibration]);
    assert.deepEqual(again.leftOpen([calibration]), [calibration], 'until that is confirmed');
    await confirm();
    assert.deepEqual(done, ['open calibration', 'close calibration', 'close calibration']);
    assert.deepEqual(again.leftOpen([calibration]), []);
  });
});
