import assert from 'node:assert/strict';
import { parseJoining } from '@tracecal/network/topology';
import { tracecal } from '../../support/commandLine.js';

describe('The file of `network add-org`', () => {
  it('stands in its help, as it is accepted', async () => {
    const { stdout } = await tracecal(['network', 'add-org', '--help']);
    const [, example = ''] = stdout.split('A file (YAML or JSON):\n');
    assert.equal(parseJoining(example, 'example').organisation.id, 'lab-gamma');
  });

  it('is refused with how channels are written', () => {
    const file = 'organisation: { id: x }\nchannels: [calibration]';
    assert.throws(() => parseJoining(file, 'x.yaml'), /: channels must say .* like \{ calibration: writer \}\./);
  });
});
